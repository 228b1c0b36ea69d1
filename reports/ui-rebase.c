// SPDX-License-Identifier: GPL-2.0
/* The page of one port, from a kernel to another, as `shpte rebase` left it in the cache. */
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "format.h"
#include "html.h"
#include "site.h"

static json_t *load(const char *name)
{
	_free_ path = cache_path("rebases/%s", name);
	json_t *port = json_load_file(path, 0, NULL);

	if (json_is_object(port) && *json_text(port, "old") && *json_text(port, "new"))
		return port;
	warn("%s can't be read; 'shpte rebase' makes it anew", path);
	json_decref(port);
	return NULL;
}

static char *page_of(const json_t *port)
{
	_free_ name = xasprintf("%s-to-%s", json_text(port, "old"), json_text(port, "new")), *safe = file_name(name);

	return xasprintf("rebase/%s.html", safe);
}

static enum grade grade_of(const json_t *port)
{
	return strcmp(json_text(port, "verdict"), "ported") ? BAD : GOOD;
}

static size_t count(const json_t *port, const char *status)
{
	const json_t *r;
	size_t i, n = 0;

	json_array_foreach(json_object_get(port, "rules"), i, r)
		n += !strcmp(json_text(r, "status"), status);
	return n;
}

static void sentence(struct str *b, const json_t *port)
{
	static const char *const all[] = { "same", "moved", "new", "not needed", "no longer needed", "parse failure", "needs a human" };

	str_addf(b, "%s on %s: %s", json_text(port, "old"), json_text(port, "new"), json_text(port, "verdict"));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (count(port, all[i]))
			str_addf(b, "%s%zu %s", i ? ", " : ": ", count(port, all[i]), all[i]);
}

/* What is to be added in small letters, if anything is. */
static void add_small(struct str *b, const char *text)
{
	if (*text)
		html_addf(b, " <small class=\"dim\">%s</small>", text);
}

/* A list, or, where it would be empty, a word that says so; "": nothing. */
static void add_items(struct str *b, const struct str *items, const char *otherwise)
{
	if (items->len)
		str_addf(b, "<ul>\n%s</ul>\n", items->s);
	else if (*otherwise)
		html_addf(b, "<p class=\"dim\">%s</p>\n", otherwise);
}

static void add_places(struct str *b, const json_t *where)
{
	const json_t *w;
	size_t i;

	json_array_foreach(where, i, w) {
		str_add(b, i ? "<br>" : "");
		html_addf(b, "<code>%s</code>", json_is_string(w) ? json_string_value(w) : "?");
	}
}

static enum grade outcome_grade(const char *outcome)
{
	return !strcmp(outcome, "applies") ? GOOD : !strcmp(outcome, "lands wrong") ? BAD : NONE;
}

static void add_tools(struct str *b, const json_t *tools)
{
	const json_t *t;
	size_t i;

	json_array_foreach(tools, i, t) {
		str_add(b, "<td class=\"wide\">");
		ui_grade(b, outcome_grade(json_text(t, "outcome")), json_text(t, "outcome"));
		add_small(b, json_text(t, "what"));
		str_add(b, "</td>");
	}
	for (; i < 3; i++)
		str_add(b, "<td class=\"wide\">–</td>");
}

static bool is_failure(const char *status)
{
	return !strcmp(status, "needs a human") || !strcmp(status, "parse failure");
}

static void add_row(struct str *b, const json_t *r)
{
	const char *status = json_text(r, "status");

	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th><td>", json_text(r, "name"));
	ui_grade(b, is_failure(status) ? BAD : GOOD, status);
	html_addf(b, "</td><td class=\"detail\">%s", json_text(r, "why"));
	if (*json_text(r, "why"))
		str_add(b, "<br>");
	if (strcmp(json_text(r, "name"), "payload")) {
		if (strcmp(status, "same"))
			add_places(b, json_object_get(r, "old"));
		str_add(b, "</td><td class=\"detail\">");
		add_places(b, json_object_get(r, "new"));
	} else {
		str_add(b, "</td><td>");
	}
	str_add(b, "</td>");
	add_tools(b, json_object_get(r, "tools"));
	str_add(b, "</tr>\n");
}

static void add_hooks(struct str *b, const json_t *port)
{
	const json_t *tools = json_object_get(port, "tools"), *rules = json_object_get(port, "rules"), *t, *r;
	_str_ items = {0};
	size_t i;

	if (!json_array_size(rules))
		return;
	str_add(b, "<h2>Hook by hook</h2>\n");
	ui_table_begin(b, "Hooks, where they were and are, and what plain tools make of their commits", "all");
	str_add(b, "<thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">Outcome</th><th scope=\"col\">Was, or why</th><th scope=\"col\">Is</th>");
	json_array_foreach(tools, i, t)
		html_addf(b, "<th scope=\"col\" class=\"wide\">%s</th>", json_text(t, "tool"));
	str_add(b, "</tr></thead>\n<tbody>\n");
	json_array_foreach(rules, i, r)
		add_row(b, r);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
	str_add(b, "<p class=\"hint\">The tools were run on the commits of the old branch: a commit that one of them applies is held against where"
		" the rules put its calls.</p>\n");
	json_array_foreach(tools, i, t)
		html_addf(&items, "<li>%s: %lld apply, %lld conflict, %lld land wrong</li>\n", json_text(t, "tool"),
			  (long long)json_integer_value(json_object_get(t, "applies")),
			  (long long)json_integer_value(json_object_get(t, "conflicts")),
			  (long long)json_integer_value(json_object_get(t, "wrong")));
	add_items(b, &items, "");
}

static void add_churn(struct str *b, const json_t *port)
{
	_str_ items = {0};
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(port, "churn"), i, c) {
		bool fired = json_is_true(json_object_get(c, "fired"));

		str_add(&items, "<li>");
		ui_grade(&items, fired ? GOOD : NONE, fired ? "followed" : "not needed");
		html_addf(&items, " <code>%s</code> %s", json_text(c, "name"), json_text(c, "subject"));
		add_small(&items, json_text(c, "why"));
		str_add(&items, "</li>\n");
	}
	str_add(b, "<h2>What our own files follow</h2>\n");
	add_items(b, &items, "Nothing.");
}

/* A unified diff, a line a span: what came, what went. */
static void add_diff(struct str *b, const char *text)
{
	_strv_ lines = {0};

	strv_split(&lines, text, "\n");
	str_add(b, "<pre class=\"diff\">");
	for (size_t i = 0; i < lines.n; i++) {
		const char *s = lines.v[i];

		html_addf(b, "<span class=\"%s\">%s</span>", *s == '+' ? "add" : *s == '-' ? "del" : *s == '@' ? "hunk" : "ctx", s);
	}
	str_add(b, "</pre>\n");
}

static void add_around(struct str *b, const json_t *port)
{
	const json_t *r, *a;
	size_t i, k;

	str_add(b, "<h2>What changed around the hooks</h2>\n");
	json_array_foreach(json_object_get(port, "rules"), i, r)
		json_array_foreach(json_object_get(r, "around"), k, a) {
			html_addf(b, "<details><summary><code>%s</code> in <code>%s()</code></summary>\n", json_text(r, "name"),
				  json_text(a, "function"));
			add_diff(b, json_text(a, "diff"));
			str_add(b, "</details>\n");
		}
}

static void add_list(struct str *b, const char *what, const json_t *l)
{
	const json_t *w;
	size_t i;

	json_array_foreach(l, i, w)
		html_addf(b, "<li>%s: <code>%s</code></li>\n", what, json_is_string(w) ? json_string_value(w) : "?");
}

static double number(const json_t *port, const char *object, const char *key)
{
	return json_number_value(json_object_get(json_object_get(port, object), key));
}

static void add_function(struct str *b, const json_t *f)
{
	const char *status = json_text(f, "status"), *verdict = json_text(f, "verdict");
	enum grade g = !strcmp(status, "read") ? GOOD : NONE;

	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th><td><code>%s</code></td><td>", json_text(f, "function"), json_text(f, "path"));
	ui_grade(b, g, status);
	html_addf(b, "</td><td>%s</td><td class=\"detail\">%s</td></tr>\n", *verdict ? verdict : "–", json_text(f, "because"));
}

/* What was said of each, which is what a maintainer trusts in place of reading them. */
static void add_functions(struct str *b, const json_t *list)
{
	const json_t *f;
	size_t i;

	if (!json_array_size(list))
		return;
	str_add(b, "<details><summary>Each function, and why it is safe or what covers it</summary>\n");
	ui_table_begin(b, "Functions that write, move, keep or read page-table entries", "fit");
	str_add(b, "<thead><tr><th scope=\"col\">Function</th><th scope=\"col\">File</th><th scope=\"col\">Status</th>"
		"<th scope=\"col\">Verdict</th><th scope=\"col\">Because</th></tr></thead>\n<tbody>\n");
	json_array_foreach(list, i, f)
		add_function(b, f);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
	str_add(b, "</details>\n");
}

static void add_rest(struct str *b, const json_t *port)
{
	const json_t *audit = json_object_get(port, "audit");
	double generated = number(port, "figures", "generated_lines");
	_str_ items = {0};

	html_addf(b, "<h2>Audit</h2>\n<p>%s functions write, move, keep or read page-table entries of user memory; %s are read.</p>\n",
		  fmt_count(number(port, "audit", "functions")).s, fmt_count(number(port, "audit", "read")).s);
	add_list(&items, "new", json_object_get(audit, "new"));
	add_list(&items, "changed", json_object_get(audit, "changed"));
	add_list(&items, "gone", json_object_get(audit, "gone"));
	add_items(b, &items, "");
	add_functions(b, json_object_get(audit, "list"));
	html_addf(b, "<h2>Effort</h2>\n<p>%s lines of rules and %s of churn", fmt_count(number(port, "figures", "rule_lines")).s,
		  fmt_count(number(port, "figures", "churn_lines")).s);
	/* Without a branch there are none. */
	if (generated >= 0)
		html_addf(b, " make %s lines of changes to the kernel's files", fmt_count(generated).s);
	html_addf(b, "; %s lines of churn are for this port. The payload has %s lines.</p>\n",
		  fmt_count(number(port, "figures", "fired_lines")).s, fmt_count(number(port, "figures", "payload_lines")).s);
	if (*json_text(port, "range_diff"))
		html_addf(b, "<h2>The two branches</h2>\n<details><summary>git range-diff</summary>\n<pre>%s</pre>\n</details>\n",
			  json_text(port, "range_diff"));
}

/* The branch may have been derived anew since the port: what was booted is named where it is not what this page shows. */
static void add_branch(struct str *b, const struct result *r, const json_t *port)
{
	const char *tip = json_text(port, "new_tip");

	if (json_array_size(result_list(r, "rules")) && is_commit(tip) && is_commit(r->commit) && strcmp(tip, r->commit))
		html_addf(b, " <strong>of another branch</strong>, at <code>%s</code>; this port is at <code>%s</code>",
			  fmt_commit(r->commit).s, fmt_commit(tip).s);
}

/* What came of the new kernel on each machine; the version of a result is the store's. */
static void add_cells(struct str *b, const struct site *s, const json_t *port)
{
	size_t n = 0;

	str_add(b, "<h2>Built and booted</h2>\n<ul>\n");
	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];
		_free_ page = cell_page(r), *name = xasprintf("%s %s %s", r->kernel, r->arch, r->variant);

		if (strcmp(r->version, json_text(port, "new")))
			continue;
		n++;
		str_add(b, "<li>");
		ui_grade(b, r->grade, r->verdict);
		str_add(b, " ");
		ui_link(b, "../", page, name);
		add_branch(b, r, port);
		add_small(b, r->detail);
		str_add(b, "</li>\n");
	}
	if (!n)
		html_addf(b, "<li class=\"dim\">Not yet; <code>shpte matrix</code> does it.</li>\n");
	str_add(b, "</ul>\n");
}

static void add_sparse_of(struct str *b, const json_t *j)
{
	const char *why = json_text(j, "why");
	const json_t *news = json_object_get(j, "new"), *w;
	size_t i;

	html_addf(b, "<li>%s: ", json_text(j, "arch"));
	if (*why)
		html_addf(b, "nothing was checked, %s", why);
	else
		html_addf(b, "%s files, %s warnings, %zu of them not in the base", fmt_count(json_number_value(json_object_get(j, "files"))).s,
			  fmt_count(json_number_value(json_object_get(j, "warnings"))).s, json_array_size(news));
	json_array_foreach(news, i, w)
		html_addf(b, "<br><code>%s</code>", json_string_value(w));
	str_add(b, "</li>\n");
}

/* What `shpte sparse` has found on the new kernel. */
static void add_sparse(struct str *b, const json_t *port)
{
	_free_ dir = cache_path("sparse/%s", json_text(port, "new"));
	_strv_ names = {0};

	dir_list(dir, ".json", &names);
	str_add(b, "<h2>Sparse</h2>\n<ul>\n");
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		json_t *j = json_load_file(path, 0, NULL);

		if (j)
			add_sparse_of(b, j);
		json_decref(j);
	}
	if (!names.n)
		html_addf(b, "<li class=\"dim\">Not run yet; <code>shpte sparse KERNEL/ARCH</code> does it.</li>\n");
	str_add(b, "</ul>\n");
}

/* What one of the two kernels needs and the other does not. */
static void add_decided(struct str *b, const json_t *port)
{
	const json_t *all = json_object_get(port, "decided"), *d;
	size_t i;

	if (!json_array_size(all))
		return;
	str_add(b, "<h2>Needed by one of the two kernels</h2>\n<p class=\"hint\">A hook that is left out by mistake is missed by nobody: read what"
		" decided it.</p>\n<ul>\n");
	json_array_foreach(all, i, d)
		html_addf(b, "<li>%s: <code>%s</code> %s <small class=\"dim\">%s%s</small></li>\n",
			  json_is_true(json_object_get(d, "needed")) ? "needed from now on" : "no longer needed", json_text(d, "name"),
			  json_text(d, "subject"), json_is_true(json_object_get(d, "needed")) ? "until now, " : "", json_text(d, "why"));
	str_add(b, "</ul>\n");
}

static int add_page(struct site *s, const json_t *port)
{
	_free_ path = page_of(port), *title = xasprintf("From %s to %s", json_text(port, "old"), json_text(port, "new"));
	_str_ body = {0}, crumbs = {0}, line = {0};
	enum grade g = grade_of(port);

	sentence(&line, port);
	html_addf(&body, "<h1>%s</h1>\n<p class=\"verdict %s\"><span class=\"symbol\" aria-hidden=\"true\">%s</span> %s</p>\n"
		  "<p class=\"facts\">%s, in %s</p>\n", title, grade_class(g), grade_symbol(g), line.s, fmt_date(json_text(port, "made")).s,
		  fmt_seconds(json_number_value(json_object_get(port, "seconds"))).s);
	if (*json_text(port, "headline"))
		html_addf(&body, "<p>%s</p>\n", json_text(port, "headline"));
	add_decided(&body, port);
	add_hooks(&body, port);
	add_cells(&body, s, port);
	add_sparse(&body, port);
	add_churn(&body, port);
	add_around(&body, port);
	add_rest(&body, port);
	ui_crumbs(&crumbs, title);
	return site_page(s, path, title, &crumbs, &body);
}

bool ui_has_rebases(void)
{
	_free_ dir = cache_path("rebases");
	_strv_ names = {0};

	dir_list(dir, ".json", &names);
	return names.n > 0;
}

int ui_rebases(struct site *s, struct str *list)
{
	_free_ dir = cache_path("rebases");
	_strv_ names = {0};
	int ret = 0;

	dir_list(dir, ".json", &names);
	for (size_t i = 0; i < names.n && !ret; i++) {
		json_t *port = load(names.v[i]);
		_free_ path = port ? page_of(port) : NULL;
		_str_ line = {0};

		if (!port)
			continue;
		sentence(&line, port);
		str_add(list, "<li>");
		ui_grade(list, grade_of(port), "");
		ui_link(list, "", path, line.s);
		str_add(list, "</li>\n");
		ret = add_page(s, port);
		json_decref(port);
	}
	return ret;
}
