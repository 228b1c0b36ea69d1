// SPDX-License-Identifier: GPL-2.0
/* Kernels × architectures: what of a pair stands in one cell, and the matrix of the front page. */
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "format.h"
#include "html.h"
#include "site.h"

static void add_tests(struct str *b, const struct result *r)
{
	size_t tests = result_tests(r, NULL), pass = result_tests(r, "pass"), skip = result_tests(r, "skip");

	if (!tests)
		return;
	html_addf(b, "<small>%zu tests passed", pass);
	if (tests > pass + skip)
		html_addf(b, ", %zu failed", tests - pass - skip);
	str_add(b, "</small>");
}

/* "regression: 3 tests" */
static void add_word(struct str *b, const struct pair *p)
{
	const char *word = pair_word(p);
	_strv_ regressions = {0};

	if (!word)
		return;
	if (p->state == BROKEN)
		result_regressions(&regressions, p->ours->json, p->base->json);
	html_addf(b, "<small><strong>%s</strong>", word);
	if (regressions.n)
		html_addf(b, ": %zu test%s", regressions.n, regressions.n == 1 ? "" : "s");
	str_add(b, "</small>");
}

static void add_suite(struct str *b, const char *root, const struct pair *p, const struct result *r)
{
	_free_ page = suite_page(p);

	html_addf(b, "<a href=\"%s", root);
	html_href(b, page);
	str_add(b, "\">");
	ui_grade(b, pair_grade(p, r), p->suite);
	html_addf(b, "</a><small>%s</small>", r->verdict);
	if (r == p->ours)
		add_word(b, p);
}

/* The screens of suites that have some; of the others all, or only regressions.  Gives the worst grade of them. */
static enum grade add_suites(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch, bool ours,
			     bool all)
{
	enum grade worst = GOOD;

	for (size_t i = 0; i < s->suites.n; i++) {
		const struct pair *q = &s->suites.v[i];
		const struct result *r = ours ? q->ours : q->base;
		size_t before = b->len;

		if (!r || strcmp(q->kernel, kernel) || strcmp(q->arch, arch))
			continue;
		if (worst != BAD && pair_grade(q, r) != GOOD)
			worst = pair_grade(q, r);
		ui_thumb(b, root, r);
		if (b->len == before && (all || (ours && state_grade(q->state) == BAD)))
			add_suite(b, root, q, r);
		if (b->len > before && ours)
			ui_stale(b, q);
	}
	return worst;
}

/* No guest tests were run in it, but maybe suites. */
static void add_not_run(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch, bool ours)
{
	_str_ suites = {0};
	enum grade g = add_suites(&suites, root, s, kernel, arch, ours, true);

	html_addf(b, "<td class=\"cell %s\">", grade_class(suites.len ? g : NONE));
	str_add(b, suites.len ? suites.s : "<span class=\"dim\">– not run</span>");
	str_add(b, "</td>");
}

void ui_cell_of(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch, bool ours)
{
	const struct pair *p = pairs_find(&s->pairs, kernel, arch);
	const struct result *r = !p ? NULL : ours ? p->ours : p->base;

	if (!r) {
		add_not_run(b, root, s, kernel, arch, ours);
		return;
	}

	_free_ page = cell_page(r);
	enum grade g = r->shown;

	html_addf(b, "<td class=\"cell %s\"><a href=\"%s", grade_class(g), root);
	html_href(b, page);
	str_add(b, "\">");
	ui_grade(b, g, r->verdict);
	str_add(b, "</a>");
	add_tests(b, r);
	if (ours) {
		add_word(b, p);
		ui_stale(b, p);
	}
	add_suites(b, root, s, kernel, arch, ours, false);
	str_add(b, "</td>");
}

/* The columns, the newest kernel first, and the rows. */
static void find_axes(const struct site *s, struct strv *kernels, struct strv *archs)
{
	pairs_names(&s->pairs, kernels, archs);
	pairs_names(&s->suites, kernels, archs);
	strv_sort(archs);
}

/* The version that most likely is that of the whole column; where a pair has another, it says so below. */
static const char *version_of(const struct site *s, const char *kernel)
{
	for (size_t i = 0; i < s->latest.n; i++)
		if (!strcmp(s->latest.v[i].kernel, kernel) && !*s->latest.v[i].suite)
			return s->latest.v[i].version;
	return "";
}

static void add_head(struct str *b, const struct site *s, const struct strv *kernels)
{
	str_add(b, "<thead><tr><th scope=\"col\" rowspan=\"2\">Architecture</th>");
	for (size_t i = 0; i < kernels->n; i++)
		html_addf(b, "<th scope=\"colgroup\" colspan=\"2\" class=\"kernel\">Linux %s <span class=\"dim\">%s</span></th>",
			  kernels->v[i], version_of(s, kernels->v[i]));
	str_add(b, "</tr>\n<tr>");
	for (size_t i = 0; i < kernels->n; i++)
		str_add(b, "<th scope=\"col\">base</th><th scope=\"col\">shpte</th>");
	str_add(b, "</tr></thead>\n<tbody>\n");
}

static void add_row(struct str *b, const struct site *s, const struct strv *kernels, const char *arch)
{
	_free_ page = arch_page(arch);
	struct arch_facts facts;

	arch_facts(&facts, arch);
	str_add(b, "<tr><th scope=\"row\">");
	ui_link(b, "", page, arch);
	if (strcmp(arch, facts.title))
		html_addf(b, "<small>%s</small>", facts.title);
	str_add(b, "</th>");
	for (size_t i = 0; i < kernels->n; i++)
		for (int ours = 0; ours < 2; ours++)
			ui_cell_of(b, "", s, kernels->v[i], arch, ours);
	str_add(b, "</tr>\n");
	arch_facts_free(&facts);
}

static void add_note(struct str *b, const struct pair *p, const char *mismatch)
{
	_str_ clause = {0};

	pair_clause(&clause, p);
	str_add(b, "<li>");
	ui_grade(b, state_grade(p->state), p->kernel);
	html_addf(b, " <strong>%s</strong>%s%s: %s%s%s</li>\n", p->arch, *p->suite ? ", " : "", p->suite, str_get(&clause),
		  mismatch ? "; " : "", mismatch ?: "");
}

/* What the cells have no room for. */
void ui_notes(struct str *b, const struct site *s, const char *arch)
{
	_str_ notes = {0};

	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct pair *p = &s->pairs.v[i];
		_free_ mismatch = pair_mismatch(p);

		if ((!arch || !strcmp(arch, p->arch)) && (state_grade(p->state) != GOOD || mismatch))
			add_note(&notes, p, mismatch);
	}
	/* The page of an architecture has them in a table of its own. */
	for (size_t i = 0; i < s->suites.n && !arch; i++)
		if (state_grade(s->suites.v[i].state) == BAD)
			add_note(&notes, &s->suites.v[i], NULL);
	if (notes.len)
		str_addf(b, "<ul class=\"logs\">\n%s</ul>\n", notes.s);
}

void ui_matrix(struct str *b, const struct site *s)
{
	_strv_ kernels = {0}, archs = {0};

	find_axes(s, &kernels, &archs);
	if (!kernels.n) {
		str_add(b, "<p class=\"dim\">Nothing was booted yet; <code>shpte matrix</code> does.</p>\n");
		return;
	}
	ui_table_begin(b, "Kernels, architectures and variants", "matrix");
	add_head(b, s, &kernels);
	for (size_t i = 0; i < archs.n; i++)
		add_row(b, s, &kernels, archs.v[i]);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
	ui_notes(b, s, NULL);
}
