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

/* With as many digits as it takes to tell it from what it is held against. */
static void add_times(struct str *why, double times, double bound)
{
	char text[32];
	int digits = 4;

	do
		snprintf(text, sizeof(text), "%.*g", digits, times);
	while (times != bound && strtod(text, NULL) == bound && digits++ < 15);
	str_add(why, text);
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
	add_times(why, times, b->times);
	str_addf(why, " times the base's, %s %g", b->least ? "at least" : "at most", b->times);
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
