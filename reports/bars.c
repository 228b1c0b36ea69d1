// SPDX-License-Identifier: GPL-2.0
/* Two bars a name, lying, for names are long. */
#include <math.h>

#include "bars.h"
#include "format.h"
#include "gnuplot.h"

#define ROW 46
#define AROUND 60

int bars_height(const struct bars *b)
{
	return AROUND + ROW * (int)b->n;
}

static double highest(const struct bars *b)
{
	double max = 0;

	for (size_t i = 0; i < b->n; i++)
		max = fmax(max, fmax(isnan(b->v[i].base) ? 0 : b->v[i].base, isnan(b->v[i].ours) ? 0 : b->v[i].ours));
	return max > 0 ? max : 1;
}

/* Room on the right for the words at the end of the longest bar. */
static void add_axes(struct str *s, const struct bars *b)
{
	double max = highest(b);

	str_addf(s, "set xrange [0:%f]\nset yrange [%f:-0.6]\nset xlabel ", max * 1.3, b->n - 0.4);
	gnuplot_quoted(s, b->x);
	str_add(s, " offset 0,0.5\nset ytics (");
	for (size_t i = 0; i < b->n; i++) {
		str_add(s, i ? ", " : "");
		gnuplot_quoted(s, b->v[i].name);
		str_addf(s, " %zu", i);
	}
	str_addf(s, ") scale 0\nset xtics (\"0\" 0, \"%s\" %f)\n", fmt_count(max).s, max);
}

/* What stands behind a bar, or where one should be. */
static void add_label(struct str *labels, const struct bar *v, bool ours, double x, double y)
{
	_str_ text = {0};

	if (isnan(x)) {
		str_add(&text, v->missing ? v->missing : "");
		x = 0;
	} else {
		str_addf(&text, "%s %s", ours ? "shpte" : "base", fmt_count(x).s);
		if (ours && v->remark)
			str_addf(&text, ", %s", v->remark);
	}
	str_addf(labels, "set label '%s' at %f,%f left offset 0.6,0\n", str_get(&text), x, y);
}

/* The place, then the bar's end. */
static void add_data(struct str *s, const struct bars *b, bool ours)
{
	_str_ labels = {0};

	str_addf(s, "$%s << E\n", ours ? "ours" : "base");
	for (size_t i = 0; i < b->n; i++) {
		double v = ours ? b->v[i].ours : b->v[i].base, y = i + (ours ? 0.2 : -0.2);

		/* A bar of no length, for gnuplot plots no empty list. */
		str_addf(s, "%f %f\n", isnan(v) ? 0 : v, y);
		add_label(&labels, &b->v[i], ours, v, y);
	}
	str_addf(s, "E\n%s", str_get(&labels));
}

int bars_svg(const struct bars *b, const char *old, struct str *svg)
{
	_str_ s = {0};

	str_addf(&s, "set terminal svg size %d,%d " GNUPLOT_TERMINAL, BARS_WIDTH, bars_height(b));
	str_add(&s, "set tics nomirror\nset lmargin 17\nset rmargin 1\nset tmargin 0.5\n");
	add_axes(&s, b);
	add_data(&s, b, false);
	add_data(&s, b, true);
	/* One is hatched: they are told apart without colour. */
	str_add(&s, "plot $base using ($1/2):2:($1/2):(0.17) with boxxyerror lc rgb '" C_BASE "' fs pattern 4 border lc rgb '" C_BASE "' notitle, "
		"$ours using ($1/2):2:($1/2):(0.17) with boxxyerror lc rgb '" C_OURS "' fs solid 0.9 border lc rgb '" C_OURS "' notitle\n");
	return gnuplot_svg(b->title, &s, old, svg);
}
