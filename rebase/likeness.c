// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "likeness.h"
#include "slice.h"

void words_of(const char *s, struct strv *out)
{
	_strv_ all = {0};

	while (*s) {
		size_t n = 0;

		while (is_word(s[n]))
			n++;
		if (n > 2) {
			_free_ word = xstrndup(s, n);

			strv_add(&all, word);
		}
		s += n ? n : 1;
	}
	strv_sort(&all);
	for (size_t i = 0; i < all.n; i++)
		if (!out->n || strcmp(out->v[out->n - 1], all.v[i]))
			strv_add(out, all.v[i]);
}

double likeness(const struct strv *a, const struct strv *b)
{
	size_t i = 0, k = 0, both = 0;

	while (i < a->n && k < b->n) {
		int order = strcmp(a->v[i], b->v[k]);

		both += !order;
		i += order <= 0;
		k += order >= 0;
	}
	return a->n + b->n ? (double)both / (a->n + b->n - both) : 0;
}

/* The different words of a name, "page_vma_mkclean_one": page, vma, mkclean, one. */
static void parts_of(const char *name, struct strv *out)
{
	_strv_ all = {0};

	strv_split(&all, name, "_");
	strv_sort(&all);
	for (size_t i = 0; i < all.n; i++)
		if (!out->n || strcmp(out->v[out->n - 1], all.v[i]))
			strv_add(out, all.v[i]);
}

double names_alike(const char *a, const char *b)
{
	_strv_ x = {0}, y = {0};

	parts_of(a, &x);
	parts_of(b, &y);
	return likeness(&x, &y);
}
