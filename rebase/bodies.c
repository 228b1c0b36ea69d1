// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../lib/str.h"
#include "bodies.h"

struct bodies *bodies_of(const char *text)
{
	struct bodies *all = xcalloc(1, sizeof(*all));
	size_t room = 0;
	struct slice s;

	for (size_t at = 0; slice_next(text, at, &s); at = s.end) {
		struct body b = { .size = s.end - s.start };

		strcpy(b.name, s.name);
		words_of(text + s.start, b.size, &b.words);
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
		words_free(&b->v[i].words);
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
	return same_size(a->size, b->size) ? likeness(&a->words, &b->words) : 0;
}
