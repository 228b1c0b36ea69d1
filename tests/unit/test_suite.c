// SPDX-License-Identifier: GPL-2.0
/* What a suite.conf says of figures: bounds and plots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../build-matrix/bounds.h"
#include "../../build-matrix/series.h"

static void test_bounds_parse(void **state)
{
	static const char *const bad[] = {
		"", "a", "a at", "a at most", "a at most x", "a at most 0", "a at most -1", "a at most nan", "a at most inf",
		"a at best 2", "a most 2", "a at most 2 or so", "at most 2",
	};
	struct bounds b = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bounds_add(&b, bad[i]), -1);
	assert_int_equal(b.n, 0);
	assert_int_equal(bounds_add(&b, "a.b at most 1.02"), 0);
	assert_int_equal(bounds_add(&b, "c  at least 10"), 0);
	assert_string_equal(b.v[0].figure, "a.b");
	assert_false(b.v[0].least);
	assert_true(b.v[0].times == 1.02);
	assert_true(b.v[1].least);
	bounds_free(&b);
	assert_int_equal(b.n, 0);
}

static void check(const char *bound, const char *ours, const json_t *base, enum test_status status, const char *detail)
{
	struct bounds b = {0};
	struct ktap k;

	ktap_init(&k);
	ktap_line(&k, "  ok 1 nested");
	if (*ours)
		ktap_line(&k, ours);
	assert_int_equal(bounds_add(&b, bound), 0);
	bounds_check(&b, &k, base);
	assert_int_equal(k.n, 2);
	assert_string_equal(k.tests[0].name, "nested");
	assert_string_equal(k.tests[1].name, "bound.f");
	assert_int_equal(k.tests[1].status, status);
	assert_string_equal(k.tests[1].detail, detail);
	ktap_free(&k);
	bounds_free(&b);
}

static void test_bounds_check(void **state)
{
	static const char none[] = "the base has no such figure to hold it against";
	json_t *base = json_pack("{s:{s:i, s:i, s:s}}", "figures", "f", 200, "zero", 0, "text", "200");
	json_t *zero = json_pack("{s:{s:i}}", "figures", "f", 0), *text = json_pack("{s:{s:s}}", "figures", "f", "200");

	check("f at most 1.02", "# figure f 204", base, TEST_PASS, "1.02 times the base's, at most 1.02");
	check("f at most 1.02", "# figure f 205", base, TEST_FAIL, "1.025 times the base's, at most 1.02");
	check("f at most 1.02", "# figure f 204.001", base, TEST_FAIL, "1.02001 times the base's, at most 1.02");
	check("f at most 1.02", "# figure f 1", base, TEST_PASS, "0.005 times the base's, at most 1.02");
	check("f at least 10", "# figure f 2000", base, TEST_PASS, "10 times the base's, at least 10");
	check("f at least 10", "# figure f 1990", base, TEST_FAIL, "9.95 times the base's, at least 10");
	check("f at least 10", "", base, TEST_FAIL, "it was not measured");
	check("f at most 1", "# figure f 1", NULL, TEST_SKIP, none);
	check("f at most 1", "# figure f 1", zero, TEST_SKIP, none);
	check("f at most 1", "# figure f 1", text, TEST_SKIP, none);
	json_decref(base);
	json_decref(zero);
	json_decref(text);
}

static void test_series(void **state)
{
	static const char *const bad[] = {
		"", "a", "a: b", "a: b against", "a: b against ", "a: against c", ": b against c", "a lin: b against c",
		"a log x: b against c", "a b against c",
	};
	struct series_list l = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(series_add(&l, bad[i]), -1);
	assert_int_equal(l.n, 0);
	assert_int_equal(series_add(&l, "a.b: This in kB against processes"), 0);
	assert_int_equal(series_add(&l, "c log: That against time in ms"), 0);
	assert_string_equal(l.v[0].name, "a.b");
	assert_string_equal(l.v[0].title, "This in kB");
	assert_string_equal(l.v[0].x, "processes");
	assert_false(l.v[0].log);
	assert_string_equal(l.v[1].name, "c");
	assert_string_equal(l.v[1].x, "time in ms");
	assert_true(l.v[1].log);
	series_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds_parse),
		cmocka_unit_test(test_bounds_check),
		cmocka_unit_test(test_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
