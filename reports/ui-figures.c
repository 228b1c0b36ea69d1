// SPDX-License-Identifier: GPL-2.0
/* What sharing saves: the figures of one pair, as plots and tables. */
#include <math.h>

#include "format.h"
#include "html.h"
#include "plot.h"
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

	plot->n = p->sharers.count;
	for (size_t i = 0; i < plot->n; i++) {
		int n = p->sharers.n[i];

		plot->at[i] = n;
		plot->base[i] = pair_figure(p, p->base, n, m->key);
		plot->ours[i] = pair_figure(p, p->ours, n, m->key);
		any |= !isnan(plot->base[i]) || !isnan(plot->ours[i]);
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
			  "<td class=\"num\">%s</td></tr>\n", fmt_count(plot->at[i]).s, fmt_count(plot->base[i]).s,
			  fmt_count(plot->ours[i]).s, fmt_ratio(plot->base[i], plot->ours[i]).s);
	str_add(b, "</tbody></table>\n");
}

/* The picture in a file of its own, so that it can be put into a mail or a talk. */
static int add_plot(struct site *s, struct str *b, const struct plot *plot, const struct pair *p, const struct metric *m)
{
	_free_ name = xasprintf("%s-%s-%s-%s", p->kernel, p->arch, p->sharers.size, m->key);
	_free_ safe = file_name(name), *path = xasprintf("figures/%s.svg", safe);
	size_t last = plot->n - 1;
	_str_ svg = {0};
	int ret = plot_svg(plot, &svg);

	if (ret)
		return ret < 0 ? ret : 0;
	str_add(b, "<img src=\"");
	html_href(b, path);
	html_addf(b, "\" width=\"440\" height=\"270\" loading=\"lazy\" alt=\"%s against number of processes; at %s: base %s, shpte %s\">\n",
		  plot->title, fmt_count(plot->at[last]).s, fmt_count(plot->base[last]).s,
		  fmt_count(plot->ours[last]).s);
	return site_write(s, path, svg.s, svg.len);
}

static int add_metric(struct site *s, struct str *b, const struct pair *p, const struct metric *m)
{
	_free_ title = *m->unit ? xasprintf("%s, %s", m->name, m->unit) : xstrdup(m->name);
	struct plot plot = { .title = title, .x = "processes" };

	if (!fill(&plot, p, m))
		return 0;
	html_addf(b, "<figure><figcaption>%s</figcaption>\n", title);
	if (add_plot(s, b, &plot, p, m))
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
