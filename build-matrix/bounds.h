/* SPDX-License-Identifier: GPL-2.0 */
/* How far a figure of the derived kernel may be from its twin's: "bound = lowmem.processes at least 10". */
#ifndef BUILD_MATRIX_BOUNDS_H
#define BUILD_MATRIX_BOUNDS_H

#include <jansson.h>

#include "ktap.h"

struct bound {
	char *figure;
	bool least;			/* at least so many times the base's; false: at most */
	double times;
};

struct bounds {
	struct bound *v;
	size_t n;
};

/* "FIGURE at least|most TIMES": 0, or -1: it is something else. */
int bounds_add(struct bounds *b, const char *text);
void bounds_free(struct bounds *b);
/*
 * Makes a test of each, "bound.FIGURE", behind those that the guest reported.  base is the twin's result.json, NULL: it has
 * none; what it does not have is no measure, and the test is skipped.
 */
void bounds_check(const struct bounds *b, struct ktap *ours, const json_t *base);

#endif
