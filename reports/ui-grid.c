// SPDX-License-Identifier: GPL-2.0
/*
 * Figures whose names are GROUP.WORD, with the same words in several groups: a table of groups and words. A soak has hundreds
 * of them, of which nobody reads a list.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/str.h"
#include "figure.h"
#include "format.h"
#include "html.h"
#include "site.h"

#define LEAST_GROUPS 3
#define LEAST_WORDS 2

struct group {
	char *name;
	struct strv words;
	bool drawn;
};

struct groups {
	struct group *v;
	size_t n;
};

static void groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->v[i].name);
		strv_free(&g->v[i].words);
	}
	free(g->v);
}

static struct group *group_of(struct groups *g, const char *name, size_t len)
{
	for (size_t i = 0; i < g->n; i++)
		if (!strncmp(g->v[i].name, name, len) && !g->v[i].name[len])
			return &g->v[i];
	g->v = xrealloc(g->v, (g->n + 1) * sizeof(*g->v));
	g->v[g->n] = (struct group){ .name = xstrndup(name, len) };
	return &g->v[g->n++];
}

static void collect(struct groups *g, const struct result *r)
{
	json_t *figures = result_list(r, "figures"), *v;
	const char *key, *dot;

	json_object_foreach(figures, key, v) {
		struct group *group;

		dot = strrchr(key, '.');
		if (!dot)
			continue;
		group = group_of(g, key, dot - key);
		if (!strv_has(&group->words, dot + 1))
			strv_add(&group->words, dot + 1);
	}
}

static bool alike(const struct group *a, const struct group *b)
{
	for (size_t i = 0; i < a->words.n; i++)
		if (!strv_has(&b->words, a->words.v[i]))
			return false;
	return a->words.n == b->words.n;
}

/* The names of all groups that have the words of this one. */
static void family(struct groups *g, struct group *first, struct strv *names)
{
	for (struct group *x = first; x < g->v + g->n; x++)
		if (!x->drawn && alike(first, x))
			strv_add(names, x->name);
	if (names->n < LEAST_GROUPS || first->words.n < LEAST_WORDS)
		return;
	for (struct group *x = first; x < g->v + g->n; x++)
		x->drawn |= alike(first, x);
}

/* How many bytes all names begin with, up to a dot. */
static size_t common(const struct strv *names)
{
	size_t len = 0, dot = 0;

	for (;; len++) {
		for (size_t i = 0; i < names->n; i++)
			if (!names->v[i][len] || names->v[i][len] != names->v[0][len])
				return dot;
		if (names->v[0][len] == '.')
			dot = len + 1;
	}
}

/* "1,204", and what the base had where it was measured, too. */
static void add_cell(struct str *b, const struct pair *p, const char *group, const char *word)
{
	_free_ key = xasprintf("%s.%s", group, word);
	double base = result_figure(p->base, key), ours = result_figure(p->ours, key);

	html_addf(b, "<td class=\"num\">%s", fmt_count(isnan(ours) ? base : ours).s);
	if (!isnan(ours) && !isnan(base)) {
		html_addf(b, "<br><small>base %s: ", fmt_count(base).s);
		figure_difference(b, p->ours, key, base, ours);
		str_add(b, "</small>");
	}
	str_add(b, "</td>");
}

/* The more numerous ones are the rows. */
static void add_grid(struct str *b, const struct pair *p, const struct strv *groups, const struct strv *words)
{
	bool down = groups->n >= words->n;
	const struct strv *rows = down ? groups : words, *columns = down ? words : groups;
	size_t skip = common(groups);
	_free_ title = skip ? xstrndup(groups->v[0], skip - 1) : xstrdup("Figures");

	ui_table_begin(b, title, "fit");
	html_addf(b, "<thead><tr><th scope=\"col\">%s</th>", title);
	for (size_t i = 0; i < columns->n; i++)
		html_addf(b, "<th scope=\"col\" class=\"num\">%s</th>", columns->v[i] + (down ? 0 : skip));
	str_add(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < rows->n; i++) {
		html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th>", rows->v[i] + (down ? skip : 0));
		for (size_t k = 0; k < columns->n; k++)
			add_cell(b, p, groups->v[down ? i : k], words->v[down ? k : i]);
		str_add(b, "</tr>\n");
	}
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

void ui_grids(struct str *b, const struct pair *p, struct strv *drawn)
{
	_cleanup_(groups_free) struct groups g = {0};

	collect(&g, p->base);
	collect(&g, p->ours);
	for (size_t i = 0; i < g.n; i++) {
		_strv_ names = {0};

		if (g.v[i].drawn)
			continue;
		family(&g, &g.v[i], &names);
		if (!g.v[i].drawn)
			continue;
		add_grid(b, p, &names, &g.v[i].words);
		for (size_t k = 0; k < names.n; k++)
			strv_add(drawn, names.v[k]);
	}
}
