/* SPDX-License-Identifier: GPL-2.0 */
/* In which functions, where in them, and how, a rule's calls are made. */
#ifndef PLACEMENT_H
#define PLACEMENT_H

#include "rebase.h"
#include "rule.h"
#include "tree.h"

/* What is compared: two trees that were made of the same one, each opened once for all rules. */
struct placement {
	struct tree *base, *got, *right;
	const struct strv *paths;	/* no other file is looked at */
};

/*
 * Is what the rule of `fact` adds in the tree `got` where it is in `right`, that of the derived branch `now`?  NULL: yes; else what is
 * wrong: "shpte_leave_range is in move_page_tables 1 times, not 0", "move_page_tables calls shpte_leave_range(vma, a), not
 * shpte_leave_range(vma, b)", "shpte_leave_range is in move_page_tables behind line 7, not 9" of the base.  The caller frees.
 */
char *placement_compare(const struct placement *p, const struct derivation *now, const struct rule_fact *fact, const struct rule *rules,
			size_t n);

#endif
