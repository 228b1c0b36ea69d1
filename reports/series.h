/* SPDX-License-Identifier: GPL-2.0 */
/* Which of the series that results are of is the one of its version: the pages of its commits are those that are written. */
#ifndef REPORTS_SERIES_H
#define REPORTS_SERIES_H

#include "result.h"

/* The result whose series is that of the version; NULL: no result has one.  l: the latest of each cell. */
const struct result *series_newest(const struct results *l, const char *version);
/* Is the commit in one of these, so that it has a page? */
bool series_has(const struct results *l, const char *commit);
/*
 * What to say of a derived kernel whose series is not that of its version: "of an older series", or "of another series" where it was
 * run later than that.  NULL: it is, or r is no derived kernel.
 */
const char *series_stale(const struct results *l, const struct result *r);

#endif
