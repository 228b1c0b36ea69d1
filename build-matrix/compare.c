// SPDX-License-Identifier: GPL-2.0
/* The derived kernel's result against its twin's. */
#include <ctype.h>
#include <string.h>

#include "../lib/json.h"
#include "compare.h"

/* Above that, the pages have them. */
#define NAMES_MAX 10

/* The status of a test, NULL: it is not in the list. */
static const char *status_of(const json_t *tests, const char *name)
{
	json_t *t;
	size_t i;

	json_array_foreach(tests, i, t)
		if (!strcmp(json_text(t, "name"), name))
			return json_text(t, "status");
	return NULL;
}

/* A test that has others below it is itself in no list. */
static bool came_to(const json_t *tests, const char *name)
{
	size_t len = strlen(name), i;
	json_t *t;

	json_array_foreach(tests, i, t) {
		const char *its = json_text(t, "name");

		if (!strncmp(its, name, len) && (!its[len] || its[len] == '.'))
			return true;
	}
	return false;
}

static bool fails(const json_t *tests, const char *name)
{
	const char *status = status_of(tests, name);

	return status && !strcmp(status, "fail");
}

void compare_news(struct strv *names, const json_t *tests, const json_t *base)
{
	const json_t *there = json_object_get(base, "tests");
	json_t *t;
	size_t i;

	json_array_foreach(tests, i, t)
		if (!strcmp(json_text(t, "status"), "fail") && !fails(there, json_text(t, "name")))
			strv_add(names, json_text(t, "name"));
	json_array_foreach(there, i, t)
		if (!strcmp(json_text(t, "status"), "pass") && !came_to(tests, json_text(t, "name")))
			strv_add(names, json_text(t, "name"));
}

static const char *again_of(const json_t *again, const char *test, const char *kernel)
{
	return json_text(json_object_get(again, test), kernel);
}

/* What has become of a failure that the base did not have the first time. */
enum news { REGRESSION, NOT_AGAIN, BASE_AGAIN };

static enum news weigh(const json_t *again, const char *test)
{
	if (!strcmp(again_of(again, test, "shpte"), "pass"))
		return NOT_AGAIN;
	return strcmp(again_of(again, test, "base"), "fail") ? REGRESSION : BASE_AGAIN;
}

static void add_names(struct str *b, const char *what, const struct strv *names)
{
	for (size_t i = 0; i < names->n && i < NAMES_MAX; i++)
		str_addf(b, "%s%s", i ? ", " : what, names->v[i]);
	if (names->n > NAMES_MAX)
		str_addf(b, " and %zu more", names->n - NAMES_MAX);
}

/* What the base fails too, and what became of the rest. */
static void add_failed(struct str *b, const json_t *tests, const json_t *base, const json_t *again)
{
	static const char *const words[] = {
		[REGRESSION] = "; regression: ", [NOT_AGAIN] = "; not when run again: ", [BASE_AGAIN] = "; base too when run again: ",
	};
	struct strv by[3] = {0};
	_strv_ news = {0}, common = {0};
	json_t *t;
	size_t i;

	compare_news(&news, tests, base);
	for (i = 0; i < news.n; i++)
		strv_add(&by[weigh(again, news.v[i])], news.v[i]);
	json_array_foreach(tests, i, t)
		if (!strcmp(json_text(t, "status"), "fail") && !strv_has(&news, json_text(t, "name")))
			strv_add(&common, json_text(t, "name"));
	for (i = 0; i < 3; i++) {
		add_names(b, words[i], &by[i]);
		strv_free(&by[i]);
	}
	add_names(b, "; base too: ", &common);
}

void compare_tell(struct str *detail, enum verdict v, const json_t *tests, const json_t *base, const json_t *again)
{
	const char *verdict = verdict_of(base);

	if (v != V_PASS && !base)
		str_add(detail, "; no result of the base to compare with");
	if (base && (v == V_TEST_FAILED || v == V_COMPLAINED))
		add_failed(detail, tests, base, again);
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

/* A complaint that the base does not have. */
static bool complains_anew(const json_t *ours, const json_t *base)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(ours, "complaints"), i, item)
		if (json_is_string(item) && !complains(base, json_string_value(item)))
			return true;
	return false;
}

void result_regressions(struct strv *names, const json_t *ours, const json_t *base)
{
	const json_t *again = json_object_get(ours, "again");
	_strv_ news = {0};

	compare_news(&news, json_object_get(ours, "tests"), base);
	for (size_t i = 0; i < news.n; i++)
		if (weigh(again, news.v[i]) == REGRESSION)
			strv_add(names, news.v[i]);
}

bool result_worse(const json_t *ours, const json_t *base)
{
	const char *v = verdict_of(ours), *w = verdict_of(base);
	_strv_ names = {0};

	if (v && !strcmp(v, verdict_name(V_PASS)))
		return false;
	if (!v || !w)
		return true;
	result_regressions(&names, ours, base);
	if (names.n || complains_anew(ours, base))
		return true;
	/* Without news a failed test is none; anything else must have happened there as well. */
	return strcmp(v, verdict_name(V_TEST_FAILED)) && strcmp(v, w);
}
