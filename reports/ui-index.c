// SPDX-License-Identifier: GPL-2.0
/* The front page: the verdict, the matrix, the figures, the series, the logs. */
#include <math.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "format.h"
#include "html.h"
#include "series.h"
#include "site.h"
#include "template.h"

/* From the oldest of the results to the newest. */
static void add_time(struct str *b, const struct site *s)
{
	const char *first = NULL, *last = NULL;

	for (size_t i = 0; i < s->latest.n; i++) {
		const char *t = s->latest.v[i].started;

		if (!is_date(t))
			continue;
		first = !first || strcmp(t, first) < 0 ? t : first;
		last = !last || strcmp(t, last) > 0 ? t : last;
	}
	if (!first)
		return;
	html_addf(b, "Tested ");
	if (strcmp(first, last))
		html_addf(b, "from <time datetime=\"%.16sZ\">%s</time> to ", first, fmt_date(first).s);
	html_addf(b, "<time datetime=\"%.16sZ\">%s</time>", last, fmt_date(last).s);
}

/* What the results are of: when, which source, made and run with what. */
static void add_facts(struct str *b, const struct site *s)
{
	const struct result *r;

	add_time(b, s);
	if (s->pairs.n != 1 || !s->pairs.v[0].ours)
		return;
	r = s->pairs.v[0].ours;
	html_addf(b, " on Linux %s", r->version);
	if (is_commit(r->commit))
		html_addf(b, ", branch %s at <code>%s</code>", r->branch, fmt_commit(r->commit).s);
	if (*result_str(r, "compiler"))
		html_addf(b, " · %s", result_str(r, "compiler"));
	if (*result_str(r, "qemu"))
		html_addf(b, " · %s", result_str(r, "qemu"));
}

/* What the guest tests are worth: do they miss a hook? */
static void add_mutants(struct str *b, const struct site *s)
{
	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct pair *p = &s->pairs.v[i];
		_free_ name = pair_name(p);
		_str_ link = {0};

		if (p->ours && ui_mutate_link(&link, "", p->ours)) {
			html_addf(b, "<p>%s: ", name);
			str_addf(b, "%s</p>\n", str_get(&link));
		}
	}
}

/* Architectures that no kernel was run on yet. */
static void add_others(struct str *b, const struct site *s)
{
	_strv_ known = {0}, run = {0};
	size_t n = 0;

	archs_known(&known);
	pairs_names(&s->pairs, NULL, &run);
	pairs_names(&s->suites, NULL, &run);
	for (size_t i = 0; i < known.n; i++) {
		_free_ page = arch_page(known.v[i]);

		if (strv_has(&run, known.v[i]))
			continue;
		str_add(b, n++ ? ", " : " Not run yet: ");
		ui_link(b, "", page, known.v[i]);
	}
	str_add(b, n ? "." : "");
}

/* The series of each version once; only the first is unfolded. */
static void add_series(struct str *b, const struct site *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];
		_free_ page = series_page(r->version);

		if (series_newest(&s->latest, r->version) != r)
			continue;
		html_addf(b, "<details%s><summary>%zu rules on %s</summary>\n", n++ ? "" : " open",
			  json_array_size(result_list(r, "rules")), r->version);
		ui_rules(b, "", r);
		str_add(b, "<p>");
		ui_link(b, "", page, "The series with its messages");
		str_add(b, ", each commit with its diff.</p>\n</details>\n");
	}
	if (!n)
		str_add(b, "<p class=\"dim\">No result has a derived series yet.</p>\n");
}

static void add_logs(struct str *b, const struct site *s)
{
	if (!s->latest.n) {
		str_add(b, "<p class=\"dim\">None yet.</p>\n");
		return;
	}
	str_add(b, "<ul class=\"logs\">\n");
	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];
		_free_ page = cell_page(r), *log = cell_file(r, "-console.html");
		_free_ title = xasprintf("Console log of %s %s %s", r->kernel, r->arch, r->variant);

		str_add(b, "<li>");
		ui_link(b, "", log, title);
		str_add(b, " · ");
		ui_grade(b, r->shown, r->verdict);
		html_addf(b, " · %s · ", fmt_date(r->started).s);
		ui_link(b, "", page, "all of this cell");
		str_add(b, "</li>\n");
	}
	str_add(b, "</ul>\n");
}

static int add_suite_plots(struct site *s, struct str *b, const struct pair *p)
{
	_free_ page = suite_page(p);
	_str_ plots = {0};

	if (ui_plots(s, &plots, "", p))
		return -1;
	if (!plots.len)
		return 0;
	html_addf(b, "<details%s>\n<summary>%s %s: %s</summary>\n", b->len ? "" : " open", p->kernel, p->title, p->suite);
	str_addf(b, "%s<p>", plots.s);
	ui_link(b, "", page, "The suite with all its figures");
	str_add(b, "</p>\n</details>\n");
	return 0;
}

static int add_all_figures(struct site *s, struct str *b)
{
	if (ui_bars(s, b))
		return -1;
	for (size_t i = 0; i < s->pairs.n; i++)
		if (ui_figures(s, b, &s->pairs.v[i]))
			return -1;
	for (size_t i = 0; i < s->suites.n; i++)
		if (add_suite_plots(s, b, &s->suites.v[i]))
			return -1;
	if (!b->len)
		str_add(b, "<p class=\"dim\">No result has figures yet.</p>\n");
	return 0;
}

/* The headline is what stands before the colon; how it comes to that is a paragraph: it may have the details of a failure. */
static char *add_lead(struct str *lead, const char *sentence)
{
	const char *colon = strstr(sentence, ": ");

	if (!colon)
		return xasprintf("%s.", sentence);
	html_addf(lead, "\n<p class=\"lead\">%s.</p>", colon + 2);
	return xasprintf("%.*s:", (int)(colon - sentence), sentence);
}

int ui_index(struct site *s)
{
	_free_ headline = NULL;
	_str_ lead = {0}, sentence = {0}, facts = {0}, matrix = {0}, figures = {0}, series = {0}, logs = {0}, others = {0}, suites = {0}, rebases = {0}, body = {0}, crumbs = {0};
	enum grade g = verdict_grade(&s->pairs, &s->suites, NULL);

	verdict_sentence(&sentence, &s->pairs, &s->suites);
	headline = add_lead(&lead, sentence.s);
	add_facts(&facts, s);
	ui_matrix(&matrix, s);
	if (add_all_figures(s, &figures) || ui_rebases(s, &rebases))
		return -1;
	add_mutants(&matrix, s);
	add_others(&others, s);
	add_series(&series, s);
	add_logs(&logs, s);
	ui_suites(&suites, "", s, NULL, NULL);

	const struct tvar vars[] = {
		{ "grade", grade_class(g) }, { "symbol", grade_symbol(g) }, { "verdict", headline },
		{ "lead", str_get(&lead) },
		{ "facts", str_get(&facts) }, { "others", str_get(&others) }, { "matrix", str_get(&matrix) }, { "figures", str_get(&figures) },
		{ "rebases", rebases.len ? rebases.s : "<li class=\"dim\">None yet; <code>shpte rebase OLD NEW</code> makes one.</li>\n" },
		{ "series", str_get(&series) }, { "logs", str_get(&logs) },
		{ "suites", suites.len ? suites.s : "<p class=\"dim\">None was run; <code>shpte suite</code> does.</p>\n" }, { 0 }
	};

	if (template_file(&body, "index.html", vars))
		return -1;
	str_add(&crumbs, "<a href=\"#matrix\">Matrix</a> · <a href=\"#figures\">Figures</a> · <a href=\"#suites\">Suites</a>"
		" · <a href=\"#rebases\">Rebases</a> · <a href=\"#series\">Series</a>"
		" · <a href=\"#logs\">Logs</a> · <a href=\"results.json\">JSON</a>");
	return site_page(s, "index.html", str_get(&sentence), &crumbs, &body);
}
