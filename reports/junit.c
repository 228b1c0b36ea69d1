// SPDX-License-Identifier: GPL-2.0
/* junit.xml: the latest results as most CI systems read them, a test suite a cell. */
#include <math.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "format.h"
#include "html.h"
#include "site.h"

struct tally {
	size_t tests, failures, skipped;
	double seconds;
};

static void add_case(struct str *b, struct tally *t, const struct result *r, const char *name)
{
	/* HTML's escapes are XML's, and what XML 1.0 can't have at all is replaced. */
	html_addf(b, "  <testcase classname=\"%s\" name=\"%s\"", r->cell, name);
	t->tests++;
}

static void add_failure(struct str *b, struct tally *t, const char *type, const char *message)
{
	html_addf(b, ">\n   <failure type=\"%s\" message=\"%s\"/>\n  </testcase>\n", type, message);
	t->failures++;
}

static void add_skipped(struct str *b, struct tally *t, const char *message)
{
	html_addf(b, ">\n   <skipped message=\"%s\"/>\n  </testcase>\n", message);
	t->skipped++;
}

/* What is not held against the kernel must not turn a CI system red: why, then what it was. */
static void add_excused(struct str *b, struct tally *t, const char *word, const char *what)
{
	_free_ message = xasprintf("%s%s%s", word, *what ? ": " : "", what);

	add_skipped(b, t, message);
}

static void add_boot(struct str *b, struct tally *t, const struct result *r, const char *word)
{
	double seconds = result_num(r, "seconds", "boot");

	add_case(b, t, r, "boot");
	if (seconds > 0) {
		html_addf(b, " time=\"%.3f\"", seconds);
		t->seconds += seconds;
	}
	if (r->grade == NONE)
		add_skipped(b, t, r->verdict);
	else if (result_boot_failed(r) && word_excuses(word))
		add_excused(b, t, word, r->verdict);
	else if (result_boot_failed(r))
		add_failure(b, t, r->verdict, r->detail);
	else
		str_add(b, "/>\n");
}

static void add_test(struct str *b, struct tally *t, const struct result *r, const char *word, const json_t *test)
{
	enum grade g = grade_test(json_text(test, "status"));

	add_case(b, t, r, json_text(test, "name"));
	if (g == GOOD)
		str_add(b, "/>\n");
	else if (g == NONE)
		add_skipped(b, t, json_text(test, "detail"));
	else if (word_excuses(word))
		add_excused(b, t, word, json_text(test, "detail"));
	else
		add_failure(b, t, word ? word : "failure", json_text(test, "detail"));
}

static void add_tests(struct str *b, struct tally *t, const struct result *r, const struct pair *p)
{
	_strv_ regressions = {0};
	json_t *test;
	size_t i;

	if (p && p->base)
		result_regressions(&regressions, r->json, p->base->json);
	json_array_foreach(result_list(r, "tests"), i, test)
		add_test(b, t, r, p ? pair_test_word(p, &regressions, json_text(test, "name")) : NULL, test);
	for (i = 0; i < regressions.n; i++) {
		if (result_test(r, regressions.v[i]))
			continue;
		add_case(b, t, r, regressions.v[i]);
		add_failure(b, t, "regression", "the base passes it, this kernel did not come to it");
	}
}

static void add_properties(struct str *b, const struct result *r)
{
	static const char *const names[] = { "version", "branch", "commit", "compiler", "qemu", "verdict", "reproduce" };

	str_add(b, "  <properties>\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (*result_str(r, names[i]))
			html_addf(b, "   <property name=\"%s\" value=\"%s\"/>\n", names[i], result_str(r, names[i]));
	str_add(b, "  </properties>\n");
}

static void add_complaints(struct str *b, const struct result *r)
{
	json_t *c;
	size_t i;

	if (!json_array_size(result_list(r, "complaints")))
		return;
	str_add(b, "  <system-out>");
	json_array_foreach(result_list(r, "complaints"), i, c)
		html_addf(b, "%s\n", json_string_value(c));
	str_add(b, "</system-out>\n");
}

static void add_tally(struct str *b, const struct tally *t)
{
	html_addf(b, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.3f\"", t->tests, t->failures, t->skipped,
		  t->seconds);
}

static void add_suite(struct str *b, struct tally *all, const struct site *s, const struct result *r)
{
	const struct pair *p = site_pair_of_ours(s, r);
	struct tally t = {0};
	_str_ cases = {0};

	add_boot(&cases, &t, r, p ? pair_word(p) : NULL);
	add_tests(&cases, &t, r, p);
	html_addf(b, " <testsuite name=\"%s\"", r->cell);
	add_tally(b, &t);
	if (is_date(r->started))
		html_addf(b, " timestamp=\"%.19s\"", r->started);
	str_add(b, ">\n");
	add_properties(b, r);
	str_add(b, cases.s);
	add_complaints(b, r);
	str_add(b, " </testsuite>\n");
	*all = (struct tally){
		all->tests + t.tests, all->failures + t.failures, all->skipped + t.skipped, all->seconds + t.seconds,
	};
}

int export_junit(struct site *s)
{
	struct tally all = {0};
	_str_ suites = {0}, b = {0};

	for (size_t i = 0; i < s->latest.n; i++)
		add_suite(&suites, &all, s, &s->latest.v[i]);
	str_add(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shpte\"");
	add_tally(&b, &all);
	str_addf(&b, ">\n%s</testsuites>\n", str_get(&suites));
	return site_write(s, "junit.xml", b.s, b.len);
}
