/* SPDX-License-Identifier: GPL-2.0 */
/* Who else does what a hooked function was alone in doing? */
#ifndef CALLERS_H
#define CALLERS_H

#include "rule.h"
#include "tree.h"

/* Is the name of a `Callers:` line neither a pattern nor a member?  Then it means the same in the whole tree. */
bool callers_plain(const char *name);
/*
 * Holds the rule's `Callers:` lines against the files below its `In:`, which have been read, and the headers there, and the plain names
 * also against the files that mentions_find() found: what is wrong, as
 * "mm/swapfile.c:12 unuse_one_table has unuse_pte_range; ...", caller frees; NULL: each name is there, and only in the functions that
 * may have it.
 */
char *callers_unknown(struct tree *t, const struct rule *r);

#endif
