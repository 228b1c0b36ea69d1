// SPDX-License-Identifier: GPL-2.0
/* reports/: escaping, templates, how numbers and times are written. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../reports/format.h"
#include "../../reports/html.h"
#include "../../reports/template.h"

static void is_html(const char *text, size_t len, const char *wanted)
{
	_str_ b = {0};

	html_textn(&b, text, len);
	assert_string_equal(str_get(&b), wanted);
}

static void test_escape(void **state)
{
	is_html("<script>alert('1') && \"2\"</script>", 34,
		"&lt;script&gt;alert(&#39;1&#39;) &amp;&amp; &quot;2&quot;&lt;/script&gt;");
	is_html("a\tb\nc", 5, "a\tb\nc");
	is_html("50 × Straße €", strlen("50 × Straße €"), "50 × Straße €");
	is_html("", 0, "");
}

/* What HTML forbids, and what is no UTF-8, must not get through: logs hold all of it. */
static void test_escape_bytes(void **state)
{
	is_html("a\0b", 3, "a\xef\xbf\xbd" "b");
	is_html("\x1b[31m", 5, "\xef\xbf\xbd[31m");
	is_html("\xff<", 2, "\xef\xbf\xbd&lt;");
	is_html("\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd");		/* overlong '/' */
	is_html("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
	is_html("\xe2\x82", 2, "\xef\xbf\xbd\xef\xbf\xbd");		/* cut off */
	is_html("\xc2\x85", 2, "\xef\xbf\xbd\xef\xbf\xbd");		/* a C1 control */
}

static void test_html_printf(void **state)
{
	_str_ b = {0};

	html_addf(&b, "<b>%s</b> %d %5.1f%% %zu %.3s %c", "<&>", -3, 12.34, (size_t)7, "abcdef", 'x');
	assert_string_equal(str_get(&b), "<b>&lt;&amp;&gt;</b> -3  12.3% 7 abc x");
}

static void test_names(void **state)
{
	_free_ a = file_name("../../etc/passwd"), *b = file_name("6.12.117-1~deb12u1"), *c = file_name("");
	_str_ href = {0};

	assert_string_equal(a, "_._.._etc_passwd");
	assert_string_equal(b, "6.12.117-1~deb12u1");
	assert_string_equal(c, "_");
	html_href(&href, "cell/a b\"<:x.html");
	assert_string_equal(href.s, "cell/a%20b%22%3C%3Ax.html");
}

static void test_template(void **state)
{
	const struct tvar vars[] = { { "name", "<i>" }, { "none", NULL }, { 0 } };
	_str_ b = {0};

	assert_int_equal(template_fill(&b, "t", "a {{name}} {{{name}}}{{none}} {", vars), 0);
	assert_string_equal(b.s, "a &lt;i&gt; <i> {");
	assert_int_equal(template_fill(&b, "t", "{{unknown}}", vars), -1);
	assert_int_equal(template_fill(&b, "t", "{{name", vars), -1);
	assert_int_equal(template_file(&b, "no-such.html", vars), -1);
}

static void test_format(void **state)
{
	assert_string_equal(fmt_count(0).s, "0");
	assert_string_equal(fmt_count(999).s, "999");
	assert_string_equal(fmt_count(26956).s, "26,956");
	assert_string_equal(fmt_count(3277250).s, "3,277,250");
	assert_string_equal(fmt_count(-1234.5).s, "-1,234.50");
	assert_string_equal(fmt_count(NAN).s, "–");
	assert_string_equal(fmt_seconds(0.04).s, "0.0 s");
	assert_string_equal(fmt_seconds(31.2).s, "31 s");
	assert_string_equal(fmt_seconds(75).s, "1 min 15 s");
	assert_string_equal(fmt_seconds(7500).s, "2 h 05 min");
	assert_string_equal(fmt_bytes(512).s, "512 bytes");
	assert_string_equal(fmt_bytes(1536).s, "1.5 kB");
	assert_string_equal(fmt_bytes(3221225472.0).s, "3 GB");
	assert_string_equal(fmt_ratio(26956, 1900).s, "14.2 × less");
	assert_string_equal(fmt_ratio(100, 130).s, "1.3 × more");
	assert_string_equal(fmt_ratio(100, 100).s, "same");
	assert_string_equal(fmt_ratio(0, 100).s, "–");
	assert_string_equal(fmt_size("256M").s, "256 MB");
	assert_string_equal(fmt_date("2026-11-23T20:44:00Z").s, "2026-11-23 20:44 UTC");
	assert_string_equal(fmt_hour(moment("2026-11-23T20:44:00Z")).s, "11-23 20:44");
	assert_string_equal(fmt_day(moment("1970-01-02T00:00:00Z")).s, "1970-01-02");
	assert_true(isnan(moment("2026-11-23")));
	assert_string_equal(fmt_date("yesterday").s, "–");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape), cmocka_unit_test(test_escape_bytes),
		cmocka_unit_test(test_html_printf), cmocka_unit_test(test_names), cmocka_unit_test(test_template),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
