/* SPDX-License-Identifier: GPL-2.0 */
/* gnuplot as a child, and its SVG made fit for a page. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include "../lib/str.h"

/* The colours of the two kernels, which the page's style picks up in light and dark. */
#define C_BASE "#b45309"
#define C_OURS "#1d4ed8"
/* What follows the size. */
#define GNUPLOT_TERMINAL "dynamic noenhanced linewidth 1.4 font 'system-ui,sans-serif,14'\nset border 1 lc rgb '#808080'\n"

/* A text from a result, in gnuplot's quotes. */
void gnuplot_quoted(struct str *b, const char *s);
/*
 * Runs a script that draws one picture; what it shows is readable in the dark.  Old: a file that may hold what the same script
 * drew, which is taken then, for a site has hundreds; may be NULL.
 * 0; 1 when there is no gnuplot, after a warning; -1 after a message.
 */
int gnuplot_svg(const char *title, const struct str *script, const char *old, struct str *svg);

#endif
