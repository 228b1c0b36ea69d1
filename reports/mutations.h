/* SPDX-License-Identifier: GPL-2.0 */
/* What leaving out each hook of a derived series, and putting in each flaw, came to, as `shpte mutate` recorded it. */
#ifndef REPORTS_MUTATIONS_H
#define REPORTS_MUTATIONS_H

#include "../build-matrix/build-matrix.h"
#include "result.h"

struct mutation {
	const char *name;		/* "zap", inside the rules of the result, or the flaws that are known */
	const json_t *rule;		/* its rule there; NULL: it is a flaw */
	json_t *json;			/* its result.json, NULL: not run */
	const json_t *mutant;		/* "mutant" in it */
	bool tried, noticed;		/* see build-matrix/build-matrix.h */
	bool old;			/* it was held against another branch than that of the result */
	char *absent;			/* why this kernel has no such place, NULL: it has */
};

/* All of one kind. */
struct mutants {
	struct mutation *v;
	size_t n;
	size_t absent, run, noticed;
	size_t old;			/* of those that are noticed */
};

struct mutations {
	struct hooks known;
	struct mutants hooks;		/* those of the series, in its order */
	struct mutants flaws;		/* those of cocci/flaws/series */
};

/* Of the series that r was derived by; of a suite's result and of a base there are none.  r must outlive it. */
void mutations_load(struct mutations *m, const struct result *r);
void mutations_free(struct mutations *m);
/* Has any been run? */
bool mutations_any(const struct mutations *m);
/*
 * BAD: one survived; GOOD: every hook that the kernel has a place for is noticed, on the branch of the result, and every flaw where
 * they are run at all; NONE: it is not known.
 */
enum grade mutations_grade(const struct mutations *m);
/* "15 of 16 hooks are noticed when left out, 3 of them on an earlier branch; survived: walk; without a place in this kernel: numa" */
void mutations_sentence(struct str *b, const struct mutations *m);
/* For results.json: a list of what has been run, the caller's reference; NULL: nothing. */
json_t *mutations_json(const struct result *r);

#endif
