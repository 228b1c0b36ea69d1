/* SPDX-License-Identifier: GPL-2.0 */
/* A picture with two bars a name: the base's and the derived kernel's. */
#ifndef REPORTS_BARS_H
#define REPORTS_BARS_H

#include <stddef.h>

#include "../lib/str.h"

struct bar {
	const char *name;
	double base, ours;		/* NAN: none */
	const char *missing;		/* why one of them is none, NULL: both are there */
	const char *remark;		/* to be said of ours, or NULL */
};

struct bars {
	const char *title, *x;		/* x: what is measured */
	struct bar *v;
	size_t n;
};

/* How high the picture is; it is BARS_WIDTH wide. */
#define BARS_WIDTH 640
int bars_height(const struct bars *b);
/* As plot_svg(). */
int bars_svg(const struct bars *b, const char *old, struct str *svg);

#endif
