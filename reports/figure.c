// SPDX-License-Identifier: GPL-2.0
/* What the difference of two figures says: more of one thing is good, of another it is not. */
#include <string.h>

#include "figure.h"
#include "format.h"
#include "site.h"

enum better { UNKNOWN, LESS, MORE };

/* How the last part of a figure's name begins or ends; the first that fits counts.  Of other kB nobody knows: more is free, or used. */
static const struct unit {
	const char *begins, *ends;
	enum better better;
} units[] = {
	{ "", "tps", MORE }, { "", "ops", MORE }, { "", "_per_s", MORE },
	{ "pagetables_kb", "", LESS }, { "minor_faults", "", LESS }, { "", "insns", LESS },
	{ "ms", "", LESS }, { "", "_ms", LESS }, { "", "_s", LESS }, { "seconds", "", LESS },
};

static enum better by_unit(const char *key)
{
	const char *dot = strrchr(key, '.'), *last = dot ? dot + 1 : key;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (starts_with(last, units[i].begins) && ends_with(last, units[i].ends))
			return units[i].better;
	return UNKNOWN;
}

/* The test of a bound says "1.03 times the base's, at most 1.02". */
static enum better by_bound(const char *detail)
{
	return strstr(detail, ", at most ") ? LESS : strstr(detail, ", at least ") ? MORE : UNKNOWN;
}

void figure_difference(struct str *b, const struct result *ours, const char *key, double base, double here)
{
	_free_ name = xasprintf("bound.%s", key);
	const json_t *bound = result_named(ours, "tests", name);
	enum better better = by_bound(json_text(bound, "detail"));
	struct text ratio = fmt_ratio(base, here);

	if (bound && grade_test(json_text(bound, "status")) == BAD) {
		ui_grade(b, BAD, json_text(bound, "detail"));
		return;
	}
	if (better == UNKNOWN)
		better = by_unit(key);
	str_add(b, ratio.s);
	if (better != UNKNOWN && strstr(ratio.s, "×"))
		str_add(b, (here < base) == (better == LESS) ? ", better" : ", worse");
}
