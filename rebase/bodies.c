// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../lib/str.h"
#include "bodies.h"

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: two words in a million have one number, which makes no function a copy. */
static uint32_t number_of(const char *word, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 16777619u;
	return h;
}

/* As words_of() counts them: those of three letters at least. */
static void count_words(struct body *b, const char *text, size_t len)
{
	size_t room = 0, kept = 0;

	for (size_t i = 0, n; i < len; i += n ? n : 1) {
		for (n = 0; i + n < len && is_word(text[i + n]); n++)
			;
		if (n < 3)
			continue;
		if (b->n == room) {
			room = room ? 2 * room : 64;
			b->words = xrealloc(b->words, room * sizeof(*b->words));
		}
		b->words[b->n++] = number_of(text + i, n);
	}
	if (b->n)
		qsort(b->words, b->n, sizeof(*b->words), by_number);
	for (size_t i = 0; i < b->n; i++)
		if (!i || b->words[i] != b->words[i - 1])
			b->words[kept++] = b->words[i];
	b->n = kept;
}

struct bodies *bodies_of(const char *text)
{
	struct bodies *all = xcalloc(1, sizeof(*all));
	size_t room = 0;
	struct slice s;

	for (size_t at = 0; slice_next(text, at, &s); at = s.end) {
		struct body b = { .size = s.end - s.start };

		strcpy(b.name, s.name);
		count_words(&b, text + s.start, b.size);
		if (all->n == room) {
			room = room ? 2 * room : 64;
			all->v = xrealloc(all->v, room * sizeof(*all->v));
		}
		all->v[all->n++] = b;
	}
	return all;
}

void bodies_free(struct bodies *b)
{
	for (size_t i = 0; b && i < b->n; i++)
		free(b->v[i].words);
	if (b)
		free(b->v);
	free(b);
}

static bool same_size(size_t a, size_t b)
{
	return 2 * a <= 3 * b && 2 * b <= 3 * a;
}

double bodies_alike(const struct body *a, const struct body *b)
{
	size_t i = 0, k = 0, both = 0;

	if (!same_size(a->size, b->size))
		return 0;
	while (i < a->n && k < b->n) {
		uint32_t x = a->words[i], y = b->words[k];

		both += x == y;
		i += x <= y;
		k += y <= x;
	}
	return a->n + b->n ? (double)both / (a->n + b->n - both) : 0;
}
