/* SPDX-License-Identifier: GPL-2.0 */
/* In which functions, where in them, and how, a rule's calls are made. */
#ifndef PLACEMENT_H
#define PLACEMENT_H

#include <git2.h>

#include "rebase.h"
#include "rule.h"

/*
 * Is what the rule of `fact` adds in the tree of commit `got` where it is in that of `right`, the derived branch `now`?  NULL: yes;
 * else what is wrong: "shpte_leave_range is in move_page_tables 1 times, not 0", "move_page_tables calls shpte_leave_range(vma, a),
 * not shpte_leave_range(vma, b)", "shpte_leave_range is in move_page_tables behind line 7, not 9" of the new kernel.  Only `paths`
 * are looked at.  The caller frees.
 */
char *placement_compare(git_repository *repo, const struct strv *paths, const git_oid *got, const git_oid *right,
			const struct derivation *now, const struct rule_fact *fact, const struct rule *rules, size_t n);

#endif
