// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "likeness.h"
#include "slice.h"

void words_free(struct words *w)
{
	free(w->v);
	*w = (struct words){0};
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: two words in a million have one number, which makes no function a copy. */
static uint32_t number_of(const char *word, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 16777619u;
	return h;
}

/* There is room for the next power of two. */
static void add(struct words *w, uint32_t number)
{
	if (!(w->n & (w->n - 1)))
		w->v = xrealloc(w->v, (w->n ? 2 * w->n : 1) * sizeof(*w->v));
	w->v[w->n++] = number;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Sorted, and each once. */
static void settle(struct words *w)
{
	size_t kept = 0;

	if (w->n)
		qsort(w->v, w->n, sizeof(*w->v), by_number);
	for (size_t i = 0; i < w->n; i++)
		if (!i || w->v[i] != w->v[i - 1])
			w->v[kept++] = w->v[i];
	w->n = kept;
}

void words_of(const char *text, size_t len, struct words *out)
{
	for (size_t i = 0, n; i < len; i += n ? n : 1) {
		for (n = 0; i + n < len && is_word(text[i + n]); n++)
			;
		if (n > 2)
			add(out, number_of(text + i, n));
	}
	settle(out);
}

size_t words_both(const struct words *a, const struct words *b)
{
	size_t i = 0, k = 0, both = 0;

	while (i < a->n && k < b->n) {
		uint32_t x = a->v[i], y = b->v[k];

		both += x == y;
		i += x <= y;
		k += y <= x;
	}
	return both;
}

void words_less(const struct words *a, const struct words *b, struct words *out)
{
	for (size_t i = 0, k = 0; i < a->n; i++) {
		while (k < b->n && b->v[k] < a->v[i])
			k++;
		if (k == b->n || b->v[k] != a->v[i])
			add(out, a->v[i]);
	}
}

double likeness(const struct words *a, const struct words *b)
{
	size_t both = words_both(a, b);

	return a->n + b->n ? (double)both / (a->n + b->n - both) : 0;
}

static void parts_of(const char *name, struct words *out)
{
	for (size_t n; *name; name += n ? n : 1) {
		n = strcspn(name, "_");
		if (n)
			add(out, number_of(name, n));
	}
	settle(out);
}

double names_alike(const char *a, const char *b)
{
	_words_ x = {0}, y = {0};

	parts_of(a, &x);
	parts_of(b, &y);
	return likeness(&x, &y);
}
