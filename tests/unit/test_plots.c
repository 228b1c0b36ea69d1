// SPDX-License-Identifier: GPL-2.0
/* reports/: the pictures that gnuplot draws. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../lib/fs.h"
#include "../../lib/log.h"
#include "../../reports/bars.h"
#include "../../reports/format.h"
#include "../../reports/plot.h"

static char dir[] = "/tmp/shpte-test.XXXXXX";

static void test_plot(void **state)
{
	static const double base[][2] = { { 10, 5400 }, { 1, 540 }, { 50, 7 }, { 50, 26956 } };
	_cleanup_(plot_free) struct plot p = { .title = "page <tables>", .x = "what's counted" };
	_str_ svg = {0};

	for (size_t i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		plot_add(&p, base[i][0], false, base[i][1]);
	plot_add(&p, 50, true, 1900);
	plot_add(&p, 1, true, 540);
	assert_int_equal(p.n, 3);
	assert_true(p.v[1].at == 10 && isnan(p.v[1].ours));
	assert_true(p.v[2].base == 26956 && p.v[2].ours == 1900);
	assert_int_equal(plot_svg(&p, NULL, &svg), 0);
	assert_true(starts_with(svg.s, "<svg"));
	assert_non_null(strstr(svg.s, ">base<"));
	assert_non_null(strstr(svg.s, ">26,956<"));
	assert_non_null(strstr(svg.s, ">1,900<"));
	assert_non_null(strstr(svg.s, "stroke-dasharray"));
	assert_non_null(strstr(svg.s, "page &lt;tables&gt;"));
	assert_non_null(strstr(svg.s, "what's counted"));
	assert_null(strstr(svg.s, "<script"));
}

/* Logarithmic, what can't be shown there left out; one line only; nothing at all. */
static void test_plot_log(void **state)
{
	_cleanup_(plot_free) struct plot p = { .title = "t", .x = "x", .log = true };
	_str_ svg = {0}, one = {0};

	plot_add(&p, 0, false, 5);
	plot_add(&p, 1, false, 0);
	assert_int_equal(plot_svg(&p, NULL, &one), 0);
	assert_null(strstr(one.s, ">base<"));
	plot_add(&p, 2, true, 30);
	plot_add(&p, 1000, true, 27000);
	assert_int_equal(plot_svg(&p, NULL, &svg), 0);
	assert_null(strstr(svg.s, ">base<"));
	assert_non_null(strstr(svg.s, ">shpte<"));
	assert_non_null(strstr(svg.s, ">27,000<"));
	assert_non_null(strstr(svg.s, ">100,000<"));
	assert_non_null(strstr(svg.s, ">10<"));
}

static void test_plot_time(void **state)
{
	_cleanup_(plot_free) struct plot p = { .title = "t", .x = "time", .time = true };
	_free_ old = xasprintf("%s/old.svg", dir);
	_str_ svg = {0}, same = {0}, other = {0};

	plot_add(&p, moment("2026-11-21T18:00:00Z"), false, 5);
	plot_add(&p, moment("2026-11-29T18:00:00Z"), false, 6);
	assert_int_equal(plot_svg(&p, NULL, &svg), 0);
	assert_non_null(strstr(svg.s, ">2026-11-21<"));
	assert_non_null(strstr(svg.s, ">2026-11-29<"));
	/* What was drawn is not drawn again, unless it would be another picture. */
	str_add(&svg, "<!-- mine -->");
	assert_int_equal(file_write(old, svg.s, svg.len), 0);
	assert_int_equal(plot_svg(&p, old, &same), 0);
	assert_string_equal(same.s, svg.s);
	plot_add(&p, moment("2026-11-30T18:00:00Z"), false, 7);
	assert_int_equal(plot_svg(&p, old, &other), 0);
	assert_null(strstr(other.s, "<!-- mine -->"));
}

static void test_bars(void **state)
{
	struct bar v[] = { { .name = "<i386> o'pae", .base = 26956, .ours = 1900 },
			   { .name = "half", .base = NAN, .ours = 7 } };
	const struct bars bars = { .title = "<t>", .x = "kB", .v = v, .n = 2 };
	_str_ svg = {0};

	assert_int_equal(bars_svg(&bars, NULL, &svg), 0);
	assert_non_null(strstr(svg.s, "&lt;i386> o'pae<"));
	assert_non_null(strstr(svg.s, ">base 26,956<"));
	assert_non_null(strstr(svg.s, ">shpte 1,900<"));
	assert_non_null(strstr(svg.s, ">shpte 7<"));
	assert_non_null(strstr(svg.s, "<title>&lt;t&gt;</title>"));
	assert_null(strstr(svg.s, "<i386>"));
}

static int make_dir(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	return remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plot), cmocka_unit_test(test_plot_log), cmocka_unit_test(test_plot_time),
		cmocka_unit_test(test_bars),
	};

	return cmocka_run_group_tests_name("plots", tests, make_dir, remove_dir);
}
