// SPDX-License-Identifier: GPL-2.0
/* What sharing saves: the figures of one pair, as plots and tables. */
#include <math.h>

#include "format.h"
#include "html.h"
#include "site.h"

static const struct metric {
	const char *key, *name, *unit;
} metrics[] = {
	{ "pagetables_kb", "Page tables", "kB" },
	{ "minor_faults", "Minor faults, all processes together", "" },
	{ "ms", "Time until all have touched every page", "ms" },
};

static bool fill(struct plot *plot, const struct pair *p, const struct metric *m)
{
	bool any = false;

	for (size_t i = 0; i < p->sharers.count; i++) {
		int n = p->sharers.n[i];
		double base = pair_figure(p, p->base, n, m->key), ours = pair_figure(p, p->ours, n, m->key);

		plot_add(plot, n, false, base);
		plot_add(plot, n, true, ours);
		any |= !isnan(base) || !isnan(ours);
	}
	return any;
}

static void add_table(struct str *b, const struct plot *plot)
{
	str_add(b, "<table>\n<thead><tr><th scope=\"col\" class=\"num\">Processes</th>"
		"<th scope=\"col\" class=\"num\">base</th><th scope=\"col\" class=\"num\">shpte</th>"
		"<th scope=\"col\" class=\"num\">shpte takes</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < plot->n; i++)
		html_addf(b, "<tr><th scope=\"row\" class=\"num\">%s</th><td class=\"num\">%s</td><td class=\"num\">%s</td>"
			  "<td class=\"num\">%s</td></tr>\n", fmt_count(plot->v[i].at).s, fmt_count(plot->v[i].base).s,
			  fmt_count(plot->v[i].ours).s, fmt_ratio(plot->v[i].base, plot->v[i].ours).s);
	str_add(b, "</tbody></table>\n");
}

static int add_metric(struct site *s, struct str *b, const struct pair *p, const struct metric *m)
{
	_free_ title = *m->unit ? xasprintf("%s, %s", m->name, m->unit) : xstrdup(m->name);
	_free_ name = xasprintf("%s-%s-%s-%s", p->kernel, p->arch, p->sharers.size, m->key);
	_cleanup_(plot_free) struct plot plot = { .title = title, .x = "processes" };

	if (!fill(&plot, p, m))
		return 0;
	html_addf(b, "<figure><figcaption>%s</figcaption>\n", title);
	if (ui_plot(s, b, "", name, &plot))
		return -1;
	add_table(b, &plot);
	str_add(b, "</figure>\n");
	return 0;
}

int ui_figures(struct site *s, struct str *b, const struct pair *p)
{
	if (!p->sharers.count)
		return 0;
	/* One is shown at once, the others can be unfolded: a matrix has dozens. */
	html_addf(b, "<details%s>\n<summary>%s %s: processes that map the same %s and touch every page</summary>\n"
		  "<div class=\"panels\">\n", b->len ? "" : " open", p->kernel, p->title, fmt_size(p->sharers.size).s);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++)
		if (add_metric(s, b, p, &metrics[i]))
			return -1;
	str_add(b, "</div>\n</details>\n");
	return 0;
}
