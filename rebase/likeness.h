/* SPDX-License-Identifier: GPL-2.0 */
/* How much functions, and names, are alike. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/str.h"

/* Different words, each as a number, sorted: thousands can be held against one. */
struct words {
	uint32_t *v;
	size_t n;
};

void words_free(struct words *w);		/* for _cleanup_ */
#define _words_ _cleanup_(words_free) struct words

/* Those of a text that have three letters at least.  *out: words_free(). */
void words_of(const char *text, size_t len, struct words *out);
/* How many both have. */
size_t words_both(const struct words *a, const struct words *b);
/* Those of a that b has not.  *out: words_free(). */
void words_less(const struct words *a, const struct words *b, struct words *out);
/* Of the words of both, how many both have: 0 to 1. */
double likeness(const struct words *a, const struct words *b);
/* The same of two names' words, page_vma_mkclean_one: page, vma, mkclean, one. */
double names_alike(const char *a, const char *b);

#endif
