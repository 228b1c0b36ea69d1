// SPDX-License-Identifier: GPL-2.0
/* What the audit found, as JSON. */
#include "audit.h"

static json_t *list(const struct strv *l)
{
	json_t *j = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(j, json_string(l->v[i]));
	return j;
}

json_t *audit_json(const struct writers *all, const struct reviews *reviews)
{
	json_t *j = json_array();

	for (size_t i = 0; i < all->n; i++) {
		const struct writer *w = &all->v[i];
		const struct review *r = reviews_of(reviews, all, w);

		json_array_append_new(j, json_pack("{ss ss si ss so so ss ss* ss*}", "function", w->name, "path", w->path, "line", w->line,
			"fingerprint", w->print, "does", list(&w->does), "calls", list(&w->calls),
			"status", !r ? "new" : review_covers(r, w->print) ? "read" : "changed",
			"verdict", r ? r->verdict : NULL, "because", r ? r->because : NULL));
	}
	return j;
}
