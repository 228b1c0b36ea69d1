/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that apply a rule share. */
#ifndef JOB_H
#define JOB_H

#include "rebase.h"
#include "rule.h"
#include "slice.h"
#include "tree.h"

/* One rule at work. */
struct job {
	struct tree *t;
	const struct rule *rule;
	const char *header, *tmp;
	struct rule_fact *fact;
	int *got;			/* places matched, one a rule->places[] */
	bool *seen;			/* function found, or, where no call is wanted, changed; one a rule->places[] */
	bool *told;			/* what is wrong with the place has been said; one a rule->places[] */
	struct strv idle;		/* functions of several names in which nothing matched; "": it need not */
	struct strv idle_at;		/* and where they are */
};

/* Which of the rule's places the function is; the number of places: none. */
size_t place_of(const struct rule *r, const char *function);

/* Says what a human has to look at, and keeps it for the facts: NEEDS_HUMAN. */
int human(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The rule is not applied, as `why` says, which the fact takes over.  Where an older release needed it that is doubtful: what tells
 * may have been renamed, or moved to another file.  0 or NEEDS_HUMAN.
 */
int skip_rule(struct job *j, char *why);

/*
 * Would the rule match in a function that looks like a copy of the one that it matches in, whose text this is?  Then that one is not
 * hooked: NEEDS_HUMAN.  0: no; -1 after a message.
 */
int check_twins(struct job *j, const char *text);

#endif
