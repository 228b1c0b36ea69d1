// SPDX-License-Identifier: GPL-2.0
/* How far a figure of the derived kernel may be from its twin's. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounds.h"

int bounds_add(struct bounds *b, const char *text)
{
	char figure[128], which[8];
	double times;
	int end = 0;

	if (sscanf(text, "%127s at %7s %lf%n", figure, which, &times, &end) != 3 || text[end] || !isfinite(times) ||
	    times <= 0 || (strcmp(which, "least") && strcmp(which, "most")))
		return -1;
	b->v = xrealloc(b->v, (b->n + 1) * sizeof(*b->v));
	b->v[b->n++] = (struct bound){ xstrdup(figure), !strcmp(which, "least"), times };
	return 0;
}

void bounds_free(struct bounds *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->v[i].figure);
	free(b->v);
	*b = (struct bounds){0};
}

static double ours_of(const struct ktap *k, const char *name)
{
	for (size_t i = 0; i < k->n_figures; i++)
		if (!strcmp(k->figures[i].name, name))
			return k->figures[i].value;
	return NAN;
}

static double base_of(const json_t *result, const char *name)
{
	const json_t *v = json_object_get(json_object_get(result, "figures"), name);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

static enum test_status judge(const struct bound *b, double ours, double base, struct str *why)
{
	double times = ours / base;

	if (!(base > 0)) {
		str_add(why, "the base has no such figure to hold it against");
		return TEST_SKIP;
	}
	if (isnan(ours)) {
		str_add(why, "it was not measured");
		return TEST_FAIL;
	}
	str_addf(why, "%.4g times the base's, %s %g", times, b->least ? "at least" : "at most", b->times);
	return (b->least ? times >= b->times : times <= b->times) ? TEST_PASS : TEST_FAIL;
}

void bounds_check(const struct bounds *b, struct ktap *ours, const json_t *base)
{
	ktap_finish(ours);
	for (size_t i = 0; i < b->n; i++) {
		const struct bound *one = &b->v[i];
		_free_ name = xasprintf("bound.%s", one->figure);
		_str_ why = {0};
		enum test_status status = judge(one, ours_of(ours, one->figure), base_of(base, one->figure), &why);

		ktap_add(ours, name, status, why.s);
	}
}
