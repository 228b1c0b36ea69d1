// SPDX-License-Identifier: GPL-2.0
/* The page of one derived series: its rules, and each commit's message; writes the commits' pages as well. */
#include "format.h"
#include "html.h"
#include "site.h"

static int add_message(struct site *s, struct str *b, const json_t *rule)
{
	const char *hex = json_text(rule, "commit");
	_free_ page = commit_page(hex);
	_str_ text = {0};

	if (commit_message(s, hex, &text) < 0)
		return -1;
	str_add(b, "<h3>");
	ui_link(b, "../", page, json_text(rule, *json_text(rule, "subject") ? "subject" : "name"));
	str_add(b, "</h3>\n");
	if (text.len)
		html_addf(b, "<pre class=\"message\">%s</pre>\n", text.s);
	return 0;
}

int ui_series(struct site *s, const struct result *r)
{
	_free_ path = series_page(r->version), *title = xasprintf("Shared page tables on %s", r->version);
	const json_t *rules = result_list(r, "rules"), *rule;
	_str_ body = {0}, crumbs = {0};
	size_t i;

	html_addf(&body, "<h1>%s</h1>\n<p class=\"facts\">%zu rules", title, json_array_size(rules));
	if (*r->branch)
		html_addf(&body, ", branch %s", r->branch);
	if (*r->commit)
		html_addf(&body, " at <code>%s</code>", r->commit);
	html_addf(&body, ". As patches for git am: <code>shpte export %s</code></p>\n", r->kernel);
	ui_rules(&body, "../", r);
	str_add(&body, "<h2>Messages</h2>\n");
	json_array_foreach(rules, i, rule)
		if (is_commit(json_text(rule, "commit")) && (add_message(s, &body, rule) || ui_commit(s, r, i)))
			return -1;
	ui_crumbs(&crumbs, r->version);
	return site_page(s, path, title, &crumbs, &body);
}
