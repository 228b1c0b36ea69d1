// SPDX-License-Identifier: GPL-2.0
/* The hooks and flaws of the series, for the rooms that come after this one. */
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "rebase.h"
#include "rule.h"

static const char *short_name(const char *name)
{
	static const char *const folders[] = { "hooks/", "flaws/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (starts_with(name, folders[i]))
			return name + strlen(folders[i]);
	return name;
}

static int add_folder(struct hooks *h, const char *folder)
{
	struct rule *rules;
	size_t n;

	if (rules_load(folder, &rules, &n))
		return -1;
	h->v = xrealloc(h->v, (h->n + n + 1) * sizeof(*h->v));
	for (size_t k = 0; k < n; k++) {
		struct hook *to = &h->v[h->n++];
		struct rule *r = &rules[k];

		*to = (struct hook){ .name = xstrdup(short_name(r->name)), .flaw = !strcmp(folder, "flaws") };
		for (size_t i = 0; i < r->killed_by.n; i++)
			strv_add(&to->killed_by, r->killed_by.v[i]);
		to->config = r->config ? xstrdup(r->config) : NULL;
	}
	rules_free(rules, n);
	return 0;
}

int hooks_load(struct hooks *h)
{
	*h = (struct hooks){0};
	if (!add_folder(h, "hooks") && !add_folder(h, "flaws"))
		return 0;
	hooks_free(h);
	return -1;
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
	usage("unknown hook '%s'; cocci/hooks/series and cocci/flaws/series have %s", name, list.len ? list.s : "none");
	return NULL;
}
