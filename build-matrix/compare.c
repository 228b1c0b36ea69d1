// SPDX-License-Identifier: GPL-2.0
/* The derived kernel's result against its twin's. */
#include <ctype.h>
#include <string.h>

#include "compare.h"

/* The status of the test in a result, NULL: it has none. */
static const char *status_of(const json_t *result, const char *name)
{
	json_t *t;
	size_t i;

	json_array_foreach(json_object_get(result, "tests"), i, t) {
		const char *its = json_string_value(json_object_get(t, "name"));

		if (its && !strcmp(its, name))
			return json_string_value(json_object_get(t, "status"));
	}
	return NULL;
}

static bool fails(const json_t *result, const char *name)
{
	const char *status = status_of(result, name);

	return status && !strcmp(status, "fail");
}

/* Which of the failed tests fail, or don't, on the base. */
static void add_failed(struct str *b, const struct ktap *k, json_t *base, bool there)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		if (k->tests[i].status == TEST_FAIL && fails(base, k->tests[i].name) == there)
			str_addf(b, "%s%s", n++ ? ", " : there ? "; base too: " : "; regression: ", k->tests[i].name);
}

void compare_tell(struct str *detail, enum verdict v, const struct ktap *k, json_t *base)
{
	const char *verdict = json_string_value(json_object_get(base, "verdict"));

	if (v != V_PASS && !base)
		str_add(detail, "; no result of the base to compare with");
	if (base) {
		add_failed(detail, k, base, false);
		add_failed(detail, k, base, true);
	}
	if (verdict && v != V_PASS && v != V_TEST_FAILED && !strcmp(verdict, verdict_name(v)))
		str_add(detail, "; base too");
}

/* The same complaint has other addresses and numbers in another boot. */
static bool alike(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (isxdigit((unsigned char)*a))
			a++;
		while (isxdigit((unsigned char)*b))
			b++;
		if (*a != *b || !*a)
			return *a == *b;
	}
}

static bool complains(const json_t *result, const char *of)
{
	json_t *c;
	size_t i;

	json_array_foreach(json_object_get(result, "complaints"), i, c)
		if (json_is_string(c) && alike(json_string_value(c), of))
			return true;
	return false;
}

/* A complaint or a failed test that the base does not have. */
static bool has_news(const json_t *ours, const json_t *base)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(ours, "complaints"), i, item)
		if (json_is_string(item) && !complains(base, json_string_value(item)))
			return true;
	json_array_foreach(json_object_get(ours, "tests"), i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));

		if (name && fails(ours, name) && !fails(base, name))
			return true;
	}
	return false;
}

bool result_worse(const json_t *ours, const json_t *base)
{
	const char *v = json_string_value(json_object_get(ours, "verdict"));
	const char *w = json_string_value(json_object_get(base, "verdict"));

	if (!v || !w)
		return true;
	if (!strcmp(v, verdict_name(V_PASS)))
		return false;
	/* Without news a failed test is none; anything else must have happened there as well. */
	return has_news(ours, base) || (strcmp(v, verdict_name(V_TEST_FAILED)) && strcmp(v, w));
}
