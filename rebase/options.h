/* SPDX-License-Identifier: GPL-2.0 */
/* The options that our own files ask for: does the tree have them? */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "rebase.h"
#include "rule.h"
#include "tree.h"

/*
 * Holds each CONFIG_ of the payload's files (fact->where), and each option that our Kconfig file depends on, against the tree's Kconfig
 * files.  Those that a rule's When line asks for ("mm/Kconfig* config MM_ID") need not be there.  Returns as check_calls().
 */
int check_options(struct tree *t, const struct rule *rules, size_t n, struct rule_fact *fact);

#endif
