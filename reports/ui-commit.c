// SPDX-License-Identifier: GPL-2.0
/* The page of one rule's commit: what it says, what it did, its diff. */
#include <string.h>

#include "format.h"
#include "html.h"
#include "site.h"

/* The nearest rule before or after that has a commit. */
static void add_neighbour(struct str *b, const struct result *r, size_t rule, int step, const char *name)
{
	const json_t *rules = result_list(r, "rules");

	for (size_t i = rule + step; i < json_array_size(rules); i += step) {
		const char *hex = json_text(json_array_get(rules, i), "commit");

		if (is_commit(hex)) {
			_free_ page = commit_page(hex);

			str_add(b, " · ");
			ui_link(b, "../", page, name);
			return;
		}
	}
}

static void add_facts(struct str *b, const json_t *rule, const struct result *r, size_t number)
{
	const json_t *where = json_object_get(rule, "where"), *w;
	size_t i;

	html_addf(b, "<p class=\"facts\">Rule <code>%s</code>, number %zu of %zu on %s, commit <code>%s</code></p>\n",
		  json_text(rule, "name"), number + 1, json_array_size(result_list(r, "rules")), r->version,
		  json_text(rule, "commit"));
	if (!json_array_size(where))
		return;
	html_addf(b, "<p class=\"where\">%s of %s places: ", fmt_count(json_number_value(json_object_get(rule, "places"))).s,
		  fmt_count(json_number_value(json_object_get(rule, "wanted"))).s);
	json_array_foreach(where, i, w)
		html_addf(b, "<code>%s</code> ", json_is_string(w) ? json_string_value(w) : "?");
	str_add(b, "</p>\n");
}

int ui_commit(struct site *s, const struct result *r, size_t number)
{
	const json_t *rule = json_array_get(result_list(r, "rules"), number);
	_free_ series = series_page(r->version), *path = commit_page(json_text(rule, "commit"));
	const char *subject = json_text(rule, "subject");
	_str_ body = {0}, crumbs = {0};
	int ret;

	ui_link(&crumbs, "../", series, "series");
	str_add(&crumbs, " / ");
	ui_crumbs(&crumbs, fmt_commit(json_text(rule, "commit")).s);
	add_neighbour(&crumbs, r, number, -1, "previous");
	add_neighbour(&crumbs, r, number, 1, "next");
	subject = *subject ? subject : json_text(rule, "name");
	html_addf(&body, "<h1>%s</h1>\n", subject);
	add_facts(&body, rule, r, number);
	ret = commit_html(s, json_text(rule, "commit"), &body);
	if (ret < 0)
		return -1;
	if (ret)
		str_add(&body, "<p class=\"absent\">The store of this machine does not have the commit: the result was made elsewhere,"
			" or the branch was derived anew since.</p>\n");
	return site_page(s, path, subject, &crumbs, &body);
}
