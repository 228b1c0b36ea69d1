// SPDX-License-Identifier: GPL-2.0
/* The hooks of the series, for the rooms that come after this one. */
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "rebase.h"
#include "rule.h"

static const char *short_name(const char *name)
{
	return starts_with(name, "hooks/") ? name + strlen("hooks/") : name;
}

int hooks_load(struct hooks *h)
{
	struct rule *rules;
	size_t n;

	*h = (struct hooks){0};
	if (rules_load("hooks", &rules, &n))
		return -1;
	h->v = xcalloc(n + 1, sizeof(*h->v));
	for (; h->n < n; h->n++) {
		struct hook *to = &h->v[h->n];
		struct rule *r = &rules[h->n];

		to->name = xstrdup(short_name(r->name));
		for (size_t i = 0; i < r->killed_by.n; i++)
			strv_add(&to->killed_by, r->killed_by.v[i]);
		to->config = r->config ? xstrdup(r->config) : NULL;
	}
	rules_free(rules, n);
	return 0;
}

void hooks_free(struct hooks *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->v[i].name);
		strv_free(&h->v[i].killed_by);
		free(h->v[i].config);
	}
	free(h->v);
	*h = (struct hooks){0};
}

const struct hook *hooks_find(const struct hooks *h, const char *name)
{
	_str_ list = {0};

	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->v[i].name, short_name(name)))
			return &h->v[i];
	for (size_t i = 0; i < h->n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", h->v[i].name);
	usage("unknown hook '%s'; cocci/hooks/series has %s", name, list.len ? list.s : "none");
	return NULL;
}
