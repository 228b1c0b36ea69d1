// SPDX-License-Identifier: GPL-2.0
/* Pictures of plots, and the plots that a suite asks for: the points that its tests printed, of both kernels. */
#include <math.h>
#include <string.h>

#include "format.h"
#include "html.h"
#include "site.h"

/* "base 7 at 100", where the line ends. */
static void add_end(struct str *b, const struct plot *p, bool ours)
{
	size_t i = p->n;

	while (i && isnan(ours ? p->v[i - 1].ours : p->v[i - 1].base))
		i--;
	if (i)
		html_addf(b, ", %s %s at %s", ours ? "shpte" : "base", fmt_count(ours ? p->v[i - 1].ours : p->v[i - 1].base).s,
			  p->time ? fmt_day(p->v[i - 1].at).s : fmt_count(p->v[i - 1].at).s);
}

int ui_plot(struct site *s, struct str *b, const char *root, const char *name, const struct plot *plot)
{
	_free_ safe = file_name(name), *path = xasprintf("figures/%s.svg", safe), *old = xasprintf("%s/%s", s->old, path);
	_str_ svg = {0};
	int ret = plot_svg(plot, old, &svg);

	if (ret)
		return ret < 0 ? ret : 0;
	html_addf(b, "<img src=\"%s", root);
	html_href(b, path);
	html_addf(b, "\" width=\"440\" height=\"270\" loading=\"lazy\" alt=\"%s against %s; at the end", plot->title, plot->x);
	add_end(b, plot, false);
	add_end(b, plot, true);
	str_add(b, "\">\n");
	return site_write(s, path, svg.s, svg.len);
}

/* What is no pair of numbers is left out. */
static void add_points(struct plot *to, bool ours, const json_t *from)
{
	json_t *point;
	size_t i;

	json_array_foreach(json_object_get(from, "points"), i, point) {
		json_t *x = json_array_get(point, 0), *y = json_array_get(point, 1);

		if (json_is_number(x) && json_is_number(y))
			plot_add(to, json_number_value(x), ours, json_number_value(y));
	}
}

static int add(struct site *s, struct str *b, const char *root, const struct pair *p, const json_t *base, const json_t *ours)
{
	const json_t *one = ours ? ours : base;
	_free_ name = xasprintf("%s-%s-%s-%s", p->kernel, p->arch, p->suite, json_text(one, "name"));
	_cleanup_(plot_free) struct plot plot = {
		.title = json_text(one, "title"), .x = json_text(one, "x"), .log = json_is_true(json_object_get(one, "log")),
	};

	add_points(&plot, false, base);
	add_points(&plot, true, ours);
	if (!plot.n)
		return 0;
	html_addf(b, "<figure><figcaption>%s</figcaption>\n", plot.title);
	if (ui_plot(s, b, root, name, &plot))
		return -1;
	str_add(b, "</figure>\n");
	return 0;
}

int ui_plots(struct site *s, struct str *b, const char *root, const struct pair *p)
{
	_str_ all = {0};
	json_t *j;
	size_t i;

	json_array_foreach(result_list(p->base, "plots"), i, j)
		if (add(s, &all, root, p, j, result_named(p->ours, "plots", json_text(j, "name"))))
			return -1;
	json_array_foreach(result_list(p->ours, "plots"), i, j)
		if (!result_named(p->base, "plots", json_text(j, "name")) && add(s, &all, root, p, NULL, j))
			return -1;
	if (all.len)
		str_addf(b, "<div class=\"panels\">\n%s</div>\n", all.s);
	return 0;
}
