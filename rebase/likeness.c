// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "likeness.h"
#include "slice.h"

#define TWIN 0.6			/* of the words of both; two functions of one file that do different things have less in common */

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

/* Is one at most half as long again as the other? */
static bool same_size(const struct slice *a, const struct slice *b)
{
	size_t x = a->end - a->start, y = b->end - b->start;

	return 2 * x <= 3 * y && 2 * y <= 3 * x;
}

bool twin_next(const char *text, const struct slice *of, size_t from, struct slice *twin)
{
	_free_ body = xstrndup(text + of->start, of->end - of->start);
	_strv_ words = {0};

	words_of(body, &words);
	for (; slice_next(text, from, twin); from = twin->end) {
		_free_ other = NULL;
		_strv_ others = {0};

		if (twin->start == of->start || !same_size(twin, of))
			continue;
		other = xstrndup(text + twin->start, twin->end - twin->start);
		words_of(other, &others);
		if (likeness(&words, &others) >= TWIN)
			return true;
	}
	return false;
}
