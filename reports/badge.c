// SPDX-License-Identifier: GPL-2.0
/* badge.svg, and one a kernel: on how many of its architectures shared page tables are alive, to be put into other pages. */
#include <string.h>

#include "html.h"
#include "site.h"
#include "template.h"

/* Pixels a character takes, on the whole; the viewer stretches the text to what was reckoned. */
#define GLYPH 7
#define PADDING 6

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
	struct census t = pairs_count(&s->pairs, kernel), suites = pairs_count(&s->suites, kernel);
	_str_ right = {0};

	str_addf(&right, "%zu of %zu alive", t.alive, t.all - t.refused - t.worse);
	if (t.broken)
		str_addf(&right, ", %zu broken", t.broken);
	if (t.red > t.broken)
		str_addf(&right, ", %zu failing", t.red - t.broken);
	if (suites.red)
		str_addf(&right, ", %zu suite%s broken", suites.red, suites.red == 1 ? "" : "s");
	if (t.stale)
		str_addf(&right, ", %zu of an older series", t.stale);
	return write_badge(s, path, kernel ? kernel : "shpte", right.s, verdict_grade(&s->pairs, &s->suites, kernel));
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
