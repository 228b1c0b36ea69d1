// SPDX-License-Identifier: GPL-2.0
/* The page of a suite: what it found in base and derived kernel, side by side. */
#include <math.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "figure.h"
#include "format.h"
#include "html.h"
#include "site.h"

static void add_tests_of(struct str *b, const struct result *r)
{
	size_t n = result_tests(r, NULL), pass = result_tests(r, "pass"), skip = result_tests(r, "skip");

	html_addf(b, "%zu passed", pass);
	if (n - pass - skip)
		html_addf(b, ", %zu failed", n - pass - skip);
	if (skip)
		html_addf(b, ", %zu skipped", skip);
}

/* One of the two kernels: its verdict, in what time, how much of it went well. */
static void add_kernel(struct str *b, const char *root, const char *who, const struct result *r)
{
	html_addf(b, "<tr><th scope=\"row\">%s</th>", who);
	if (!r) {
		str_add(b, "<td colspan=\"6\"><span class=\"dim\">– not run</span></td></tr>\n");
		return;
	}

	_free_ page = cell_page(r), *log = cell_file(r, "-console.html");
	json_t *smp = json_object_get(r->json, "smp"), *mem = json_object_get(r->json, "mem");

	str_add(b, "<td>");
	ui_grade(b, r->shown, r->verdict);
	str_add(b, "</td><td>");
	add_tests_of(b, r);
	html_addf(b, "</td><td class=\"num\">%zu</td><td class=\"num\">%s</td><td>%s, %s CPUs</td><td>",
		  json_array_size(result_list(r, "complaints")), fmt_seconds(result_seconds(r, "boot")).s,
		  fmt_bytes(json_number_value(mem)).s, fmt_count(json_number_value(smp)).s);
	ui_link(b, root, page, "all of it");
	str_add(b, ", ");
	ui_link(b, root, log, "console");
	str_add(b, "</td></tr>\n");
}

static void add_kernels(struct str *b, const struct pair *p)
{
	ui_table_begin(b, "The two kernels", "fit");
	str_add(b, "<thead><tr><th scope=\"col\">Kernel</th><th scope=\"col\">Verdict</th><th scope=\"col\">Tests</th>"
		"<th scope=\"col\" class=\"num\">Complaints</th><th scope=\"col\" class=\"num\">Time</th>"
		"<th scope=\"col\">Machine</th><th scope=\"col\">Logs</th></tr></thead>\n<tbody>\n");
	add_kernel(b, "../", "base", p->base);
	add_kernel(b, "../", "shpte", p->ours);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

/* What one of the two was made of, and when and with what it was run. */
static void add_facts_of(struct str *b, const char *who, const struct result *r, const char *stale)
{
	const char *compiler = result_str(r, "compiler"), *qemu = result_str(r, "qemu");

	if (!r)
		return;
	html_addf(b, "<dt>%s</dt><dd>%s", who, r->version);
	if (*r->commit)
		html_addf(b, " at <code>%s</code>", fmt_commit(r->commit).s);
	if (stale)
		html_addf(b, ", <strong>%s</strong>", stale);
	html_addf(b, " · %s%s%s%s%s</dd>\n", fmt_date(r->started).s, *compiler ? " · " : "", compiler, *qemu ? " · " : "", qemu);
}

static void add_facts(struct str *b, const struct pair *p)
{
	_free_ mismatch = pair_mismatch(p);

	str_add(b, "<dl class=\"grid\">\n");
	add_facts_of(b, "base", p->base, NULL);
	add_facts_of(b, "shpte", p->ours, p->stale);
	str_add(b, "</dl>\n");
	if (mismatch)
		html_addf(b, "<p>%s.</p>\n", mismatch);
}

static const char *detail_of(const struct result *r, const char *name)
{
	return json_text(result_named(r, "tests", name), "detail");
}

/* What stands first: a failure of the derived kernel alone, then other failures, what was skipped, what is well. */
static int rank(const char *base, const char *ours, bool regression)
{
	bool bad = ours && grade_test(ours) == BAD, there = base && grade_test(base) == BAD;

	if (regression || bad || there)
		return regression ? 0 : 1;
	return !base || !ours || grade_test(ours) == NONE || grade_test(base) == NONE ? 2 : 3;
}

/* "run again: shpte pass" */
static void add_again(struct str *b, const struct result *r, const char *name)
{
	json_t *again = json_object_get(result_list(r, "again"), name), *v;
	const char *kernel, *before = "run again: ";

	json_object_foreach(again, kernel, v) {
		html_addf(b, "%s%s %s", before, kernel, json_string_value(v) ?: "?");
		before = ", ";
	}
	if (json_object_size(again))
		str_add(b, "; ");
}

static void add_test(struct str *b, const struct pair *p, const char *name, const struct strv *regressions, int wanted)
{
	const char *base = p->base ? result_test(p->base, name) : NULL, *ours = p->ours ? result_test(p->ours, name) : NULL;
	const char *told = detail_of(p->ours, name), *word = pair_test_word(p, regressions, name);

	if (rank(base, ours, strv_has(regressions, name)) != wanted)
		return;
	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th>", name);
	ui_status(b, base);
	ui_status(b, ours);
	str_add(b, "<td class=\"detail\">");
	if (word)
		html_addf(b, "<strong>%s</strong>; ", word);
	add_again(b, p->ours, name);
	html_addf(b, "%s</td></tr>\n", *told ? told : detail_of(p->base, name));
}

/* The rows of both kernels' tests: one that only one of them came to is there as well. */
static void add_rows(struct str *b, const struct pair *p, const struct strv *regressions, int wanted)
{
	json_t *t;
	size_t i;

	json_array_foreach(result_list(p->base, "tests"), i, t)
		add_test(b, p, json_text(t, "name"), regressions, wanted);
	json_array_foreach(result_list(p->ours, "tests"), i, t)
		if (!p->base || !result_test(p->base, json_text(t, "name")))
			add_test(b, p, json_text(t, "name"), regressions, wanted);
}

/* The tests of these two ranks, if there are any. */
static void add_tests(struct str *b, const struct pair *p, const char *title, int first)
{
	_strv_ regressions = {0};
	_str_ rows = {0};

	if (p->base && p->ours)
		result_regressions(&regressions, p->ours->json, p->base->json);
	add_rows(&rows, p, &regressions, first);
	add_rows(&rows, p, &regressions, first + 1);
	if (!rows.len)
		return;
	html_addf(b, "<h2>%s</h2>\n", title);
	ui_table_begin(b, title, "fit");
	str_addf(b, "<thead><tr><th scope=\"col\">Test</th><th scope=\"col\">base</th><th scope=\"col\">shpte</th>"
		 "<th scope=\"col\">Detail</th></tr></thead>\n<tbody>\n%s</tbody>\n", rows.s);
	ui_table_end(b);
}

static void add_figure(struct str *b, const struct pair *p, const char *key)
{
	double base = result_figure(p->base, key), ours = result_figure(p->ours, key);

	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th><td class=\"num\">%s</td><td class=\"num\">%s</td>"
		  "<td class=\"num\">", key, fmt_count(base).s, fmt_count(ours).s);
	figure_difference(b, p->ours, key, base, ours);
	str_add(b, "</td></tr>\n");
}

/* Is it in one of the grids? */
static bool is_drawn(const struct strv *groups, const char *key)
{
	const char *dot = strrchr(key, '.');
	_free_ group = xstrndup(key, dot ? dot - key : 0);

	return strv_has(groups, group);
}

/* Those that stand in no grid, a row each. */
static void add_single(struct str *b, const struct pair *p, const struct strv *drawn)
{
	json_t *base = result_list(p->base, "figures"), *ours = result_list(p->ours, "figures"), *v;
	_str_ rows = {0};
	const char *key;

	json_object_foreach(base, key, v)
		if (!is_drawn(drawn, key))
			add_figure(&rows, p, key);
	json_object_foreach(ours, key, v)
		if (!json_object_get(base, key) && !is_drawn(drawn, key))
			add_figure(&rows, p, key);
	if (!rows.len)
		return;
	ui_table_begin(b, "Figures", "fit");
	str_addf(b, "<thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"num\">base</th>"
		 "<th scope=\"col\" class=\"num\">shpte</th><th scope=\"col\" class=\"num\">Difference</th></tr></thead>\n<tbody>\n%s"
		 "</tbody>\n", rows.s);
	ui_table_end(b);
}

static void add_figures(struct str *b, const struct pair *p)
{
	_strv_ drawn = {0};
	_str_ grids = {0};

	if (!json_object_size(result_list(p->base, "figures")) && !json_object_size(result_list(p->ours, "figures")))
		return;
	str_add(b, "<h2>Figures</h2>\n<p class=\"hint\">Of one run each, on an emulated CPU: what takes time depends on what else the"
		" machine did, what is counted (faults, kB, insns) does not.</p>\n");
	ui_grids(&grids, p, &drawn);
	add_single(b, p, &drawn);
	str_add(b, str_get(&grids));
}

static void add_complaints(struct str *b, const char *who, const struct result *r)
{
	json_t *c;
	size_t i;

	if (!json_array_size(result_list(r, "complaints")))
		return;
	html_addf(b, "<h2>What the %s kernel complained of</h2>\n<ol class=\"complaints\">\n", who);
	json_array_foreach(result_list(r, "complaints"), i, c)
		html_addf(b, "<li><code>%s</code></li>\n", json_string_value(c));
	str_add(b, "</ol>\n");
}

int ui_suite(struct site *s, const struct pair *p)
{
	_free_ path = suite_page(p), *title = xasprintf("%s on %s %s", p->suite, p->kernel, p->title);
	enum grade g = state_grade(p->state);
	_str_ body = {0}, crumbs = {0}, clause = {0}, plots = {0}, shots = {0};

	pair_clause(&clause, p);
	html_addf(&body, "<h1>%s</h1>\n<p class=\"verdict %s\"><span class=\"symbol\" aria-hidden=\"true\">%s</span> %s</p>\n",
		  title, grade_class(g), grade_symbol(g), str_get(&clause));
	add_kernels(&body, p);
	add_facts(&body, p);
	ui_shots(&shots, "../", p->base);
	ui_shots(&shots, "../", p->ours);
	if (shots.len)
		str_addf(&body, "<h2>The screen</h2>\n%s", shots.s);
	if (ui_plots(s, &plots, "../", p))
		return -1;
	if (plots.len)
		str_addf(&body, "<h2>Plots</h2>\n%s", plots.s);
	add_complaints(&body, "derived", p->ours);
	add_complaints(&body, "unpatched", p->base);
	/* A suite has hundreds of tests that nobody has to look at, and the figures are not to stand below them. */
	add_tests(&body, p, "Failed tests", 0);
	add_figures(&body, p);
	add_tests(&body, p, "Other tests", 2);
	ui_crumbs(&crumbs, title);
	return site_page(s, path, title, &crumbs, &body);
}

/* p: ours is r, so that what is to be said of its series is said. */
static void add_verdict(struct str *b, const struct result *r, const struct pair *p)
{
	str_add(b, "<td>");
	if (r)
		ui_grade(b, r->shown, r->verdict);
	else
		str_add(b, "<span class=\"dim\">– not run</span>");
	if (p)
		ui_stale(b, p);
	str_add(b, "</td>");
}

static void add_row(struct str *b, const char *root, const struct pair *p)
{
	_free_ page = suite_page(p);
	enum grade g = state_grade(p->state);
	_str_ clause = {0};

	pair_clause(&clause, p);
	str_add(b, "<tr><th scope=\"row\">");
	ui_link(b, root, page, p->suite);
	html_addf(b, "</th><td>%s %s</td>", p->kernel, p->arch);
	add_verdict(b, p->base, NULL);
	add_verdict(b, p->ours, p);
	html_addf(b, "<td class=\"detail\"><span class=\"v %s\" aria-hidden=\"true\">%s</span> %s</td></tr>\n", grade_class(g),
		  grade_symbol(g), str_get(&clause));
}

void ui_suites(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch)
{
	_str_ rows = {0};

	for (size_t i = 0; i < s->suites.n; i++) {
		const struct pair *p = &s->suites.v[i];

		if ((!kernel || !strcmp(kernel, p->kernel)) && (!arch || !strcmp(arch, p->arch)))
			add_row(&rows, root, p);
	}
	if (!rows.len)
		return;
	ui_table_begin(b, "Suites", "all suites");
	str_addf(b, "<thead><tr><th scope=\"col\">Suite</th><th scope=\"col\">Kernel</th><th scope=\"col\">base</th>"
		 "<th scope=\"col\">shpte</th><th scope=\"col\">Together</th></tr></thead>\n<tbody>\n%s</tbody>\n", rows.s);
	ui_table_end(b);
}

void ui_suites_below(struct str *b, const struct site *s, const char *kernel, const char *arch)
{
	_str_ table = {0};

	ui_suites(&table, "../", s, kernel, arch);
	if (table.len)
		str_addf(b, "<h2>Suites</h2>\n%s", table.s);
}
