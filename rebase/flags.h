/* SPDX-License-Identifier: GPL-2.0 */
/* The flags that a vma and an mm can have: was each of them read? */
#ifndef FLAGS_H
#define FLAGS_H

#include "rebase.h"
#include "tree.h"

/*
 * Holds each flag of vmas and of mms that the tree's headers define against cocci/payload/flags.conf, which says what is to be shared
 * where a vma, or an mm, has it.  One that is new may be one with which nothing can be shared, and no compiler tells.  Flags of other kernels may be listed.
 * Returns as check_calls().
 */
int check_flags(struct tree *t, struct rule_fact *fact);

/* For the unit test: those of the text, each as "LINE NAME". `prefix`: a #define of a name that begins so is one as well; NULL: none is. */
void flags_of(const char *text, const char *prefix, struct strv *found);

#endif
