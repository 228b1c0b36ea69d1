// SPDX-License-Identifier: GPL-2.0
/* The page tables of processes that map the same region, on all architectures beside each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bars.h"
#include "format.h"
#include "html.h"
#include "site.h"

/* What is compared: the most processes there are; of these, what the most architectures have measured, then the smallest. */
struct measure {
	char size[16];
	int n;
	size_t archs;
};

static const char *started(const struct pair *p)
{
	return p->ours ? p->ours->started : p->base->started;
}

/* In how many of its two kernels it was measured. */
static int halves(const struct pair *p, const char *key)
{
	return !isnan(result_figure(p->base, key)) + !isnan(result_figure(p->ours, key));
}

/* The pair whose figure stands for an architecture: one with both, and of those the one that was run last. */
static const struct pair *latest(const struct site *s, const char *arch, const char *key)
{
	const struct pair *best = NULL;

	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct pair *p = &s->pairs.v[i];

		if (strcmp(p->arch, arch) || !halves(p, key))
			continue;
		if (!best || halves(p, key) > halves(best, key) ||
		    (halves(p, key) == halves(best, key) && strcmp(started(p), started(best)) > 0))
			best = p;
	}
	return best;
}

static char *key_of(const struct measure *m)
{
	return xasprintf("sharers.%s.%d.pagetables_kb", m->size, m->n);
}

static long long bytes(const char *size)
{
	char *unit;
	long long v = strtoll(size, &unit, 10);

	return v << (*unit == 'G' ? 30 : *unit == 'M' ? 20 : *unit == 'K' ? 10 : 0);
}

static bool better(const struct measure *a, const struct measure *b)
{
	if (a->n != b->n)
		return a->n > b->n;
	if (a->archs != b->archs)
		return a->archs > b->archs;
	return bytes(a->size) < bytes(b->size);
}

static size_t count(const struct site *s, const struct strv *archs, const struct measure *m)
{
	_free_ key = key_of(m);
	size_t n = 0;

	for (size_t i = 0; i < archs->n; i++)
		n += !!latest(s, archs->v[i], key);
	return n;
}

static void choose(const struct site *s, const struct strv *archs, struct measure *best)
{
	const char *key;
	json_t *v;

	*best = (struct measure){0};
	for (size_t i = 0; i < s->pairs.n; i++)
		json_object_foreach(result_list(s->pairs.v[i].ours, "figures"), key, v) {
			struct measure m = {0};

			if (!sharers_key(key, m.size, &m.n, "pagetables_kb") || (!strcmp(m.size, best->size) && m.n == best->n))
				continue;
			m.archs = m.n < best->n ? 0 : count(s, archs, &m);
			if (m.archs && better(&m, best))
				*best = m;
		}
}

static struct bar make_bar(const struct pair *p, const char *key)
{
	struct bar v = { .name = p->arch, .base = result_figure(p->base, key), .ours = result_figure(p->ours, key) };

	if (isnan(v.base))
		v.missing = p->base ? "base has not measured it" : "base not run";
	else if (isnan(v.ours))
		v.missing = p->ours ? "derived has not measured it" : "derived not run";
	if (!p->supported)
		v.remark = "sharing refused";
	return v;
}

static void add_ratio(struct str *b, const struct bar *v)
{
	html_addf(b, "%s", v->missing ? v->missing : fmt_ratio(v->base, v->ours).s);
	if (v->remark)
		html_addf(b, ", %s", v->remark);
}

static void add_table(struct str *b, const struct bars *bars, const struct pair *const pairs[])
{
	ui_table_begin(b, "Page tables on each architecture", "fit");
	str_add(b, "<thead><tr><th scope=\"col\">Architecture</th><th scope=\"col\">Kernel</th><th scope=\"col\" class=\"num\">base, kB</th>"
		"<th scope=\"col\" class=\"num\">shpte, kB</th><th scope=\"col\" class=\"num\">shpte takes</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < bars->n; i++) {
		const struct bar *v = &bars->v[i];
		_free_ page = arch_page(v->name);

		str_add(b, "<tr><th scope=\"row\">");
		ui_link(b, "", page, v->name);
		html_addf(b, "</th><td>%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">",
			  pairs[i]->kernel, fmt_count(v->base).s, fmt_count(v->ours).s);
		add_ratio(b, v);
		str_add(b, "</td></tr>\n");
	}
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

static int add_picture(struct site *s, struct str *b, const struct bars *bars)
{
	static const char path[] = "figures/architectures.svg";
	_free_ old = xasprintf("%s/%s", s->old, path);
	_str_ svg = {0};
	int ret = bars_svg(bars, old, &svg);

	if (ret)
		return ret < 0 ? ret : 0;
	html_addf(b, "<img class=\"bars\" src=\"%s\" width=\"%d\" height=\"%d\" loading=\"lazy\" alt=\"%s; the table below has the numbers\">\n",
		  path, BARS_WIDTH, bars_height(bars), bars->title);
	return site_write(s, path, svg.s, svg.len);
}

static int add(struct site *s, struct str *b, const struct strv *archs, const struct measure *m)
{
	_free_ title = xasprintf("Page tables of %d processes that map the same %s, kB", m->n, fmt_size(m->size).s);
	_free_ key = key_of(m);
	const struct pair **pairs = xcalloc(m->archs, sizeof(*pairs));
	struct bars bars = { .title = title, .x = "kB", .v = xcalloc(m->archs, sizeof(*bars.v)) };
	int ret;

	for (size_t i = 0; i < archs->n; i++) {
		const struct pair *p = latest(s, archs->v[i], key);

		if (!p)
			continue;
		pairs[bars.n] = p;
		bars.v[bars.n++] = make_bar(p, key);
	}
	html_addf(b, "<figure class=\"wide-figure\"><figcaption>%s</figcaption>\n", title);
	ret = add_picture(s, b, &bars);
	add_table(b, &bars, pairs);
	str_add(b, "</figure>\n");
	free(bars.v);
	free(pairs);
	return ret;
}

/* One architecture is compared with nothing. */
int ui_bars(struct site *s, struct str *b)
{
	_strv_ archs = {0};
	struct measure m;

	pairs_names(&s->pairs, NULL, &archs);
	strv_sort(&archs);
	choose(s, &archs, &m);
	return m.archs > 1 ? add(s, b, &archs, &m) : 0;
}
