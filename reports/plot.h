/* SPDX-License-Identifier: GPL-2.0 */
/* Plots of base against derived, drawn by gnuplot. */
#ifndef REPORTS_PLOT_H
#define REPORTS_PLOT_H

#include "../lib/str.h"

/* One place along the bottom; NAN: no point there. */
struct spot {
	double at, base, ours;
};

/* {0} is empty and valid. */
struct plot {
	const char *title, *x;		/* x: what is counted along the bottom */
	bool time;			/* what is counted is seconds since 1970 */
	bool log;			/* both axes are logarithmic: only what is above 0 can be shown */
	struct spot *v;			/* rising */
	size_t n;
};

/* A point of the base, or of the derived kernel; where there is one already, the new one counts. */
void plot_add(struct plot *p, double x, bool ours, double y);
void plot_free(struct plot *p);

/*
 * An SVG that is readable without colour (markers, dashes, labels at the lines) and in the dark.  Old: a file, see gnuplot.h.
 * 0; 1 when there is no gnuplot, after a warning; -1 after a message.
 */
int plot_svg(const struct plot *p, const char *old, struct str *svg);

#endif
