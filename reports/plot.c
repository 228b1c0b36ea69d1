// SPDX-License-Identifier: GPL-2.0
/* Plots of base against derived, drawn by gnuplot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "gnuplot.h"
#include "plot.h"

/* More markers than that hide the line. */
#define MARKERS 12
#define TIME_TICS 3
#define DAY 86400

static const char head[] =
	"set terminal svg size 440,270 " GNUPLOT_TERMINAL
	"set grid ytics lc rgb '#c0c0c0' lw 0.5 dt 1\n"
	"set tics nomirror scale 0.4\n"
	"set lmargin 8\nset rmargin 11\nset tmargin 1.2\nset bmargin 3\n";

void plot_add(struct plot *p, double x, bool ours, double y)
{
	size_t i = p->n;

	/* They mostly come in their order. */
	while (i && p->v[i - 1].at > x)
		i--;
	if (!i || p->v[i - 1].at < x) {
		p->v = xrealloc(p->v, (p->n + 1) * sizeof(*p->v));
		memmove(&p->v[i + 1], &p->v[i], (p->n++ - i) * sizeof(*p->v));
		p->v[i++] = (struct spot){ x, NAN, NAN };
	}
	*(ours ? &p->v[i - 1].ours : &p->v[i - 1].base) = y;
}

void plot_free(struct plot *p)
{
	free(p->v);
	p->v = NULL;
	p->n = 0;
}

static double value(const struct spot *s, bool ours)
{
	return ours ? s->ours : s->base;
}

/* Is there a point that can be shown? */
static bool shown(const struct plot *p, const struct spot *s, bool ours)
{
	return !isnan(value(s, ours)) && (!p->log || (value(s, ours) > 0 && s->at > 0));
}

/* The last point of a line, NULL: it has none. */
static const struct spot *last(const struct plot *p, bool ours)
{
	for (size_t i = p->n; i; i--)
		if (shown(p, &p->v[i - 1], ours))
			return &p->v[i - 1];
	return NULL;
}

/* How wide it is. */
static double span(const struct plot *p)
{
	return p->n ? p->v[p->n - 1].at - (p->time ? p->v[0].at : 0) : 0;
}

struct range {
	double low, high;
};

/* From zero: the picture is that one line climbs and the other does not.  Logarithmic: from a power of ten to the next. */
static struct range range(const struct plot *p)
{
	struct range r = { INFINITY, 0 };

	for (size_t i = 0; i < p->n; i++)
		for (int ours = 0; ours < 2; ours++)
			if (shown(p, &p->v[i], ours)) {
				r.high = fmax(r.high, value(&p->v[i], ours));
				r.low = fmin(r.low, value(&p->v[i], ours));
			}
	if (!(r.high > 0))
		return (struct range){ p->log ? 1 : 0, 10 };
	if (!p->log)
		return (struct range){ 0, r.high };
	r.low = pow(10, floor(log10(r.low)));
	r.high = pow(10, ceil(log10(r.high)));
	return (struct range){ r.low, r.high > r.low ? r.high : r.low * 10 };
}

/* How far up a value is: 0 to 1. */
static double height(const struct plot *p, double y)
{
	struct range r = range(p);

	return p->log ? log(y / r.low) / log(r.high / r.low) : y / r.high;
}

/* A step of 1, 2 or 5 times a power of ten that gives three to six tics. */
static double tic_step(double max)
{
	double step = 1;

	while (step * 10 < max)
		step *= 10;
	return max / step < 2 ? step / 2 : max / step > 5 ? step * 2 : step;
}

/* "set ytics (" and then these, each after a comma but the first. */
static void add_tic(struct str *b, bool first, double v, bool millions, int digits)
{
	str_add(b, first ? "" : ",");
	if (millions)
		str_addf(b, "\"%.*f M\" %f", digits, v / 1e6, v);
	else
		str_addf(b, "\"%s\" %f", fmt_count(v).s, v);
}

/* The ranges a little wider than their tics, or gnuplot leaves those at the ends out. */
static void add_log_tics(struct str *b, const struct plot *p)
{
	struct range r = range(p);

	str_add(b, "set logscale xy\nset xrange [*:*]\nset xtics (");
	for (double v = 1; v < 1e12; v *= 10)
		add_tic(b, v == 1, v, v >= 1e6, 0);
	str_add(b, ")\nset ytics (");
	for (double v = r.low; v < r.high * 1.5; v *= 10)
		add_tic(b, v == r.low, v, v >= 1e6, 0);
	str_addf(b, ")\nset yrange [%f:%f]\n", r.low * 0.99, r.high * 1.01);
}

/* From zero to what max needs; gives where they end. */
static double add_axis_tics(struct str *b, char axis, double max)
{
	double step = tic_step(max), top = ceil(max / step) * step;

	str_addf(b, "set %ctics (", axis);
	for (double v = 0; v < top + step / 2; v += step)
		add_tic(b, v == 0, v, top >= 1e6 && v > 0, step < 1e6);
	str_add(b, ")\n");
	return top;
}

/* A few moments between the first and the last. */
static void add_time_tics(struct str *b, const struct plot *p)
{
	double first = p->n ? p->v[0].at : 0, wide = span(p) > 0 ? span(p) : 1;

	str_add(b, "set xtics (");
	for (int i = 0; i < TIME_TICS; i++) {
		double t = first + wide * i / (TIME_TICS - 1);

		str_addf(b, "%s\"%s\" %f", i ? "," : "", wide > 2 * DAY ? fmt_day(t).s : fmt_hour(t).s, t);
	}
	str_addf(b, ")\nset xrange [%f:%f]\n", first, first + wide);
}

static void add_tics(struct str *b, const struct plot *p)
{
	double right = p->n ? p->v[p->n - 1].at : 0, top = add_axis_tics(b, 'y', range(p).high);

	if (p->time) {
		str_addf(b, "set yrange [0:%f]\n", top);
		add_time_tics(b, p);
		return;
	}
	right = add_axis_tics(b, 'x', right > 0 ? right : 1);
	str_addf(b, "set yrange [0:%f]\nset xrange [0:%f]\n", top, right);
}

static size_t count(const struct plot *p, bool ours)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += shown(p, &p->v[i], ours);
	return n;
}

/* Its points; of the markers a few, one of them at the end. */
static void add_data(struct str *b, const char *name, const struct plot *p, bool ours)
{
	size_t left = count(p, ours), step = left / MARKERS + 1;
	_str_ marks = {0};

	str_addf(b, "$%s << E\n", name);
	for (size_t i = 0; i < p->n; i++) {
		if (!shown(p, &p->v[i], ours))
			continue;
		str_addf(b, "%f %f\n", p->v[i].at, value(&p->v[i], ours));
		if (--left % step == 0)
			str_addf(&marks, "%f %f\n", p->v[i].at, value(&p->v[i], ours));
	}
	str_addf(b, "E\n$%s_marks << E\n%sE\n", name, str_get(&marks));
}

/* The line's name and last value at its end; `up` lifts it when the two ends are close. */
static void add_label(struct str *b, const char *name, const struct plot *p, bool ours, double up)
{
	const struct spot *s = last(p, ours);
	double y;

	if (!s)
		return;
	y = value(s, ours);
	/* Not into the axis's own numbers. */
	if (height(p, y) < 0.08)
		up += 0.5;
	str_addf(b, "set label '%s' at %f,%f left offset 1,%f\nset label '%s' at %f,%f left offset 1,%f\n",
		 name, s->at, y, up + 0.5, fmt_count(y).s, s->at, y, up - 0.5);
}

/* How much to lift the base's label, and lower ours: not at all when the two ends are apart. */
static double lift(const struct plot *p)
{
	const struct spot *base = last(p, false), *ours = last(p, true);
	double apart;

	if (!base || !ours || fabs(base->at - ours->at) > span(p) * 0.25)
		return 0;
	apart = height(p, base->base) - height(p, ours->ours);
	return fabs(apart) < 0.2 ? (apart < 0 ? -1 : 1) : 0;
}

static void add_line(struct str *b, const char *name, const char *line, const char *marker, const char *colour)
{
	str_addf(b, "$%s with lines lw 1.5 %s lc rgb '%s' notitle, $%s_marks with points %s lc rgb '%s' notitle", name, line, colour,
		 name, marker, colour);
}

static void script(struct str *b, const struct plot *p)
{
	double up = lift(p);

	str_add(b, head);
	if (!p->time) {
		str_add(b, "set xlabel ");
		gnuplot_quoted(b, p->x);
		str_add(b, " offset 0,0.5\n");
	}
	if (p->log)
		add_log_tics(b, p);
	else
		add_tics(b, p);
	add_data(b, "base", p, false);
	add_data(b, "ours", p, true);
	add_label(b, "base", p, false, up);
	add_label(b, "shpte", p, true, -up);
	if (!last(p, false) && !last(p, true))
		str_add(b, "set xrange [1:10]\nplot NaN notitle");
	else
		str_add(b, "plot ");
	if (last(p, false))
		add_line(b, "base", "dt 1", "pt 7 ps 0.7", C_BASE);
	str_add(b, last(p, false) && last(p, true) ? ", " : "");
	if (last(p, true))
		add_line(b, "ours", "dt 2", "pt 4 ps 0.8", C_OURS);
	str_add(b, "\n");
}

int plot_svg(const struct plot *p, const char *old, struct str *svg)
{
	_str_ in = {0};

	script(&in, p);
	return gnuplot_svg(p->title, &in, old, svg);
}
