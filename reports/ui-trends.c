// SPDX-License-Identifier: GPL-2.0
/* Figures of an architecture over time: a picture a figure and kernel, with a line for the base and for the derived kernel. */
#include <math.h>
#include <string.h>

#include "format.h"
#include "html.h"
#include "site.h"

struct trend {
	const char *name, *title;
	double (*value)(const struct pair *p, const struct result *r);
};

static double tables(const struct pair *p, const struct result *r)
{
	_free_ key = pair_key_figure(p);

	return key ? result_figure(r, key) : NAN;
}

static double boot_seconds(const struct pair *p, const struct result *r)
{
	double s = result_num(r, "seconds", "boot");

	return s > 0 && r->grade != NONE ? s : NAN;
}

/* A kernel that was built already took no time. */
static double build_seconds(const struct pair *p, const struct result *r)
{
	double s = result_num(r, "seconds", "build");

	return s > 0 ? s : NAN;
}

static const struct trend trends[] = {
	{ "pagetables", "kB of page tables", tables },
	{ "boot", "Guest tests, seconds", boot_seconds },
	{ "build", "Build, seconds", build_seconds },
};

static void fill(struct plot *plot, const struct pair *p, const struct results *runs, const struct trend *t)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct result *r = &runs->v[i];
		bool ours = !strcmp(r->variant, "shpte");
		double at = moment(r->started), v;

		if (strcmp(r->kernel, p->kernel) || (!ours && strcmp(r->variant, "base")) || isnan(at))
			continue;
		v = t->value(p, r);
		if (!isnan(v))
			plot_add(plot, at, ours, v);
	}
}

static char *title_of(const struct pair *p, const struct trend *t)
{
	const struct sharers *s = &p->sharers;

	return t->value != tables || !s->count ? xstrdup(t->title) :
	       xasprintf("%s of %d × %s sharers", t->title, s->n[s->count - 1], fmt_size(s->size).s);
}

/* One run is no trend. */
static int add_trend(struct site *s, struct str *b, const struct pair *p, const struct results *runs, const struct trend *t)
{
	_free_ title = title_of(p, t), *name = xasprintf("%s-%s-over-time-%s", p->kernel, p->arch, t->name);
	_cleanup_(plot_free) struct plot plot = { .title = title, .x = "time", .time = true };

	fill(&plot, p, runs, t);
	if (plot.n < 2)
		return 0;
	html_addf(b, "<figure><figcaption>%s</figcaption>\n", title);
	if (ui_plot(s, b, "../", name, &plot))
		return -1;
	str_add(b, "</figure>\n");
	return 0;
}

int ui_trends(struct site *s, struct str *b, const char *arch, const struct results *runs)
{
	_str_ all = {0};

	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct pair *p = &s->pairs.v[i];
		_str_ panels = {0};

		if (strcmp(p->arch, arch))
			continue;
		for (size_t k = 0; k < sizeof(trends) / sizeof(*trends); k++)
			if (add_trend(s, &panels, p, runs, &trends[k]))
				return -1;
		if (panels.len) {
			html_addf(&all, "<h3>Linux %s</h3>\n", p->kernel);
			str_addf(&all, "<div class=\"panels\">\n%s</div>\n", panels.s);
		}
	}
	if (all.len)
		str_addf(b, "<h2>Figures over time</h2>\n%s", all.s);
	return 0;
}
