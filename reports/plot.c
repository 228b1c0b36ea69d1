// SPDX-License-Identifier: GPL-2.0
/* Plots of base against derived, drawn by gnuplot. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "format.h"
#include "plot.h"

/* Linear axes from zero: the picture is that one line climbs and the other does not. */
static const char head[] =
	"set terminal svg size 440,270 dynamic noenhanced linewidth 1.4 font 'system-ui,sans-serif,14'\n"
	"set border 1 lc rgb '#808080'\n"
	"set grid ytics lc rgb '#c0c0c0' lw 0.5 dt 1\n"
	"set tics nomirror scale 0.4\n"
	"set lmargin 8\nset rmargin 11\nset tmargin 1.2\nset bmargin 3\n"
	"set xrange [0:*]\n";

/* The colours that gnuplot writes, for the page's style to pick up, in light and dark. */
#define C_BASE "#b45309"
#define C_OURS "#1d4ed8"
static const char style[] =
	"\n<style>"
	"text{font-family:system-ui,sans-serif;fill:#444}"
	"@media(prefers-color-scheme:dark){"
	"text{fill:#bbb}"
	"[stroke='rgb(180,  83,   9)']{stroke:#f0a050}[color='rgb(180,  83,   9)']{color:#f0a050}"
	"[stroke='rgb( 29,  78, 216)']{stroke:#7fb0ff}[color='rgb( 29,  78, 216)']{color:#7fb0ff}"
	"[stroke='rgb(192, 192, 192)']{stroke:#444}"
	"}</style>\n";

static double highest(const struct plot *p)
{
	double max = 0;

	for (size_t i = 0; i < p->n; i++) {
		max = p->base[i] > max ? p->base[i] : max;
		max = p->ours[i] > max ? p->ours[i] : max;
	}
	return max;
}

/* A step of 1, 2 or 5 times a power of ten that gives three to six tics. */
static double tic_step(double max)
{
	double step = 1;

	while (step * 10 < max)
		step *= 10;
	return max / step < 2 ? step / 2 : max / step > 5 ? step * 2 : step;
}

static void add_tics(struct str *b, double max)
{
	double step = tic_step(max), v = 0;

	str_add(b, "set ytics (");
	for (;; v += step) {
		if (max >= 1e6 && v > 0)
			str_addf(b, ",\"%.*f M\" %f", step < 1e6, v / 1e6, v);
		else
			str_addf(b, "%s\"%s\" %f", v > 0 ? "," : "", fmt_count(v).s, v);
		if (v >= max)
			break;
	}
	str_addf(b, ")\nset yrange [0:%f]\n", v);
}

static void add_data(struct str *b, const char *name, const struct plot *p, const double *y)
{
	str_addf(b, "$%s << E\n", name);
	for (size_t i = 0; i < p->n; i++)
		if (!isnan(y[i]))
			str_addf(b, "%f %f\n", p->at[i], y[i]);
	str_add(b, "E\n");
}

/* The line's name and last value at its end; `up` lifts it when the two ends are close. */
static void add_label(struct str *b, const char *name, const struct plot *p, const double *y, double up)
{
	size_t i = p->n;

	while (i && isnan(y[i - 1]))
		i--;
	if (!i)
		return;
	/* Not into the axis's own numbers. */
	if (y[i - 1] < highest(p) * 0.08)
		up += 0.5;
	str_addf(b, "set label '%s' at %f,%f left offset 1,%f\nset label '%s' at %f,%f left offset 1,%f\n",
		 name, p->at[i - 1], y[i - 1], up + 0.5, fmt_count(y[i - 1]).s, p->at[i - 1], y[i - 1],
		 up - 0.5);
}

static void script(struct str *b, const struct plot *p)
{
	double max = highest(p), apart = p->base[p->n - 1] - p->ours[p->n - 1];
	double up = fabs(apart) < max * 0.2 ? (apart < 0 ? -1 : 1) : 0;

	str_add(b, head);
	str_addf(b, "set xlabel '%s' offset 0,0.5\n", p->x);
	add_tics(b, max > 0 ? max : 1);
	add_data(b, "base", p, p->base);
	add_data(b, "ours", p, p->ours);
	add_label(b, "base", p, p->base, up);
	add_label(b, "shpte", p, p->ours, -up);
	str_add(b, "plot $base with linespoints lw 1.5 pt 7 ps 0.7 dt 1 lc rgb '" C_BASE "' notitle, "
		"$ours with linespoints lw 1.5 pt 4 ps 0.8 dt 2 lc rgb '" C_OURS "' notitle\n");
}

/* gnuplot's SVG from its root element on, with our style and title in it. */
static int dress(const struct plot *p, const char *raw, struct str *svg)
{
	const char *start = strstr(raw, "<svg"), *inside = start ? strchr(start, '>') : NULL;
	const char *body = inside ? strstr(inside, "<g id=\"gnuplot_canvas\"") : NULL;

	if (!body)
		return err("gnuplot wrote no SVG");
	str_addn(svg, start, inside + 1 - start);
	str_addf(svg, "\n<title>%s</title>", p->title);
	str_add(svg, style);
	str_add(svg, body);
	return 0;
}

int plot_svg(const struct plot *p, struct str *svg)
{
	_str_ in = {0}, out = {0}, errors = {0};
	_run_ r = { .out = &out, .err = &errors, .timeout = 60 };
	static bool warned;
	_free_ what = NULL;
	int status;

	script(&in, p);
	r.in = in.s;
	run_args(&r, "gnuplot", "-", NULL);
	status = run_wait(&r);
	if (status == 0)
		return dress(p, str_get(&out), svg);
	if (status == -ENOENT) {
		if (!warned)
			warn("gnuplot is missing: the page has the figures as tables only");
		warned = true;
		return 1;
	}
	if (status == -EINTR)
		return err("stopped; the site is as it was");
	what = run_describe(&r, status);
	return err("%s: %.200s", what, str_get(&errors));
}
