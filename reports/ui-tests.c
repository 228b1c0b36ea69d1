// SPDX-License-Identifier: GPL-2.0
/* The guest tests of one cell, beside those of the other kernel of its pair. */
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "html.h"
#include "site.h"

/* So many names stand in a sentence. */
#define NAMES_MAX 12

/* What the rows of one table have in common. */
struct view {
	const struct result *r, *twin;	/* twin NULL: not run */
	const struct pair *pair;	/* NULL unless r is the derived kernel of it */
	struct strv regressions;
};

/* "munmap.partial" of a guest test run alone, its program and its case, in a row of its own: it is wide. */
static void add_command(struct str *b, const struct view *v, const char *test)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *reproduce = result_str(v->r, "reproduce");
	size_t program = strspn(test, plain);
	const char *below = test[program] == '.' ? test + program + 1 : "";
	_free_ name = NULL;

	if (*v->r->suite || !starts_with(reproduce, "build/shpte boot ") || !program || (test[program] && !*below) ||
	    below[strspn(below, plain)])
		return;
	name = xstrndup(test, program);
	html_addf(b, "<tr class=\"by-hand\"><td colspan=\"%s\">by hand: <code class=\"command\">%s --append &#39;tests=%s",
		  v->twin ? "4" : "3", reproduce, name);
	html_addf(b, *below ? " case=%s&#39;</code></td></tr>\n" : "%s&#39;</code></td></tr>\n", below);
}

static void add_detail(struct str *b, const struct view *v, const json_t *t)
{
	const char *name = json_text(t, "name"), *word = v->pair ? pair_test_word(v->pair, &v->regressions, name) : NULL;

	str_add(b, "<td class=\"detail\">");
	if (word)
		html_addf(b, "<strong>%s</strong>%s", word, *json_text(t, "detail") ? ": " : "");
	html_addf(b, "%s</td></tr>\n", json_text(t, "detail"));
	if (grade_test(json_text(t, "status")) == BAD)
		add_command(b, v, name);
}

static void add_test(struct str *b, const struct view *v, const json_t *t)
{
	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th>", json_text(t, "name"));
	ui_status(b, json_text(t, "status"));
	if (v->twin)
		ui_status(b, result_test(v->twin, json_text(t, "name")));
	add_detail(b, v, t);
}

/* What the base has passed, and what this kernel did not live to see. */
static void add_missing(struct str *b, const struct view *v)
{
	_str_ names = {0};
	size_t n = 0;

	for (size_t i = 0; i < v->regressions.n; i++) {
		if (result_test(v->r, v->regressions.v[i]))
			continue;
		if (n++ < NAMES_MAX)
			str_addf(&names, "%s%s", names.len ? ", " : "", v->regressions.v[i]);
	}
	if (!n)
		return;
	html_addf(b, "<p><strong>regression</strong>: %zu test%s that the base passes %s not come to: %s", n, n == 1 ? "" : "s",
		  n == 1 ? "was" : "were", str_get(&names));
	html_addf(b, n > NAMES_MAX ? ", and %zu more.</p>\n" : ".</p>\n", n - NAMES_MAX);
}

static void add_head(struct str *b, const struct view *v)
{
	str_add(b, "<thead><tr><th scope=\"col\">Test</th><th scope=\"col\">Here</th>");
	if (v->twin)
		html_addf(b, "<th scope=\"col\">%s</th>", v->twin->variant);
	str_add(b, "<th scope=\"col\">Detail</th></tr></thead>\n<tbody>\n");
}

/* Failing ones first, then what was skipped: those are why somebody is here. */
static void add_table(struct str *b, const struct view *v)
{
	static const enum grade order[] = { BAD, NONE, GOOD };
	json_t *t;
	size_t i;

	ui_table_begin(b, "Guest tests", "fit");
	add_head(b, v);
	for (int g = 0; g < 3; g++)
		json_array_foreach(result_list(v->r, "tests"), i, t)
			if (grade_test(json_text(t, "status")) == order[g])
				add_test(b, v, t);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

void ui_tests(struct str *b, const struct result *r, const struct pair *p)
{
	size_t n = result_tests(r, NULL), pass = result_tests(r, "pass"), skip = result_tests(r, "skip");
	struct view v = { .r = r, .twin = !p ? NULL : p->base == r ? p->ours : p->base };

	if (p && p->ours == r)
		v.pair = p;
	if (v.pair && v.twin)
		result_regressions(&v.regressions, r->json, v.twin->json);
	if (n || v.regressions.n)
		str_add(b, "<h2>Guest tests</h2>\n");
	if (n)
		html_addf(b, "<p class=\"hint\">%zu passed, %zu failed, %zu skipped.</p>\n", pass, n - pass - skip, skip);
	add_missing(b, &v);
	if (n)
		add_table(b, &v);
	strv_free(&v.regressions);
}
