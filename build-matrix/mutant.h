/* SPDX-License-Identifier: GPL-2.0 */
/* A mutant: the derived kernel without one of its hooks, which the guest tests must notice. */
#ifndef BUILD_MATRIX_MUTANT_H
#define BUILD_MATRIX_MUTANT_H

#include "cell.h"
#include "notice.h"

/* What all mutants of a run are held against: the derived kernel with all its hooks. */
struct control {
	const struct cell *cell;
	const struct suite_run *suite;	/* that is asked who notices; NULL: the guest tests are */
	struct limit *limits;		/* see notice.h */
	size_t n_limits;
};

struct mutant {
	const struct hook *hook;
	struct cell cell;
	char *key;			/* as of a cell; NULL: not derived */
	bool fresh;			/* its last result is up to date */
	bool tried;			/* false: `why` it could not be */
	enum verdict verdict;
	struct notice notice;
	struct str why;
};

/*
 * Derives, builds, boots and records one mutant, or takes its last result when nothing changed since and not `again`.  The test
 * that noticed it the last time runs first, then those that the hook's header names; the first failure ends it. When it is
 * another one's, it counts if the mutant fails a second time.
 * 0: m->tried and what follows it is known; -EINTR stopped; -1 after a message: this machine can't.
 */
int mutant_run(struct mutant *m, const struct control *control, const char *label, bool again);
void mutant_free(struct mutant *m);

#endif
