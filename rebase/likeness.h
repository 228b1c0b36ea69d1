/* SPDX-License-Identifier: GPL-2.0 */
/* How much functions are alike. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include "../lib/str.h"
#include "slice.h"

/* The different words of a text, sorted, are added to `out`. */
void words_of(const char *s, struct strv *out);
/* Of the words of both, how many both have: 0 to 1. */
double likeness(const struct strv *a, const struct strv *b);
/* The next function at or after `from` that looks like a copy of this one, which is in the same text; false: there is none. */
bool twin_next(const char *text, const struct slice *of, size_t from, struct slice *twin);

#endif
