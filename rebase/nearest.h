/* SPDX-License-Identifier: GPL-2.0 */
/* What a name that no header has any more may be called now. */
#ifndef NEAREST_H
#define NEAREST_H

#include "tree.h"

/*
 * "; names like it: swap_put_entries_direct() in include/linux/swap.h, ..." for up to three of the headers' names that have at least half
 * of the words of both; "" when none has.  Then, where the tree came from a repository with a past, the last commit that added or removed
 * the name below include/linux.  `called`: with an argument list.  The caller frees.
 */
char *nearest(struct tree *t, const char *name, bool called);

#endif
