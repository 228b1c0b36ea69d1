/* SPDX-License-Identifier: GPL-2.0 */
/* What tools that know only lines make of a branch on another kernel: they are really run. */
#ifndef TEXTUAL_H
#define TEXTUAL_H

#include "rebase.h"
#include "rule.h"

enum tool { TOOL_REBASE, TOOL_AM, TOOL_PATCH, TOOLS };
/* "git rebase", "git am -3", "patch -F3" */
extern const char *const tool_names[TOOLS];

enum outcome {
	APPLIES,			/* and what it adds is where it is to be */
	CONFLICTS,			/* the tool gave up on the commit */
	MISPLACES,			/* the tool was content, and what it adds is in another place, or missing, or should not be there */
	NOT_TRIED,			/* the commit is not in the old branch */
};
/* "applies", "conflicts", "lands wrong", "–" */
const char *outcome_name(enum outcome o);

struct attempt {
	enum outcome outcome;
	char *what;			/* files in conflict, or what is misplaced; NULL: nothing to say */
};

/*
 * Tries each commit of the old branch on the new base with each tool, in a small repository of the files that the branch touches,
 * below the cache.  all[i][tool] is of old->rules[i]; held against the new branch (new->tip NULL: there is none, and nothing is
 * said to be misplaced).
 * 0 and the attempts, freed by textual_free(); -EINTR stopped; -1 after a message.
 */
int textual_run(const struct derivation *old, const struct derivation *new, const struct rule *rules, size_t n,
		struct attempt (**all)[TOOLS]);
void textual_free(struct attempt (*all)[TOOLS], size_t n);

#endif
