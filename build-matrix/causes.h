/* SPDX-License-Identifier: GPL-2.0 */
/* What a suite calls it when some of its tests fail: "verdict = x.start: X didn't start". */
#ifndef BUILD_MATRIX_CAUSES_H
#define BUILD_MATRIX_CAUSES_H

#include "ktap.h"

struct cause {
	char *tests;			/* a pattern of their names, as of files */
	char *verdict;
};

struct causes {
	struct cause *v;
	size_t n;
};

/* "TESTS: VERDICT": 0, or -1: it is something else, or has the name of one of our own verdicts. */
int causes_add(struct causes *c, const char *text);
void causes_free(struct causes *c);
/* The first in the list of which a test failed, NULL: none. */
const char *causes_find(const struct causes *c, const struct ktap *k);

#endif
