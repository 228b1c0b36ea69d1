// SPDX-License-Identifier: GPL-2.0
/* What the guest tests say: KTAP (Documentation/dev-tools/ktap.rst), nested or not, parsed as it streams. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

/* More than that is no diagnosis but a log; the console log has it. */
#define SAID_MAX 300

/* No plot has more; a test that runs wild shall not fill our memory. */
#define POINTS_MAX 20000

void ktap_init(struct ktap *k)
{
	*k = (struct ktap){ .planned = -1 };
}

void ktap_free(struct ktap *k)
{
	for (size_t i = 0; i < k->n; i++) {
		free(k->tests[i].name);
		free(k->tests[i].detail);
	}
	for (size_t i = 0; i < k->n_figures; i++)
		free(k->figures[i].name);
	for (size_t i = 0; i < k->n_points; i++)
		free(k->points[i].series);
	free(k->tests);
	free(k->figures);
	free(k->points);
	free(k->current);
	free(k->screenshot);
	str_free(&k->said);
	str_free(&k->log);
	ktap_init(k);
}

static void set_current(struct ktap *k, const char *name)
{
	free(k->current);
	k->current = name && *name ? xstrdup(name) : NULL;
}

static void add_test(struct ktap *k, const char *name, enum test_status status, const char *detail, int indent)
{
	struct test *t;

	k->tests = xrealloc(k->tests, (k->n + 1) * sizeof(*k->tests));
	t = &k->tests[k->n++];
	*t = (struct test){ xstrdup(name), xstrdup(detail), status, indent };
}

/* A name that comes again replaces the value: figures are looked up by name. */
static void add_figure(struct ktap *k, const char *name, double value)
{
	for (size_t i = 0; i < k->n_figures; i++) {
		if (strcmp(k->figures[i].name, name))
			continue;
		k->figures[i].value = value;
		return;
	}
	k->figures = xrealloc(k->figures, (k->n_figures + 1) * sizeof(*k->figures));
	k->figures[k->n_figures++] = (struct figure){ xstrdup(name), value };
}

static void add_point(struct ktap *k, const char *series, double x, double y)
{
	if (k->n_points == POINTS_MAX || !isfinite(x) || !isfinite(y))
		return;
	k->points = xrealloc(k->points, (k->n_points + 1) * sizeof(*k->points));
	k->points[k->n_points++] = (struct point){ xstrdup(series), x, y };
}

/*
 * The results that stand deeper than indent, at the end of the list, are those of the test `name`.
 * Gives how many there are, and how many of them failed.
 */
static size_t adopt(struct ktap *k, const char *name, int indent, size_t *failed)
{
	size_t n = 0;

	*failed = 0;
	while (n < k->n && k->tests[k->n - 1 - n].indent > indent) {
		struct test *t = &k->tests[k->n - 1 - n++];
		char *full = *name ? xasprintf("%s.%s", name, t->name) : xstrdup(t->name);

		free(t->name);
		t->name = full;
		t->indent = indent;
		*failed += t->status == TEST_FAIL;
	}
	return n;
}

/* "- name # SKIP reason": cuts the name off, gives the status and the rest. */
static enum test_status parse_name(bool ok, char *s, char **name, char **rest)
{
	enum test_status status = ok ? TEST_PASS : TEST_FAIL;
	char *hash = strstr(s, " # "), *word;

	*rest = s + strlen(s);
	if (hash) {
		*hash = '\0';
		*rest = word = str_trim(hash + 3);
		if (!strncasecmp(word, "SKIP", 4) || !strncasecmp(word, "XFAIL", 5) || !strncasecmp(word, "TODO", 4)) {
			status = TEST_SKIP;
			word += strcspn(word, " :");
			*rest = word + strspn(word, " :");
		}
	}
	*name = str_trim(s);
	if ((*name)[0] == '-' && ((*name)[1] == ' ' || !(*name)[1]))
		*name = str_trim(*name + 1);
	return status;
}

/* "ok 3 - name" or "not ok 3 name # reason" */
static bool result(struct ktap *k, const char *s, int indent)
{
	bool ok = starts_with(s, "ok ");
	_free_ copy = NULL;
	enum test_status status;
	char *name, *rest;
	size_t children, failed;

	if (!ok && !starts_with(s, "not ok "))
		return false;
	s += ok ? 3 : 7;
	if (!isdigit((unsigned char)*s))
		return false;
	copy = xstrdup(s + strspn(s, "0123456789"));
	status = parse_name(ok, copy, &name, &rest);
	children = adopt(k, name, indent, &failed);
	if (k->said.len && *rest)
		str_add(&k->said, "; ");
	str_add(&k->said, rest);
	/* A parent says nothing new, unless it failed although what is below it did not. */
	if (!children || (status == TEST_FAIL && !failed))
		add_test(k, *name ? name : "?", status, status == TEST_PASS ? "" : str_get(&k->said), indent);
	str_clear(&k->said);
	if (!indent)
		k->reported++;
	if (!indent || (k->current && !strcmp(k->current, name)))
		set_current(k, NULL);
	return true;
}

static void diagnosis(struct ktap *k, const char *s)
{
	if (!*s || k->said.len + strlen(s) > SAID_MAX)
		return;
	if (k->said.len)
		str_add(&k->said, "; ");
	str_add(&k->said, s);
}

/* "# something" */
static bool comment(struct ktap *k, const char *s)
{
	char name[128];
	double value, y;

	if (s[0] != '#' || s[1] != ' ')
		return false;
	s += 2 + strspn(s + 2, " ");
	if (sscanf(s, "figure %127s %lf", name, &value) == 2) {
		add_figure(k, name, value);
	} else if (sscanf(s, "point %127s %lf %lf", name, &value, &y) == 3) {
		add_point(k, name, value, y);
	} else if (starts_with(s, "Subtest: ")) {
		/* What was said before is not about this one. */
		str_clear(&k->said);
		set_current(k, s + 9);
	} else if (starts_with(s, "screenshot ")) {
		free(k->screenshot);
		k->screenshot = xstrdup(s + 11);
	} else if (!strcmp(s, "shpte-guest: end")) {
		k->end = true;
	} else if (!starts_with(s, "running ") && !starts_with(s, "time ")) {
		diagnosis(k, s);
	}
	return true;
}

static bool parse(struct ktap *k, const char *line)
{
	int indent = strspn(line, " "), used = 0;
	const char *s = line + indent;
	long n;

	if (starts_with(s, "KTAP version ") || starts_with(s, "TAP version "))
		return true;
	if (sscanf(s, "1..%ld%n", &n, &used) == 1 && used) {
		if (!indent)
			k->planned = n;
		return true;
	}
	return result(k, s, indent) || comment(k, s);
}

bool ktap_line(struct ktap *k, const char *line)
{
	if (!parse(k, line))
		return false;
	str_addf(&k->log, "%s\n", line);
	return true;
}

void ktap_finish(struct ktap *k)
{
	size_t failed;

	adopt(k, k->current ? k->current : "", 0, &failed);
}

void ktap_add(struct ktap *k, const char *name, enum test_status status, const char *detail)
{
	add_test(k, name, status, detail, 0);
}

size_t ktap_count(const struct ktap *k, enum test_status status)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		n += k->tests[i].status == status;
	return n;
}

const char *test_status_name(enum test_status s)
{
	return s == TEST_PASS ? "pass" : s == TEST_FAIL ? "fail" : "skip";
}
