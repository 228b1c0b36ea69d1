// SPDX-License-Identifier: GPL-2.0
/* What a suite calls it when some of its tests fail. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "causes.h"
#include "verdict.h"

int causes_add(struct causes *c, const char *text)
{
	const char *colon = strstr(text, ": ");
	const char *name = colon ? colon + 2 + strspn(colon + 2, " ") : "";
	enum verdict ours;

	if (!colon || colon == text || !*name || !verdict_parse(name, &ours))
		return -1;
	c->v = xrealloc(c->v, (c->n + 1) * sizeof(*c->v));
	c->v[c->n++] = (struct cause){ xstrndup(text, colon - text), xstrdup(name) };
	return 0;
}

void causes_free(struct causes *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].tests);
		free(c->v[i].verdict);
	}
	free(c->v);
	*c = (struct causes){0};
}

static bool fails(const struct ktap *k, const char *tests)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->tests[i].status == TEST_FAIL && !fnmatch(tests, k->tests[i].name, 0))
			return true;
	return false;
}

const char *causes_find(const struct causes *c, const struct ktap *k)
{
	for (size_t i = 0; i < c->n; i++)
		if (fails(k, c->v[i].tests))
			return c->v[i].verdict;
	return NULL;
}
