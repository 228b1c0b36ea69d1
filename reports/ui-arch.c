// SPDX-License-Identifier: GPL-2.0
/* The page of an architecture: what it is, what became of each kernel on it, and since when. */
#include <math.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "../lib/fs.h"
#include "format.h"
#include "history.h"
#include "html.h"
#include "site.h"

/* As the guest itself found, see build-matrix/guest/. */
#define LEVELS "pagetable.levels"

static void add_fact(struct str *b, const char *name, const char *value, const char *otherwise)
{
	html_addf(b, "<dt>%s</dt><dd>%s</dd>\n", name, *value ? value : otherwise);
}

static bool says(const struct result *r, const char *key)
{
	return *result_str(r, key);
}

static bool measures(const struct result *r, const char *figure)
{
	return !isnan(result_figure(r, figure));
}

/* The newest result of the architecture that has it, NULL: none has. */
static const struct result *newest(const struct site *s, const char *arch, bool (*has)(const struct result *r, const char *what),
				   const char *what)
{
	const struct result *last = NULL;

	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];

		if (!strcmp(r->arch, arch) && has(r, what) && (!last || strcmp(r->stamp, last->stamp) > 0))
			last = r;
	}
	return last;
}

/* What the guest found, beside what the description says. */
static void add_levels(struct str *b, const struct site *s, const char *arch, long described)
{
	const struct result *last = newest(s, arch, measures, LEVELS);

	str_add(b, "<dt>Page tables</dt><dd>");
	/* The guest counts pages, and where nobody has said how many levels there are, a table need not be one. */
	if (!described) {
		str_add(b, "<span class=\"dim\">not counted: nobody has said that a table is a page here</span></dd>\n");
		return;
	}
	if (!last) {
		html_addf(b, "%ld level%s; ", described, described == 1 ? "" : "s");
		str_add(b, "<span class=\"dim\">the guest has not been asked yet</span></dd>\n");
		return;
	}

	_free_ page = cell_page(last);

	if (described != result_figure(last, LEVELS)) {
		ui_grade(b, BAD, "not as described");
		html_addf(b, ", which is %ld: ", described);
	}
	html_addf(b, "%s level%s, as the guest found in ", fmt_count(result_figure(last, LEVELS)).s,
		  result_figure(last, LEVELS) == 1 ? "" : "s");
	ui_link(b, "../", page, last->cell);
	str_add(b, "</dd>\n");
}

static void add_facts(struct str *b, const struct site *s, const char *arch, const struct arch_facts *f)
{
	const char *compiler = result_str(newest(s, arch, says, "compiler"), "compiler");
	const char *qemu = result_str(newest(s, arch, says, "qemu"), "qemu");

	str_add(b, "<dl class=\"grid\">\n<dt>Shared page tables</dt><dd>");
	ui_grade(b, f->supported ? GOOD : NONE, f->supported ? "supported" : "refused");
	html_addf(b, "%s%s</dd>\n", *f->because ? ": " : "", f->because);
	add_levels(b, s, arch, f->levels);
	add_fact(b, "Compiler", compiler, f->compiler);
	add_fact(b, "Emulator", qemu, f->emulator);
	if (*f->gate)
		add_fact(b, "Needs", f->gate, "");
	str_add(b, "</dl>\n");
}

/* "1,900 / 26,956": ours, then what the base takes; below, by how many processes and what they map. */
static void add_figure(struct str *b, const struct pair *p, const char *metric)
{
	int n = p->sharers.count ? p->sharers.n[p->sharers.count - 1] : 0;
	double base = n ? pair_figure(p, p->base, n, metric) : NAN, ours = n ? pair_figure(p, p->ours, n, metric) : NAN;

	str_add(b, "<td class=\"num wide\">");
	if (!isnan(base) || !isnan(ours))
		html_addf(b, "%s <span class=\"dim\">/ %s</span><br><small>%d × %s</small>", fmt_count(ours).s, fmt_count(base).s, n,
			  fmt_size(p->sharers.size).s);
	str_add(b, "</td>");
}

/* One run, as a sign; in words for who hovers and for who does not see it.  The latest has a page. */
static void add_run(struct str *b, const struct past *run, const struct result *latest)
{
	_free_ page = cell_page(latest);
	bool has_page = !strcmp(run->stamp, latest->stamp);

	if (has_page) {
		str_add(b, "<a href=\"../");
		html_href(b, page);
		str_add(b, "\">");
	}
	html_addf(b, "<span class=\"v %s\" title=\"%s: %s\"><span aria-hidden=\"true\">%s</span>"
		  "<span class=\"unseen\">%s: %s; </span></span>",
		  grade_class(run->shown), fmt_date(run->started).s, run->verdict, grade_symbol(run->shown), fmt_date(run->started).s,
		  run->verdict);
	str_add(b, has_page ? "</a>" : "");
}

/* The last verdicts of the derived kernel, oldest first. */
static int add_trail(struct site *s, struct str *b, const struct pair *p)
{
	struct past *past;
	size_t n;

	str_add(b, "<td class=\"trail wide\">");
	if (p->ours) {
		if (db_history(s->db, p->ours->cell, "", 12, &past, &n))
			return -1;
		for (size_t i = n; i--; )
			add_run(b, &past[i], p->ours);
		past_free(past, n);
	}
	str_add(b, "</td>");
	return 0;
}

/* A kernel that was run on it, with nothing to measure or to follow where only suites were. */
static int add_kernel(struct site *s, struct str *b, const char *kernel, const char *arch)
{
	const struct pair *p = pairs_find(&s->pairs, kernel, arch), *any = p ?: pairs_find(&s->suites, kernel, arch);
	const struct result *r = !any ? NULL : any->ours ? any->ours : any->base;

	if (!r)
		return 0;
	html_addf(b, "<tr><th scope=\"row\">Linux %s<small>%s</small></th>", kernel, r->version);
	for (int ours = 0; ours < 2; ours++)
		ui_cell_of(b, "../", s, kernel, arch, ours);
	if (p) {
		add_figure(b, p, "pagetables_kb");
		add_figure(b, p, "minor_faults");
		if (add_trail(s, b, p))
			return -1;
	} else {
		str_add(b, "<td class=\"wide\"></td><td class=\"wide\"></td><td class=\"wide\"></td>");
	}
	str_add(b, "</tr>\n");
	return 0;
}

static int add_cells(struct site *s, struct str *b, const char *arch)
{
	_strv_ kernels = {0};
	_str_ rows = {0};

	pairs_names(&s->pairs, &kernels, NULL);
	pairs_names(&s->suites, &kernels, NULL);
	for (size_t i = 0; i < kernels.n; i++)
		if (add_kernel(s, &rows, kernels.v[i], arch))
			return -1;
	str_add(b, "<h2>Kernels</h2>\n");
	if (!rows.len) {
		str_add(b, "<p class=\"dim\">No kernel was run on it yet.</p>\n");
		return 0;
	}
	ui_table_begin(b, "Kernels and variants", "matrix");
	str_addf(b, "<thead><tr><th scope=\"col\">Kernel</th><th scope=\"col\">base</th><th scope=\"col\">shpte</th>"
		 "<th scope=\"col\" class=\"num wide\">Page tables, kB<br><small>shpte / base</small></th>"
		 "<th scope=\"col\" class=\"num wide\">Minor faults<br><small>shpte / base</small></th>"
		 "<th scope=\"col\" class=\"wide\">Last runs</th></tr></thead>\n<tbody>\n%s</tbody>\n", rows.s);
	ui_table_end(b);
	ui_notes(b, s, arch);
	return 0;
}

static void add_cause(struct str *b, const struct site *s, const struct turn *t)
{
	html_addf(b, "%s", t->cause);
	if (!*t->commit)
		return;
	str_add(b, " <span class=\"dim\">(");
	ui_commit_link(b, "../", s, t->commit);
	str_add(b, ")</span>");
}

/* Only the latest run of a cell has a page. */
static void add_cell_name(struct str *b, const struct site *s, const struct result *r)
{
	_free_ name = xasprintf("%s %s", r->kernel, r->variant), *page = cell_page(r);
	bool latest = false;

	for (size_t i = 0; i < s->latest.n && !latest; i++)
		latest = !strcmp(s->latest.v[i].cell, r->cell) && !strcmp(s->latest.v[i].stamp, r->stamp);
	if (latest)
		ui_link(b, "../", page, name);
	else
		html_addf(b, "%s", name);
	html_addf(b, "<br><small>%s</small>", r->version);
}

static void add_turn(struct str *b, const struct site *s, const struct turn *t)
{
	const struct result *r = t->after;
	_str_ brief = {0};

	html_addf(b, "<tr><td class=\"when\">%s</td><td>", fmt_date(r->started).s);
	add_cell_name(b, s, r);
	str_add(b, "</td><td>");
	if (t->before) {
		ui_grade(b, t->before->shown, t->before->verdict);
		str_add(b, " → ");
	}
	ui_grade(b, r->shown, r->verdict);
	str_add(b, "</td><td>");
	add_cause(b, s, t);
	result_brief(&brief, r, NULL);
	html_addf(b, "</td><td class=\"detail wide\">%s</td></tr>\n", r->grade == GOOD ? "" : str_get(&brief));
}

static void add_turns(struct str *b, const struct site *s, const struct results *runs)
{
	struct turns turns;

	turns_find(&turns, runs);
	str_add(b, "<h2>What turned red, what green</h2>\n");
	if (!turns.n)
		str_add(b, "<p class=\"dim\">Nothing yet.</p>\n");
	else {
		ui_table_begin(b, "Changes of verdict", "all");
		str_add(b, "<thead><tr><th scope=\"col\">When</th><th scope=\"col\">Cell</th><th scope=\"col\">Verdict</th>"
			"<th scope=\"col\">With</th><th scope=\"col\" class=\"wide\">Detail</th></tr></thead>\n<tbody>\n");
		for (size_t i = 0; i < turns.n; i++)
			add_turn(b, s, &turns.v[i]);
		str_add(b, "</tbody>\n");
		ui_table_end(b);
	}
	turns_free(&turns);
}

int ui_arch(struct site *s, const char *arch)
{
	_free_ path = arch_page(arch), *dir = cache_path("results");
	_cleanup_(arch_facts_free) struct arch_facts facts;
	_cleanup_(results_free) struct results runs = {0};
	_str_ body = {0}, crumbs = {0};

	arch_facts(&facts, arch);
	if (db_runs(s->db, dir, arch, &runs))
		return -1;
	html_addf(&body, "<h1>%s", facts.title);
	if (strcmp(facts.title, arch))
		html_addf(&body, " <span class=\"dim\">%s</span>", arch);
	str_add(&body, "</h1>\n");
	add_facts(&body, s, arch, &facts);
	if (add_cells(s, &body, arch))
		return -1;
	ui_suites_below(&body, s, NULL, arch);
	if (ui_trends(s, &body, arch, &runs))
		return -1;
	add_turns(&body, s, &runs);
	ui_crumbs(&crumbs, arch);
	return site_page(s, path, facts.title, &crumbs, &body);
}
