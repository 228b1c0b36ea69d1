// SPDX-License-Identifier: GPL-2.0
/* A port as a mail. */
#include <string.h>

#include "../lib/json.h"
#include "port.h"

static int number(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

static void add_head(const json_t *port, struct str *out)
{
	str_addf(out, "Shared page tables: %s on %s\n\n", json_text(port, "old"), json_text(port, "new"));
	str_addf(out, "%s", json_text(port, "headline"));
	if (*json_text(port, "new_tip"))
		str_addf(out, " Branch tip %.12s.", json_text(port, "new_tip"));
	str_add(out, "\n\n");
}

/* What was built and booted, if anything was asked for. */
static void add_cells(const json_t *port, struct str *out)
{
	const json_t *cells = json_object_get(port, "cells"), *c;
	size_t i;

	json_array_foreach(cells, i, c)
		str_addf(out, "%s  %s: %s%s%s\n", i ? "" : json_is_true(json_object_get(port, "cells_good")) ?
			 "Built, booted and tested, no worse than the base:\n" : "Built, booted and tested, and NOT all is well:\n",
			 json_text(c, "cell"), json_text(c, "verdict"), *json_text(c, "detail") ? ": " : "", json_text(c, "detail"));
	str_add(out, i ? "\n" : "");
}

static void add_list(struct str *out, const char *what, const json_t *l)
{
	const json_t *w;
	size_t i;

	json_array_foreach(l, i, w)
		str_addf(out, "  %s: %s\n", what, json_string_value(w));
}

static void add_sparse(const json_t *port, struct str *out)
{
	const json_t *all = json_object_get(port, "sparse"), *s;
	size_t i;

	if (json_array_size(all))
		str_addf(out, "Sparse%s:\n", json_is_true(json_object_get(port, "sparse_clean")) ? "" : ", and NOT all is well");
	json_array_foreach(all, i, s) {
		str_addf(out, "  %s\n", json_text(s, "summary"));
		add_list(out, "  new", json_object_get(s, "new"));
	}
	str_add(out, json_array_size(all) ? "\n" : "");
}

static void add_places(struct str *out, const char *what, const json_t *where)
{
	size_t i;
	const json_t *w;

	json_array_foreach(where, i, w)
		str_addf(out, "      %s %s\n", what, json_string_value(w));
}

/* What the old kernel needed and the new one does not, or the other way round, and what decided it. */
static void add_decided(const json_t *port, struct str *out, bool needed, const char *title)
{
	const json_t *d;
	size_t i, n = 0;

	json_array_foreach(json_object_get(port, "decided"), i, d)
		if (json_is_true(json_object_get(d, "needed")) == needed)
			str_addf(out, "%s  %s: %s%s\n", n++ ? "" : title, json_text(d, "name"), needed ? "until now, " : "", json_text(d, "why"));
	str_add(out, n ? "\n" : "");
}

/* In the order of their interest. */
static void add_rules(const json_t *port, struct str *out)
{
	static const char *const order[] = { "needs a human", "parse failure", "moved", "new", "not needed", "same" };
	const json_t *rules = json_object_get(port, "rules"), *r;

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++) {
		_str_ part = {0};
		size_t i, n = 0;

		json_array_foreach(rules, i, r) {
			if (strcmp(json_text(r, "status"), order[k]))
				continue;
			n++;
			str_addf(&part, "  %s%s%s\n", json_text(r, "name"), *json_text(r, "why") ? ": " : "", json_text(r, "why"));
			if (!strcmp(order[k], "moved"))
				add_places(&part, "was", json_object_get(r, "old"));
			if (!strcmp(order[k], "moved") || !strcmp(order[k], "new"))
				add_places(&part, "is ", json_object_get(r, "new"));
		}
		if (n)
			str_addf(out, "%s: %zu\n%s\n", order[k], n, part.s);
	}
}

static void add_churn(const json_t *port, struct str *out)
{
	const json_t *churn = json_object_get(port, "churn"), *c;
	size_t i, n = 0;

	json_array_foreach(churn, i, c)
		if (json_is_true(json_object_get(c, "fired")))
			str_addf(out, "%s  %s: %s\n", n++ ? "" : "Our own files follow:\n", json_text(c, "name"), json_text(c, "subject"));
	str_add(out, n ? "\n" : "Our own files are as they were written.\n\n");
}

static void add_tools(const json_t *port, struct str *out)
{
	const json_t *tools = json_object_get(port, "tools"), *rules = json_object_get(port, "rules"), *t, *r, *a;
	size_t i, k, m;

	str_add(out, "The same branch by tools that know only lines:\n");
	json_array_foreach(tools, i, t) {
		str_addf(out, "  %-11s %d commits apply, %d conflict, %d land wrong\n", json_text(t, "tool"), number(t, "applies"),
			 number(t, "conflicts"), number(t, "wrong"));
		json_array_foreach(rules, k, r)
			json_array_foreach(json_object_get(r, "tools"), m, a)
				if (!strcmp(json_text(a, "tool"), json_text(t, "tool")) && *json_text(a, "what"))
					str_addf(out, "      %s: %s: %s\n", json_text(r, "name"), json_text(a, "outcome"), json_text(a, "what"));
	}
	str_add(out, "\n");
}

static void add_audit(const json_t *port, struct str *out)
{
	const json_t *a = json_object_get(port, "audit"), *f = json_object_get(port, "figures");

	str_addf(out, "Functions that write or read page-table entries: %d, of which %d are read\n", number(a, "functions"), number(a, "read"));
	add_list(out, "new", json_object_get(a, "new"));
	add_list(out, "changed", json_object_get(a, "changed"));
	add_list(out, "gone", json_object_get(a, "gone"));
	str_addf(out, "\n%d lines of rules and %d of churn", number(f, "rule_lines"), number(f, "churn_lines"));
	/* Without a branch there are none. */
	if (number(f, "generated_lines") >= 0)
		str_addf(out, " make %d lines of changes to the kernel's files", number(f, "generated_lines"));
	str_addf(out, "; %d lines of churn are for this port.\n", number(f, "fired_lines"));
}

static void add_around(const json_t *port, struct str *out)
{
	const json_t *rules = json_object_get(port, "rules"), *r, *a;
	size_t i, k;

	str_add(out, "\nWhat changed around the hooks:\n");
	json_array_foreach(rules, i, r)
		json_array_foreach(json_object_get(r, "around"), k, a)
			str_addf(out, "\n%s, %s():\n%s", json_text(r, "name"), json_text(a, "function"), json_text(a, "diff"));
}

static void add_range_diff(const json_t *port, struct str *out)
{
	const char *text = json_text(port, "range_diff");

	if (*text)
		str_addf(out, "\nThe two branches, by git range-diff:\n\n%s", text);
}

void port_text(const json_t *port, struct str *out)
{
	add_head(port, out);
	add_cells(port, out);
	add_sparse(port, out);
	add_decided(port, out, false, "No longer needed; a hook that is left out by mistake is missed by nobody, so read why:\n");
	add_decided(port, out, true, "Needed from now on, and what said that the old kernel did not:\n");
	add_rules(port, out);
	add_churn(port, out);
	add_tools(port, out);
	add_audit(port, out);
	add_around(port, out);
	add_range_diff(port, out);
}
