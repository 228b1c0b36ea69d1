/* SPDX-License-Identifier: GPL-2.0 */
/* How much functions are alike. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include "../lib/str.h"

/* The different words of a text, sorted, are added to `out`. */
void words_of(const char *s, struct strv *out);
/* Of the words of both, how many both have: 0 to 1. */
double likeness(const struct strv *a, const struct strv *b);
/* The same of two names' words, page_vma_mkclean_one: page, vma, mkclean, one. */
double names_alike(const char *a, const char *b);

#endif
