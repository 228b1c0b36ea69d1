// SPDX-License-Identifier: GPL-2.0
/* Pieces of HTML that several pages have. */
#include <string.h>

#include "format.h"
#include "html.h"
#include "series.h"
#include "site.h"

char *arch_page(const char *arch)
{
	_free_ safe = file_name(arch);

	return xasprintf("arch/%s.html", safe);
}

char *cell_file(const struct result *r, const char *suffix)
{
	_free_ name = xasprintf("%s-%s-%s", r->kernel, r->arch, r->variant), *safe = file_name(name);

	return xasprintf("cell/%s%s", safe, suffix);
}

char *cell_page(const struct result *r)
{
	return cell_file(r, ".html");
}

char *series_page(const char *version)
{
	_free_ name = file_name(version);

	return xasprintf("series/%s.html", name);
}

char *commit_page(const char *hex)
{
	return xasprintf("commit/%s.html", hex);
}

char *suite_page(const struct pair *p)
{
	_free_ name = xasprintf("%s-%s-%s", p->kernel, p->arch, p->suite), *safe = file_name(name);

	return xasprintf("suite/%s.html", safe);
}

void ui_link(struct str *b, const char *root, const char *path, const char *text)
{
	str_addf(b, "<a href=\"%s", root);
	html_href(b, path);
	html_addf(b, "\">%s</a>", text);
}

void ui_commit_link(struct str *b, const char *root, const struct site *s, const char *hex)
{
	_free_ page = commit_page(hex);

	if (series_has(&s->latest, hex))
		ui_link(b, root, page, fmt_commit(hex).s);
	else
		html_addf(b, "<code>%s</code>", fmt_commit(hex).s);
}

void ui_grade(struct str *b, enum grade g, const char *word)
{
	html_addf(b, "<span class=\"v %s\"><span aria-hidden=\"true\">%s</span> %s</span>", grade_class(g),
		  grade_symbol(g), word);
}

void ui_stale(struct str *b, const struct pair *p)
{
	if (p->stale)
		html_addf(b, " <small>%s, %.10s</small>", p->stale, fmt_date(p->ours->started).s);
}

void ui_status(struct str *b, const char *status)
{
	str_add(b, "<td>");
	if (status)
		ui_grade(b, grade_test(status), *status ? status : "no status");
	else
		str_add(b, "<span class=\"dim\">–</span>");
	str_add(b, "</td>");
}

void ui_crumbs(struct str *b, const char *here)
{
	html_addf(b, "<span aria-current=\"page\">%s</span>", here);
}

void ui_table_begin(struct str *b, const char *label, const char *class)
{
	/* Focusable, so that the arrow keys scroll it as well. */
	html_addf(b, "<section class=\"scroll\" tabindex=\"0\" aria-label=\"%s\">\n<table class=\"%s\">\n",
		  label, class);
}

void ui_table_end(struct str *b)
{
	str_add(b, "</table>\n</section>\n");
}

/* Where a rule took hold: the first places at once, the others folded away. */
static void add_where(struct str *b, const json_t *where)
{
	const size_t shown = 3, n = json_array_size(where);
	const json_t *w;
	size_t i;

	if (!n)
		return;
	str_add(b, "<div class=\"where\">");
	json_array_foreach(where, i, w) {
		if (i == shown && n > shown + 1)
			str_addf(b, "<details><summary>and %zu more</summary>", n - shown);
		html_addf(b, "<code>%s</code> ", json_is_string(w) ? json_string_value(w) : "?");
	}
	str_add(b, n > shown + 1 ? "</details></div>" : "</div>");
}

static void add_places(struct str *b, const json_t *rule)
{
	const json_t *places = json_object_get(rule, "places"), *wanted = json_object_get(rule, "wanted");
	double is = json_number_value(places), should = json_number_value(wanted);

	if (!json_is_number(wanted) || !json_is_number(places) || (!is && !should))
		str_add(b, "<span class=\"dim\">–</span>");
	else if (is == should)
		html_addf(b, "%s of %s", fmt_count(is).s, fmt_count(should).s);
	else
		html_addf(b, "<span class=\"v bad\"><span aria-hidden=\"true\">✗</span> %s of %s</span>",
			  fmt_count(is).s, fmt_count(should).s);
}

static void add_rule(struct str *b, const char *root, const json_t *rule, size_t number)
{
	const char *commit = json_text(rule, "commit"), *subject = json_text(rule, "subject");
	const char *skipped = json_text(rule, "skipped");
	const json_t *seconds = json_object_get(rule, "seconds");

	str_addf(b, "<tr><td class=\"num dim\">%zu</td><td>", number);
	if (!*subject)
		subject = json_text(rule, "name");
	if (is_commit(commit)) {
		_free_ page = commit_page(commit);

		ui_link(b, root, page, subject);
	} else {
		html_addf(b, "%s <span class=\"dim\">(%s%s)</span>", subject, *skipped ? "not needed: " :
			  starts_with(json_text(rule, "name"), "churn/") ? "in the payload's commit" : "nothing to do on this tree", skipped);
	}
	add_where(b, json_object_get(rule, "where"));
	html_addf(b, "</td><td class=\"dim rule\"><code>%s</code></td><td class=\"num\">", json_text(rule, "name"));
	add_places(b, rule);
	html_addf(b, "</td><td class=\"num\">%s</td></tr>\n",
		  json_is_number(seconds) ? fmt_seconds(json_number_value(seconds)).s : "–");
}

void ui_rules(struct str *b, const char *root, const struct result *r)
{
	const json_t *rule;
	_free_ label = xasprintf("Rule commits on %s", r->version);
	size_t i;

	ui_table_begin(b, label, "all");
	str_add(b, "<thead><tr><th class=\"num\" scope=\"col\">#</th><th scope=\"col\">Commit, and where it took hold</th>"
		"<th scope=\"col\" class=\"rule\">Rule</th><th class=\"num\" scope=\"col\">Places</th>"
		"<th class=\"num\" scope=\"col\">Time</th></tr></thead>\n<tbody>\n");
	json_array_foreach(result_list(r, "rules"), i, rule)
		add_rule(b, root, rule, i + 1);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}
