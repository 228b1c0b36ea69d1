/* SPDX-License-Identifier: GPL-2.0 */
/* The flags that a vma can have: was each of them read? */
#ifndef FLAGS_H
#define FLAGS_H

#include "rebase.h"
#include "tree.h"

/*
 * Holds each flag of vmas that the tree's headers define against cocci/payload/flags.conf, which says what is to be shared where a vma
 * has it.  One that is new may be one with which nothing can be shared, and no compiler tells.  Flags of other kernels may be listed.
 * Returns as check_calls().
 */
int check_flags(struct tree *t, struct rule_fact *fact);

/* For the unit test: those of the text, each as "LINE VM_NAME". `defines`: a #define of VM_NAME is one as well. */
void flags_of(const char *text, bool defines, struct strv *found);

#endif
