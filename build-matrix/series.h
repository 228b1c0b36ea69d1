/* SPDX-License-Identifier: GPL-2.0 */
/* What the points that a test prints mean: "plot = lowmem.lowfree_kb: LowFree in kB against processes". */
#ifndef BUILD_MATRIX_SERIES_H
#define BUILD_MATRIX_SERIES_H

#include "../lib/str.h"

struct series {
	char *name;			/* as of "# point NAME X Y" */
	char *title, *x;		/* what is plotted, and against what */
	bool log;			/* both axes are logarithmic */
};

struct series_list {
	struct series *v;
	size_t n;
};

/* "NAME [log]: TITLE against X": 0, or -1: it is something else. */
int series_add(struct series_list *l, const char *text);
void series_free(struct series_list *l);

#endif
