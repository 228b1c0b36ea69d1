/* SPDX-License-Identifier: GPL-2.0 */
/* A figure of the derived kernel beside the base's. */
#ifndef REPORTS_FIGURE_H
#define REPORTS_FIGURE_H

#include "result.h"

/*
 * How they differ, as HTML: "14.2 × less, better"; which way is better tells the bound that a suite has set, and else the
 * unit.  A figure that fails its bound is a failure, however nice the number: that is what is said then.
 */
void figure_difference(struct str *b, const struct result *ours, const char *key, double base, double here);

#endif
