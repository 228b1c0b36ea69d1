/* SPDX-License-Identifier: GPL-2.0 */
/* What leaving out each hook of a derived series came to, as `shpte mutate` recorded it. */
#ifndef REPORTS_MUTATIONS_H
#define REPORTS_MUTATIONS_H

#include "result.h"

struct mutation {
	const char *hook;		/* "zap", inside the rules of the result */
	const json_t *rule;		/* its rule there */
	json_t *json;			/* its result.json, NULL: not run */
	const json_t *mutant;		/* "mutant" in it */
	bool tried, noticed;		/* see build-matrix/build-matrix.h */
	char *absent;			/* why this kernel has no such place, NULL: it has */
};

struct mutations {
	struct mutation *v;
	size_t n;			/* hooks of the series */
	size_t absent, run, noticed;
};

/* One a hook of the series that r was derived by, in its order; none of a suite's result.  r must outlive it. */
void mutations_load(struct mutations *m, const struct result *r);
void mutations_free(struct mutations *m);
/* GOOD: every hook that the kernel has a place for is noticed; BAD: one survived; NONE: not all were tried. */
enum grade mutations_grade(const struct mutations *m);
/* "15 of 16 hooks are noticed when left out; survived: walk; without a place in this kernel: numa" */
void mutations_sentence(struct str *b, const struct mutations *m);
/* For results.json: a list of what has been run, the caller's reference; NULL: nothing. */
json_t *mutations_json(const struct result *r);

#endif
