// SPDX-License-Identifier: GPL-2.0
/* The page of one cell: all that is known of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "figure.h"
#include "format.h"
#include "html.h"
#include "series.h"
#include "site.h"

/* The other kernel of the pair, NULL: not run. */
static const struct result *twin_of(const struct pair *p, const struct result *r)
{
	return !p ? NULL : p->base == r ? p->ours : p->base;
}

static void add_fact(struct str *b, const char *name, const char *value)
{
	if (*value)
		html_addf(b, "<dt>%s</dt><dd>%s</dd>\n", name, value);
}

static void add_source(struct str *b, const struct site *s, const struct result *r)
{
	const char *stale = series_stale(&s->latest, r);
	_free_ page = series_page(r->version);

	add_fact(b, "Source", r->version);
	if (!*r->branch && !*r->commit)
		return;
	html_addf(b, "<dt>Branch</dt><dd>%s", r->branch);
	if (*r->commit)
		html_addf(b, " at <code>%s</code>", fmt_commit(r->commit).s);
	if (json_array_size(result_list(r, "rules"))) {
		html_addf(b, "%s%s: ", stale ? ", " : "", stale ?: "");
		ui_link(b, "../", page, stale ? "the newest" : "the series");
	}
	str_add(b, "</dd>\n");
}

static void add_machine(struct str *b, const struct result *r)
{
	json_t *mem = json_object_get(r->json, "mem"), *smp = json_object_get(r->json, "smp");
	_str_ text = {0};

	if (json_is_number(mem))
		str_add(&text, fmt_bytes(json_number_value(mem)).s);
	if (json_is_integer(smp))
		str_addf(&text, "%s%lld CPUs", text.len ? ", " : "", (long long)json_integer_value(smp));
	add_fact(b, "Machine", str_get(&text));
}

static void add_times(struct str *b, const struct result *r)
{
	double hits = result_num(r, "ccache", "hits"), misses = result_num(r, "ccache", "misses");
	double build = result_seconds(r, "build"), boot = result_seconds(r, "boot");

	add_fact(b, "Started", fmt_date(r->started).s);
	add_fact(b, "Build", isnan(build) && !isnan(boot) ? "was built before" : fmt_seconds(build).s);
	add_fact(b, "Boot and tests", isnan(boot) ? "was not booted" : fmt_seconds(boot).s);
	if (hits + misses > 0)
		html_addf(b, "<dt>ccache</dt><dd>%s of %s compilations (%.0f %%)</dd>\n", fmt_count(hits).s,
			  fmt_count(hits + misses).s, 100 * hits / (hits + misses));
}

static void add_facts(struct str *b, const struct site *s, const struct result *r, const struct result *twin)
{
	_free_ arch = arch_page(r->arch);
	_str_ mutants = {0};

	str_add(b, "<dl class=\"grid\">\n");
	add_source(b, s, r);
	str_add(b, "<dt>Architecture</dt><dd>");
	ui_link(b, "../", arch, r->arch);
	str_add(b, "</dd>\n");
	add_fact(b, "Compiler", result_str(r, "compiler"));
	add_fact(b, "Emulator", result_str(r, "qemu"));
	add_machine(b, r);
	add_times(b, r);
	if (twin) {
		_free_ page = cell_page(twin);

		str_add(b, "<dt>Twin</dt><dd>");
		ui_link(b, "../", page, twin->cell);
		str_add(b, " ");
		ui_grade(b, twin->shown, twin->verdict);
		str_add(b, "</dd>\n");
	}
	if (ui_mutate_link(&mutants, "../", r))
		str_addf(b, "<dt>Mutants</dt><dd>%s</dd>\n", str_get(&mutants));
	if (*result_str(r, "reproduce"))
		html_addf(b, "<dt>By hand</dt><dd><code class=\"command\">%s</code></dd>\n", result_str(r, "reproduce"));
	str_add(b, "</dl>\n");
}

static void add_complaints(struct str *b, const struct result *r, const bool *found)
{
	_free_ log = cell_file(r, "-console.html");
	json_t *c;
	size_t i;

	if (!json_array_size(result_list(r, "complaints")))
		return;
	str_add(b, "<h2>What the kernel complained of</h2>\n<ol class=\"complaints\">\n");
	json_array_foreach(result_list(r, "complaints"), i, c) {
		html_addf(b, "<li><code>%s</code>", json_string_value(c));
		if (found[i]) {
			str_add(b, " <a href=\"../");
			html_href(b, log);
			str_addf(b, "#c%zu\">in the log</a>", i);
		}
		str_add(b, "</li>\n");
	}
	str_add(b, "</ol>\n");
}

static void add_figures(struct str *b, const struct result *r, const struct pair *p)
{
	const struct result *base = p ? p->base : NULL;
	const char *key;
	json_t *v;

	if (!json_object_size(result_list(r, "figures")))
		return;
	str_add(b, "<h2>Figures</h2>\n");
	ui_table_begin(b, "Figures", "fit");
	str_add(b, "<thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"num\">Here</th>");
	if (base && base != r)
		str_add(b, "<th scope=\"col\" class=\"num\">base</th><th scope=\"col\" class=\"num wide\">Difference</th>");
	str_add(b, "</tr></thead>\n<tbody>\n");
	json_object_foreach(result_list(r, "figures"), key, v) {
		double here = json_number_value(v), there = base ? result_figure(base, key) : NAN;

		html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th><td class=\"num\">%s</td>", key, fmt_count(here).s);
		if (base && base != r) {
			html_addf(b, "<td class=\"num\">%s</td><td class=\"num wide\">", fmt_count(there).s);
			figure_difference(b, r, key, there, here);
			str_add(b, "</td>");
		}
		str_add(b, "</tr>\n");
	}
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

/* The files of the result folder, as they are. */
static int add_files(struct site *s, struct str *b, const struct result *r)
{
	static const struct {
		const char *file, *suffix, *name;
	} files[] = {
		{ "ktap.log", "-ktap.txt", "What the guest tests said" },
		{ "build.log", "-build.txt", "Build log" },
		{ "config", "-config.txt", "Kernel configuration" },
		{ "result.json", "-result.json", "This result as JSON" },
	};
	_free_ log = cell_file(r, "-console.html"), *txt = cell_file(r, "-console.txt"), *tap = cell_file(r, "-tap.txt");

	if (export_tap(s, r, tap))
		return -1;
	str_add(b, "<h2>Logs</h2>\n<ul class=\"logs\">\n<li>");
	ui_link(b, "../", log, "Console log");
	str_add(b, " (");
	ui_link(b, "../", txt, "as text");
	str_add(b, ")</li>\n<li>");
	ui_link(b, "../", tap, "This result as KTAP");
	str_add(b, "</li>\n");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		_free_ from = xasprintf("%s/%s", r->dir, files[i].file), *to = cell_file(r, files[i].suffix);
		struct stat st;

		if (stat(from, &st) || !S_ISREG(st.st_mode))
			continue;
		if (site_copy(s, to, from))
			return -1;
		str_add(b, "<li>");
		ui_link(b, "../", to, files[i].name);
		html_addf(b, " <span class=\"dim\">%s</span></li>\n", fmt_bytes(st.st_size).s);
	}
	str_add(b, "</ul>\n");
	return 0;
}

static int add_history(struct site *s, struct str *b, const struct result *r, const struct pair *p)
{
	_free_ key = p ? pair_key_figure(p) : NULL;
	struct past *past;
	size_t n;

	if (db_history(s->db, r->cell, key ? key : "", 50, &past, &n))
		return -1;
	html_addf(b, "<h2>History</h2>\n");
	ui_table_begin(b, "Older results of this cell", "fit");
	str_add(b, "<thead><tr><th scope=\"col\">When</th><th scope=\"col\">Verdict</th>");
	if (key)
		html_addf(b, "<th scope=\"col\" class=\"num\">Page tables, kB<br><small>%d processes × %s</small></th>",
			  p->sharers.n[p->sharers.count - 1], fmt_size(p->sharers.size).s);
	str_add(b, "<th scope=\"col\">Source</th><th scope=\"col\">Commit</th><th scope=\"col\">Detail</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		html_addf(b, "<tr><td class=\"when\">%s</td><td>", fmt_date(past[i].started).s);
		ui_grade(b, past[i].shown, past[i].verdict);
		str_add(b, "</td>");
		if (key)
			html_addf(b, "<td class=\"num\">%s</td>", fmt_count(past[i].figure).s);
		html_addf(b, "<td>%s</td><td><code>%s</code></td><td class=\"detail\">%s</td></tr>\n", past[i].version,
			  fmt_commit(past[i].commit).s, past[i].detail);
	}
	past_free(past, n);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
	return 0;
}

static void add_verdict(struct str *b, const struct result *r, const struct pair *p)
{
	const char *word = p && p->ours == r ? pair_word(p) : NULL;
	enum grade g = r->shown;
	_str_ brief = {0};

	result_brief(&brief, r, NULL);
	html_addf(b, "<h1>%s %s %s</h1>\n<p class=\"verdict %s\"><span class=\"symbol\" aria-hidden=\"true\">%s</span> ", r->kernel,
		  r->arch, r->variant, grade_class(g), grade_symbol(g));
	if (word)
		html_addf(b, "%s: ", word);
	html_addf(b, "%s%s%s</p>\n", r->verdict, *r->detail ? ": " : "", str_get(&brief));
	if (strcmp(str_get(&brief), r->detail))
		html_addf(b, "<details><summary>All that failed, in the words of the tests</summary>\n<p class=\"detail\">%s</p>\n</details>\n",
			  r->detail);
}

int ui_cell(struct site *s, const struct result *r)
{
	const struct pair *p = site_pair(s, r);
	const struct result *twin = twin_of(p, r);
	_free_ path = cell_page(r), *title = xasprintf("%s: %s", r->cell, r->verdict);
	bool *found = xcalloc(json_array_size(result_list(r, "complaints")), sizeof(bool));
	_str_ body = {0}, crumbs = {0}, shots = {0};
	int ret = ui_log(s, r, found);

	add_verdict(&body, r, p);
	add_facts(&body, s, r, twin);
	add_complaints(&body, r, found);
	ui_shots(&shots, "../", r);
	if (shots.len)
		str_addf(&body, "<h2>The screen</h2>\n%s", shots.s);
	ui_tests(&body, r, p);
	add_figures(&body, r, p);
	ui_suites_below(&body, s, r->kernel, r->arch);
	free(found);
	if (ret || shots_copy(s, r) || add_files(s, &body, r) || add_history(s, &body, r, p))
		return -1;
	ui_crumbs(&crumbs, r->cell);
	return site_page(s, path, title, &crumbs, &body);
}
