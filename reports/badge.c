// SPDX-License-Identifier: GPL-2.0
/* badge.svg, and one a kernel: how many of its architectures are well, to be put into other pages. */
#include <string.h>

#include "html.h"
#include "site.h"
#include "template.h"

/* Pixels a character takes, on the whole; the viewer stretches the text to what was reckoned. */
#define GLYPH 7
#define PADDING 6

struct counts {
	size_t all, well, bad, stale;
};

static struct counts count(const struct pairs *p, const char *kernel)
{
	struct counts c = {0};

	for (size_t i = 0; i < p->n; i++) {
		if (kernel && strcmp(p->v[i].kernel, kernel))
			continue;
		c.all++;
		c.well += state_grade(p->v[i].state) == GOOD;
		c.stale += !!p->v[i].stale;
		c.bad += state_grade(p->v[i].state) == BAD;
	}
	return c;
}

/* Characters, not bytes. */
static size_t width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n * GLYPH + 2 * PADDING;
}

static int write_badge(struct site *s, const char *path, const char *left, const char *right, enum grade g)
{
	size_t l = width(left), r = width(right);
	_free_ all = xasprintf("%zu", l + r), *first = xasprintf("%zu", l), *second = xasprintf("%zu", r);
	_free_ x1 = xasprintf("%zu", l / 2), *x2 = xasprintf("%zu", l + r / 2);
	_free_ t1 = xasprintf("%zu", l - 2 * PADDING), *t2 = xasprintf("%zu", r - 2 * PADDING);
	const struct tvar vars[] = {
		{ "left", left }, { "right", right }, { "width", all }, { "first", first }, { "second", second }, { "x1", x1 },
		{ "x2", x2 }, { "t1", t1 }, { "t2", t2 },
		{ "colour", g == GOOD ? "#17692f" : g == BAD ? "#b3161b" : "#57606a" }, { 0 }
	};
	_str_ svg = {0};

	if (template_file(&svg, "badge.svg", vars))
		return -1;
	return site_write(s, path, svg.s, svg.len);
}

static int add(struct site *s, const char *path, const char *kernel)
{
	struct counts c = count(&s->pairs, kernel), suites = count(&s->suites, kernel);
	_str_ right = {0};

	str_addf(&right, "%zu of %zu pass", c.well, c.all);
	if (c.bad)
		str_addf(&right, ", %zu broken", c.bad);
	if (suites.bad)
		str_addf(&right, ", %zu suite%s broken", suites.bad, suites.bad == 1 ? "" : "s");
	if (c.stale)
		str_addf(&right, ", %zu of an older series", c.stale);
	return write_badge(s, path, kernel ? kernel : "shpte", right.s, c.bad || suites.bad ? BAD : c.well == c.all ? GOOD : NONE);
}

int export_badges(struct site *s)
{
	_strv_ kernels = {0};

	if (add(s, "badge.svg", NULL))
		return -1;
	pairs_names(&s->pairs, &kernels, NULL);
	for (size_t i = 0; i < kernels.n; i++) {
		_free_ safe = file_name(kernels.v[i]), *path = xasprintf("badge/%s.svg", safe);

		if (add(s, path, kernels.v[i]))
			return -1;
	}
	return 0;
}
