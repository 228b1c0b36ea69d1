// SPDX-License-Identifier: GPL-2.0
/* What is to be seen on a guest's screen, and what a suite calls it when it is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../build-matrix/causes.h"
#include "../../build-matrix/screen.h"

/* A picture of 40x30, black, with a rectangle of 10x8+4+2 in #3366cc, if wanted. */
static void picture(struct str *b, bool window)
{
	str_add(b, "P6\n40 30\n255\n");
	for (int y = 0; y < 30; y++)
		for (int x = 0; x < 40; x++)
			str_addn(b, window && x >= 4 && x < 14 && y >= 2 && y < 10 ? "\x33\x66\xcc" : "\0\0\0", 3);
}

static void check(bool window, const char *sights, const char *expected)
{
	_str_ data = {0}, why = {0}, got = {0};
	struct screen s;
	struct ktap k;

	ktap_init(&k);
	picture(&data, window);
	assert_int_equal(screen_parse(&s, data.s, data.len, &why), 0);
	screen_check(&s, "desktop", sights, &k);
	for (size_t i = 0; i < k.n; i++)
		str_addf(&got, "%s %s: %s\n", k.tests[i].name, test_status_name(k.tests[i].status), k.tests[i].detail);
	assert_string_equal(str_get(&got), expected);
	screen_free(&s);
	ktap_free(&k);
}

static void test_blank(void **state)
{
	check(false, "", "screen.desktop fail: 40x30, all of it #000000\n");
	check(true, "", "screen.desktop pass: 40x30\n");
}

static void test_sights(void **state)
{
	check(true, " window=10x8+4+2 #3366cc", "screen.desktop pass: 40x30\n"
	      "screen.desktop.window pass: 100.0 % of 10x8+4+2 is #3366cc, wanted 100 %\n");
	check(true, " window=10x8+5+2 #3366cc", "screen.desktop pass: 40x30\n"
	      "screen.desktop.window fail: 90.0 % of 10x8+5+2 is #3366cc, wanted 100 %\n");
	check(true, "window=10x8+4+2 #3366cd", "screen.desktop pass: 40x30\n"
	      "screen.desktop.window fail: 0.0 % of 10x8+4+2 is #3366cd, wanted 100 %\n");
	check(true, " a=20x8+4+2 #3366cc 20-50% b=20x8+4+2 #000000 60-100%", "screen.desktop pass: 40x30\n"
	      "screen.desktop.a pass: 50.0 % of 20x8+4+2 is #3366cc, wanted 20 to 50 %\n"
	      "screen.desktop.b fail: 50.0 % of 20x8+4+2 is #000000, wanted 60 to 100 %\n");
	/* The screen is of another size than the guest believes. */
	check(true, " window=10x8+31+2 #000000", "screen.desktop pass: 40x30\n"
	      "screen.desktop.window fail: 10x8+31+2 is not on a screen of 40x30\n");
	check(false, " window=10x8+4+2 #3366cc", "screen.desktop fail: 40x30, all of it #000000\n"
	      "screen.desktop.window fail: 0.0 % of 10x8+4+2 is #3366cc, wanted 100 %\n");
}

static void test_unreadable(void **state)
{
	static const char *const bad[] = {
		"window", "window=", "window=10x8", "window=10x8+4+2", "window=10x8+4+2 3366cc", "window=10x8+4+2 #3366ccd",
		"window=0x8+4+2 #3366cc", "window=10x8+4+2 #3366cc 60-50%",
		"window=10x8+4+2 #3366cc 0-101%", "window=10x8+4+2 #3366cc 5-10%x", "WINDOW=10x8+4+2 #3366cc",
		"window=99999999999x8+4+2 #3366cc", "window=-1x8+4+2 #3366cc", "window=10x8+4+-2 #3366cc",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		_free_ expected = xasprintf("screen.desktop pass: 40x30\nscreen.desktop.asked fail: what is to be seen can't be read: %s\n",
					    bad[i]);

		check(true, bad[i], expected);
	}
	check(true, "window=10x8+4+2 #3366cc 50%", "screen.desktop pass: 40x30\n"
	      "screen.desktop.window pass: 100.0 % of 10x8+4+2 is #3366cc, wanted 100 %\n"
	      "screen.desktop.asked fail: what is to be seen can't be read: 50%\n");
}

static void refuse(const char *data, size_t len, const char *part)
{
	_str_ why = {0};
	struct screen s;

	assert_int_equal(screen_parse(&s, data, len, &why), -1);
	if (!strstr(str_get(&why), part))
		fail_msg("got    %s\n\twanted %s", str_get(&why), part);
}

static void test_no_picture(void **state)
{
	_str_ data = {0};

	picture(&data, true);
	refuse("", 0, "no picture");
	refuse("P5\n40 30\n255\n", 13, "no picture");
	refuse("P6\n0 30\n255\n", 12, "no picture");
	refuse("P6\n40 30\n65535\n", 15, "no picture");
	refuse("P6\n99999 99999\n255\n", 19, "no picture");
	refuse("\x89PNG", 4, "no picture");
	refuse(data.s, data.len - 1, "a picture of 40x30 has 3613 bytes, not 3612");
	str_add(&data, "x");
	refuse(data.s, data.len, "not 3614");
}

static void test_causes_parse(void **state)
{
	static const char *const bad[] = { "", "x.start", "x.start:", "x.start: ", ": X didn't start", "x.start: pass", "x.*: panic" };
	struct causes c = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(causes_add(&c, bad[i]), -1);
	assert_int_equal(c.n, 0);
	assert_int_equal(causes_add(&c, "x.start: X didn't start"), 0);
	assert_string_equal(c.v[0].tests, "x.start");
	assert_string_equal(c.v[0].verdict, "X didn't start");
	causes_free(&c);
	assert_int_equal(c.n, 0);
}

static const char *cause_of(const struct causes *c, const char *failed)
{
	const char *found;
	struct ktap k;

	ktap_init(&k);
	ktap_add(&k, "x.start", TEST_PASS, "");
	ktap_add(&k, "x.skipped", TEST_SKIP, "");
	if (failed)
		ktap_add(&k, failed, TEST_FAIL, "");
	found = causes_find(c, &k);
	ktap_free(&k);
	return found ?: "none";
}

static void test_causes_find(void **state)
{
	struct causes c = {0};

	assert_string_equal(cause_of(&c, "x.start"), "none");
	causes_add(&c, "x.start: X didn't start");
	causes_add(&c, "x.*: client failed");
	causes_add(&c, "screen.desktop: X started, screen blank");
	causes_add(&c, "screen.desktop.*: X started, window missing");
	assert_string_equal(cause_of(&c, NULL), "none");
	assert_string_equal(cause_of(&c, "x.start"), "X didn't start");
	assert_string_equal(cause_of(&c, "x.shm"), "client failed");
	assert_string_equal(cause_of(&c, "screen.desktop"), "X started, screen blank");
	assert_string_equal(cause_of(&c, "screen.desktop.window"), "X started, window missing");
	assert_string_equal(cause_of(&c, "y"), "none");
	causes_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blank), cmocka_unit_test(test_sights), cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_picture), cmocka_unit_test(test_causes_parse), cmocka_unit_test(test_causes_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
