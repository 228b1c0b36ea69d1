// SPDX-License-Identifier: GPL-2.0
/* A rule that is left out because of one line of the tree's, and a function that changed around a hook, fail in silence. */
#include <string.h>

#include "port-read.h"

static const struct rule_fact *fact_of(const struct derivation *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->rules[i].name && !strcmp(d->rules[i].name, name))
			return &d->rules[i];
	return NULL;
}

json_t *port_decided(const struct derivation *old, const struct derivation *new)
{
	json_t *all = json_array();

	for (size_t i = 0; i < new->n; i++) {
		const struct rule_fact *is = &new->rules[i], *was = is->name ? fact_of(old, is->name) : NULL;

		if (!was || !was->skipped == !is->skipped)
			continue;
		/* Churn that is new is told where our own files are. */
		if (was->skipped && starts_with(is->name, "churn/"))
			continue;
		json_array_append_new(all, json_pack("{ss ss sb ss}", "name", is->name, "subject", is->subject, "needed", !is->skipped,
						     "why", is->skipped ? is->skipped : was->skipped));
	}
	return all;
}

static size_t count_dropped(const json_t *port)
{
	const json_t *d;
	size_t i, n = 0;

	json_array_foreach(json_object_get(port, "decided"), i, d)
		n += !json_is_true(json_object_get(d, "needed"));
	return n;
}

/* Functions around the hooks that are not as they were, each once. */
static size_t count_around(const json_t *port)
{
	const json_t *r, *a;
	_strv_ names = {0};
	size_t i, k;

	json_array_foreach(json_object_get(port, "rules"), i, r)
		json_array_foreach(json_object_get(r, "around"), k, a) {
			const char *name = json_string_value(json_object_get(a, "function"));

			if (name && !strv_has(&names, name))
				strv_add(&names, name);
		}
	return names.n;
}

static void add(struct str *out, size_t n, const char *one, const char *more)
{
	if (n)
		str_addf(out, "; %zu %s", n, n == 1 ? one : more);
}

char *port_headline(const json_t *port)
{
	const json_t *audit = json_object_get(port, "audit");
	const char *verdict = json_string_value(json_object_get(port, "verdict"));
	_str_ out = {0};

	if (!verdict || strcmp(verdict, "ported"))
		return xstrdup("Needs a human: see below. No branch was made.");
	add(&out, count_dropped(port), "rule is no longer needed: read why", "rules are no longer needed: read why");
	add(&out, count_around(port), "hooked function changed: read it", "hooked functions changed: read them");
	add(&out, json_array_size(json_object_get(audit, "new")) + json_array_size(json_object_get(audit, "changed")),
	    "function of the audit is not read", "functions of the audit are not read");
	return out.len ? xasprintf("Ported%s.", out.s) : xstrdup("Ported: every hook has its place.");
}
