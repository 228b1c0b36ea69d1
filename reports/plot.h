/* SPDX-License-Identifier: GPL-2.0 */
/* Plots of base against derived, drawn by gnuplot. */
#ifndef REPORTS_PLOT_H
#define REPORTS_PLOT_H

#include "../lib/str.h"

struct plot {
	const char *title, *x;		/* x: what is counted along the bottom */
	size_t n;
	double at[32], base[32], ours[32]; /* NAN: no point there */
};

/*
 * An SVG that is readable without colour (markers, dashes, labels at the lines) and in the dark.
 * 0; 1 when there is no gnuplot, after a warning; -1 after a message.
 */
int plot_svg(const struct plot *p, struct str *svg);

#endif
