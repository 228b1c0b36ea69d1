// SPDX-License-Identifier: GPL-2.0
/* reports/: escaping, templates, numbers, what is taken into the database, the verdict on a pair. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../build-matrix/build-matrix.h"
#include "../../lib/fs.h"
#include "../../lib/log.h"
#include "../../reports/db.h"
#include "../../reports/format.h"
#include "../../reports/history.h"
#include "../../reports/html.h"
#include "../../reports/mailbox.h"
#include "../../reports/mutations.h"
#include "../../reports/pair.h"
#include "../../reports/template.h"

#define CELL(arch, variant, verdict, rest) \
	"{\"cell\":\"6.12/" arch "/" variant "\",\"kernel\":\"6.12\",\"arch\":\"" arch "\",\"variant\":\"" variant "\"," \
	"\"version\":\"6.12.1\",\"verdict\":\"" verdict "\"" rest "}"
#define FIGURES(kb) ",\"figures\":{\"sharers.256M.1.pagetables_kb\":540,\"sharers.256M.50.pagetables_kb\":" kb "}"

static char dir[] = "/tmp/shpte-test.XXXXXX";

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

static int parse(struct result *r, const char *text)
{
	_str_ why = {0};
	int ret = result_parse(r, text, strlen(text), &why);

	/* A reason is given exactly when it fails. */
	assert_int_equal(!!why.len, !!ret);
	return ret;
}

static void test_parse(void **state)
{
	struct result r;

	assert_int_equal(parse(&r, CELL("x", "shpte", "pass", ",\"seconds\":{\"build\":31.2},\"tests\":["
					"{\"name\":\"a\",\"status\":\"pass\"},{\"name\":\"b\",\"status\":\"fail\"}]")), 0);
	assert_string_equal(r.version, "6.12.1");
	assert_string_equal(r.commit, "");
	assert_true(result_num(&r, "seconds", "build") == 31.2);
	assert_true(isnan(result_num(&r, "seconds", "boot")));
	assert_int_equal(result_tests(&r, NULL), 2);
	assert_int_equal(result_tests(&r, "fail"), 1);
	assert_string_equal(result_test(&r, "b"), "fail");
	assert_null(result_test(&r, "c"));
	result_free(&r);
	/* The colours of a terminal, also those whose escape an older version had made a '?'. */
	assert_int_equal(parse(&r, CELL("x", "shpte", "pass", ",\"detail\":\"\\u001b[1;32mOK\\u001b[0m ?[31mno?[m ?[x] what?\"")), 0);
	assert_string_equal(r.detail, "OK no ?[x] what?");
	result_free(&r);
}

static void check_brief(const char *detail, const char *regression, const char *wanted)
{
	_free_ text = xasprintf(CELL("x", "shpte", "test failed", ",\"detail\":\"%s\",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"},"
		"{\"name\":\"b\",\"status\":\"fail\"},{\"name\":\"c\",\"status\":\"pass\"},{\"name\":\"d\",\"status\":\"fail\"},"
		"{\"name\":\"e\",\"status\":\"fail\"},{\"name\":\"f\",\"status\":\"fail\"}]"), detail);
	_strv_ regressions = {0};
	struct result r;
	_str_ b = {0};

	if (regression)
		strv_add(&regressions, regression);
	assert_int_equal(parse(&r, text), 0);
	result_brief(&b, &r, &regressions);
	assert_string_equal(b.s, wanted);
	result_free(&r);
}

/* A long list is cut to its number and three names. */
static void test_brief(void **state)
{
	_free_ words = xasprintf("WARNING; 5 of 6 guest tests failed: a (%0200d), b, d, e, f, 3 skipped", 0);

	check_brief("5 of 6 guest tests failed: a, b, d, e, f", NULL, "5 of 6 guest tests failed: a, b, d, e, f");
	check_brief("a panic", NULL, "a panic");
	check_brief(words, NULL, "WARNING; 5 of 6 guest tests failed: a, b, d and 2 more");
	check_brief(words, "f", "WARNING; 5 of 6 guest tests failed: regression: f");
}

static void test_parse_broken(void **state)
{
	static const char *const broken[] = {
		"", "{", "[]", "null", "{}", "{\"cell\":\"a/b/c\"}",
		CELL("x", "base", "", ""),
		CELL("x", "base", "pass", ",\"detail\":5"),
		CELL("x", "base", "pass", ",\"tests\":{}"),
		CELL("x", "base", "pass", ",\"tests\":[1]"),
		CELL("x", "base", "pass", ",\"tests\":[{\"name\":1}]"),
		CELL("x", "base", "pass", ",\"figures\":{\"a\":\"1\"}"),
		CELL("x", "base", "pass", ",\"complaints\":[{}]"),
		"{\"cell\":\"6.12/x/base\",\"kernel\":\"6.12\",\"arch\":\"y\",\"variant\":\"base\",\"verdict\":\"pass\"}",
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct result r;

		if (!parse(&r, broken[i]))
			fail_msg("taken for good: %s", broken[i]);
	}
}

static void test_grades(void **state)
{
	assert_int_equal(grade_verdict("pass"), GOOD);
	assert_int_equal(grade_verdict("panic"), BAD);
	assert_int_equal(grade_verdict("no emulator"), NONE);
	assert_int_equal(grade_verdict("what is this"), BAD);
	assert_true(is_commit("0123456789abcdef0123456789abcdef01234567"));
	assert_false(is_commit("../../../etc"));
	assert_false(is_commit(""));
}

/* The verdict sentence on the results given, and the grade of the page. */
static enum grade judge(struct str *sentence, size_t n, const char *const json[])
{
	struct result v[8];
	struct results l = { v, n };
	struct pairs p, suites;
	enum grade g;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(parse(&v[i], json[i]), 0);
	pairs_make(&p, &l, false);
	pairs_make(&suites, &l, true);
	str_clear(sentence);
	verdict_sentence(sentence, &p, &suites);
	g = verdict_grade(&p, &suites, NULL);
	pairs_free(&p);
	pairs_free(&suites);
	for (size_t i = 0; i < n; i++)
		result_free(&v[i]);
	return g;
}

#define JUDGE(...) judge(&s, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), (const char *[]){ __VA_ARGS__ })

static void test_verdict(void **state)
{
	_str_ s = {0};

	assert_int_equal(JUDGE(CELL("x", "base", "pass", FIGURES("26956")), CELL("x", "shpte", "pass", FIGURES("1900"))), GOOD);
	assert_string_equal(s.s, "Shared page tables are alive on 6.12 x: both kernels pass, "
			    "page tables of 50 × 256 MB sharers 1,900 kB instead of 26,956 kB");
	/* Passing is not enough: a kernel that shares nothing passes every test. */
	assert_int_equal(JUDGE(CELL("x", "base", "pass", FIGURES("26956")), CELL("x", "shpte", "pass", FIGURES("26956"))), BAD);
	assert_non_null(strstr(s.s, "broken on 6.12 x"));
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "panic", ",\"detail\":\"a\\u001b[2Jb\"")), BAD);
	assert_string_equal(s.s, "Shared page tables are broken on 6.12 x: the derived kernel fails: panic (ab), "
			    "the unpatched kernel passes");
}

static void test_verdict_unproven(void **state)
{
	_str_ s = {0};

	/* What fails in the base as well is no regression; what fails only in ours is one. */
	assert_int_equal(JUDGE(CELL("x", "base", "test failed", ",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"}]"),
			       CELL("x", "shpte", "test failed", ",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"}]")), NONE);
	assert_int_equal(JUDGE(CELL("x", "base", "test failed", ",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"}]"),
			       CELL("x", "shpte", "test failed", ",\"tests\":[{\"name\":\"b\",\"status\":\"fail\"}]")), BAD);
	assert_int_equal(JUDGE(CELL("x", "base", "panic", ""), CELL("x", "shpte", "pass", "")), NONE);
	assert_int_equal(JUDGE(CELL("x", "shpte", "pass", "")), NONE);
	assert_non_null(strstr(s.s, "the unpatched kernel was not run"));
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""),
			       CELL("y", "base", "pass", ""), CELL("y", "shpte", "pass", "")), GOOD);
	assert_string_equal(s.s, "Shared page tables are alive on all 2 pairs of kernel and architecture");
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""),
			       CELL("y", "base", "pass", ""), CELL("y", "shpte", "silent", "")), BAD);
	assert_string_equal(s.s, "Shared page tables are alive on 1 of 2 pairs of kernel and architecture, broken on 1");
	assert_int_equal(JUDGE(CELL("m68k", "base", "pass", ""), CELL("m68k", "shpte", "pass", ""),
			       CELL("y", "base", "pass", ""), CELL("y", "shpte", "pass", "")), GOOD);
	assert_string_equal(s.s, "Shared page tables are alive on 1 of 1 pairs of kernel and architecture; refused, as it must be, on 1 "
			    "(1 runs as without it)");
}

/* Each pair is counted once, and as it is shown in the matrix. */
static void test_verdict_counts(void **state)
{
	_str_ s = {0};

	/* Of the base alone nothing follows for the derived kernel. */
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""), CELL("y", "base", "silent", "")), GOOD);
	assert_string_equal(s.s, "Shared page tables are alive on 1 of 1 pairs of kernel and architecture");
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("y", "base", "silent", "")), NONE);
	assert_string_equal(s.s, "No derived kernel was put to the guest tests yet");
	/* A failure without a base to hold it against is red in the matrix. */
	assert_int_equal(JUDGE(CELL("x", "shpte", "build failed", ""), CELL("y", "shpte", "pass", "")), BAD);
	assert_string_equal(s.s, "Shared page tables are alive on 0 of 2 pairs of kernel and architecture, "
			    "failing on 1 with no base to compare with, not proven on 1");
	assert_int_equal(JUDGE(CELL("x", "shpte", "build failed", "")), BAD);
	assert_string_equal(s.s, "The derived kernel fails on 6.12 x, with no base to compare with: the derived kernel fails: build failed, "
			    "the unpatched kernel was not run");
	/* What is refused can't be broken. */
	assert_int_equal(JUDGE(CELL("m68k", "base", "pass", ""), CELL("m68k", "shpte", "panic", ""),
			       CELL("um", "base", "pass", ""), CELL("um", "shpte", "pass", "")), BAD);
	assert_string_equal(s.s, "Shared page tables are refused, as it must be, on 2 (1 runs as without it, 1 fails what the base does not)");
	assert_int_equal(JUDGE(CELL("m68k", "base", "pass", ""), CELL("m68k", "shpte", "panic", "")), BAD);
	assert_non_null(strstr(s.s, "refused on 6.12 m68k virt: the derived kernel fails: panic"));
}

#define SUITE(arch, variant, verdict) CELL(arch, variant "+s", verdict, ",\"suite\":\"s\"")

/* What a suite finds in the derived kernel alone is as bad as what a guest test does. */
static void test_verdict_suites(void **state)
{
	_str_ s = {0};

	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""),
			       SUITE("x", "base", "pass"), SUITE("x", "shpte", "pass")), GOOD);
	assert_string_equal(s.s, "Shared page tables are alive on 6.12 x: both kernels pass");
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""),
			       SUITE("x", "base", "pass"), SUITE("x", "shpte", "panic")), BAD);
	assert_string_equal(s.s, "Shared page tables are alive on 6.12 x, with a regression in 1 of 1 suite: both kernels pass");
	assert_int_equal(JUDGE(CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", ""),
			       CELL("y", "base", "pass", ""), CELL("y", "shpte", "pass", ""),
			       SUITE("x", "base", "pass"), SUITE("x", "shpte", "pass"),
			       SUITE("z", "base", "pass"), SUITE("z", "shpte", "panic")), BAD);
	assert_string_equal(s.s, "Shared page tables are alive on all 2 pairs of kernel and architecture, with a regression in 1 of 2 suites");
	assert_int_equal(JUDGE(SUITE("z", "base", "pass"), SUITE("z", "shpte", "panic")), BAD);
	assert_string_equal(s.s, "No derived kernel was put to the guest tests yet, but there is a regression in 1 of 1 suite");
}

static void test_twins(void **state)
{
	static const char *const json[] = {
		CELL("x", "base", "pass", ""),
		"{\"cell\":\"6.12/x/shpte\",\"kernel\":\"6.12\",\"arch\":\"x\",\"variant\":\"shpte\",\"version\":\"6.12.2\","
		"\"verdict\":\"pass\"}",
	};
	struct result v[2];
	struct results l = { v, 2 };
	struct pairs p;
	_free_ why = NULL;

	assert_int_equal(parse(&v[0], json[0]) | parse(&v[1], json[1]), 0);
	pairs_make(&p, &l, false);
	why = pair_mismatch(&p.v[0]);
	assert_non_null(strstr(why, "the base is 6.12.1 but the derived kernel is 6.12.2"));
	pairs_free(&p);
	result_free(&v[0]);
	result_free(&v[1]);
}

static void check_mismatch(const char *base, const char *ours, const char *wanted)
{
	struct result v[2];
	struct pair p = { .base = &v[0], .ours = &v[1], .suite = "" };
	_free_ why = NULL;

	assert_int_equal(parse(&v[0], base) | parse(&v[1], ours), 0);
	why = pair_mismatch(&p);
	assert_string_equal(why ?: "", wanted);
	result_free(&v[0]);
	result_free(&v[1]);
}

static void test_mismatch(void **state)
{
	static const char old[] = CELL("x", "base", "pass", ",\"qemu\":\"QEMU 7\"");

	check_mismatch(old, CELL("x", "shpte", "pass", ",\"qemu\":\"QEMU 7\""), "");
	check_mismatch(old, CELL("x", "shpte", "pass", ",\"qemu\":\"QEMU 10\""),
		       "the base ran on QEMU 7 but the derived kernel ran on QEMU 10: run 'shpte matrix' for both");
	/* A build that failed never saw one. */
	check_mismatch(old, CELL("x", "shpte", "build failed", ""), "");
}

/* The word for the derived kernel of a pair, and how it is shown. */
static const char *word(enum grade *g, const char *base, const char *ours)
{
	struct result v[2];
	struct results l = { v, 2 };
	const char *w;
	struct pairs p;

	assert_int_equal(parse(&v[0], base) | parse(&v[1], ours), 0);
	pairs_make(&p, &l, false);
	w = pair_word(&p.v[0]);
	*g = pair_grade(&p.v[0], &v[1]);
	assert_int_equal(pair_grade(&p.v[0], &v[0]), v[0].grade);
	pairs_free(&p);
	result_free(&v[0]);
	result_free(&v[1]);
	return w;
}

#define FAILED(variant, test) CELL("x", variant, "test failed", ",\"tests\":[{\"name\":\"" test "\",\"status\":\"fail\"}]")

static void test_words(void **state)
{
	enum grade g;

	assert_null(word(&g, CELL("x", "base", "pass", ""), CELL("x", "shpte", "pass", "")));
	assert_int_equal(g, GOOD);
	assert_string_equal(word(&g, FAILED("base", "a"), FAILED("shpte", "a")), "fails on the base too");
	assert_int_equal(g, NONE);
	assert_string_equal(word(&g, FAILED("base", "a"), FAILED("shpte", "b")), "regression");
	assert_int_equal(g, BAD);
	assert_string_equal(word(&g, CELL("x", "base", "no emulator", ""), FAILED("shpte", "b")), "no base to compare with");
	assert_int_equal(g, BAD);
	assert_string_equal(word(&g, CELL("x", "base", "pass", FIGURES("26956")), CELL("x", "shpte", "pass", FIGURES("26956"))),
			    "nothing is shared");
	assert_int_equal(g, BAD);
	assert_null(word(&g, CELL("x", "base", "pass", ""), CELL("x", "shpte", "no emulator", "")));
	/* Where tables can't be shared it is no news that they are not. */
	assert_string_equal(word(&g, CELL("m68k", "base", "pass", FIGURES("26956")), CELL("m68k", "shpte", "pass", FIGURES("26956"))),
			    "no sharing here");
	assert_int_equal(g, GOOD);
	assert_string_equal(word(&g, CELL("m68k", "base", "pass", ""), CELL("m68k", "shpte", "panic", "")), "regression");
}

static void test_test_words(void **state)
{
	static const char base[] = CELL("x", "base", "test failed", ",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"}]");
	static const char ours[] = CELL("x", "shpte", "test failed", ",\"tests\":[{\"name\":\"a\",\"status\":\"fail\"},"
		"{\"name\":\"b\",\"status\":\"fail\"},{\"name\":\"c\",\"status\":\"fail\"},{\"name\":\"d\",\"status\":\"fail\"},"
		"{\"name\":\"e\",\"status\":\"pass\"}],"
		"\"again\":{\"c\":{\"shpte\":\"pass\"},\"d\":{\"shpte\":\"fail\",\"base\":\"fail\"}}");
	_strv_ regressions = {0};
	struct result v[2];
	struct pair p = { .base = &v[0], .ours = &v[1] };

	assert_int_equal(parse(&v[0], base) | parse(&v[1], ours), 0);
	result_regressions(&regressions, v[1].json, v[0].json);
	assert_string_equal(pair_test_word(&p, &regressions, "a"), "fails on the base too");
	assert_string_equal(pair_test_word(&p, &regressions, "b"), "regression");
	assert_string_equal(pair_test_word(&p, &regressions, "c"), "not when run again");
	assert_string_equal(pair_test_word(&p, &regressions, "d"), "fails on the base too when run again");
	assert_null(pair_test_word(&p, &regressions, "e"));
	assert_null(pair_test_word(&p, &regressions, "never heard of"));
	result_free(&v[0]);
	result_free(&v[1]);
}

/* A result of the past has its twin's text only. */
static void test_weigh(void **state)
{
	struct result r;

	assert_int_equal(parse(&r, FAILED("shpte", "a")), 0);
	pair_weigh(&r, NULL);
	assert_int_equal(r.shown, BAD);
	pair_weigh(&r, FAILED("base", "b"));
	assert_int_equal(r.shown, BAD);
	pair_weigh(&r, FAILED("base", "a"));
	assert_int_equal(r.shown, NONE);
	assert_int_equal(r.grade, BAD);
	result_free(&r);
}

/* A suite: "a" failed on both or passed on both, "b" passed on the base and was skipped here. */
#define SUITE(variant, verdict, a, b) "{\"cell\":\"6.12/x/" variant "+s\",\"kernel\":\"6.12\",\"arch\":\"x\"," \
	"\"variant\":\"" variant "+s\",\"suite\":\"s\",\"verdict\":\"" verdict "\",\"tests\":[{\"name\":\"a\"," \
	"\"status\":\"" a "\"},{\"name\":\"b\",\"status\":\"" b "\",\"detail\":\"no time left\"}]}"

static void check_missed(const char *base, const char *ours, const char *wanted)
{
	struct result v[2];
	struct results l = { v, 2 };
	struct pairs p;
	_str_ s = {0};

	assert_int_equal(parse(&v[0], base) | parse(&v[1], ours), 0);
	pairs_make(&p, &l, true);
	pair_clause(&s, &p.v[0]);
	assert_string_equal(s.s, wanted);
	assert_int_equal(state_grade(p.v[0].state), NONE);
	assert_int_equal(pair_grade(&p.v[0], &v[1]), NONE);
	pairs_free(&p);
	result_free(&v[0]);
	result_free(&v[1]);
}

static void test_missed(void **state)
{
	check_missed(SUITE("base", "pass", "pass", "pass"), SUITE("shpte", "pass", "pass", "skip"),
		     "1 test that the base passes was not come to; both kernels pass the others");
	check_missed(SUITE("base", "test failed", "fail", "pass"), SUITE("shpte", "test failed", "fail", "skip"),
		     "1 test that the base passes was not come to; the derived kernel fails nothing that the unpatched kernel does not: test failed");
}

#define RULES(commit) ",\"rules\":[{\"name\":\"payload\",\"commit\":\"1\"},{\"name\":\"hooks/zap\",\"subject\":\"s\"," \
	"\"commit\":\"" commit "\"}]"

/* Runs of one cell, and the turns that are found in them, the newest first: "panic: cause". */
static void check_turns(size_t n, const char *const json[], const char *wanted)
{
	struct result v[8];
	struct results runs = { v, n };
	struct turns turns;
	_str_ got = {0};

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(parse(&v[i], json[i]), 0);
		v[i].stamp = xasprintf("%zu", i);
	}
	turns_find(&turns, &runs);
	for (size_t i = 0; i < turns.n; i++)
		str_addf(&got, "%s: %s %s\n", turns.v[i].after->verdict, turns.v[i].cause, turns.v[i].commit);
	assert_string_equal(str_get(&got), wanted);
	turns_free(&turns);
	for (size_t i = 0; i < n; i++)
		result_free(&v[i]);
}

#define TURNS(wanted, ...) \
	check_turns(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), (const char *[]){ __VA_ARGS__ }, wanted)

static void test_turns(void **state)
{
	TURNS("pass: first run \n", CELL("x", "shpte", "pass", ""), CELL("x", "shpte", "pass", ""));
	TURNS("panic: rule hooks/zap: s 3\npass: first run \n",
	      CELL("x", "shpte", "pass", RULES("2")), CELL("x", "shpte", "panic", RULES("3")));
	TURNS("pass: rule hooks/zap is gone \npanic: first run \n",
	      CELL("x", "shpte", "panic", RULES("2")), CELL("x", "shpte", "pass", ",\"rules\":[{\"name\":\"payload\",\"commit\":\"1\"}]"));
	/* No branch: no rule to blame. */
	TURNS("derive failed: nothing has changed \npass: first run \n",
	      CELL("x", "shpte", "pass", RULES("2")), CELL("x", "shpte", "derive failed", ""));
	/* What says nothing of the kernel is no turn. */
	TURNS("pass: first run \n", CELL("x", "shpte", "pass", ""), CELL("x", "shpte", "stopped", ""), CELL("x", "shpte", "pass", ""));
	TURNS("silent: nothing has changed \npanic: the same kernel; its tests or its machine have changed \npass: first run \n",
	      CELL("x", "base", "pass", ",\"key\":\"a\""), CELL("x", "base", "panic", ",\"key\":\"b\""),
	      CELL("x", "base", "silent", ",\"key\":\"b\""));
	/* Cells do not mix. */
	TURNS("panic: first run \npass: first run \n", CELL("x", "base", "pass", ""), CELL("x", "shpte", "panic", ""));
}

static char *result_path(const char *cell, const char *stamp)
{
	return xasprintf("%s/results/%s/%s", dir, cell, stamp);
}

static void put(const char *cell, const char *stamp, const char *json)
{
	_free_ folder = result_path(cell, stamp), *file = xasprintf("%s/result.json", folder);

	assert_int_equal(mkdirs(folder), 0);
	assert_int_equal(file_write(file, json, strlen(json)), 0);
}

/* Imports, and gives the number of results that `cell` has then. */
static size_t history(const char *cell)
{
	_free_ index = xasprintf("%s/results.db", dir), *results = xasprintf("%s/results", dir);
	struct past *past;
	struct db *db;
	size_t n;

	assert_int_equal(db_open(&db, index), 0);
	assert_int_equal(db_import(db, results), 0);
	assert_int_equal(db_history(db, cell, "", 100, &past, &n), 0);
	past_free(past, n);
	db_close(&db);
	return n;
}

static void test_import(void **state)
{
	_free_ latest = result_path("6.12/x/base", "latest"), *gone = result_path("6.12/x/base", "20260101T000000Z");

	put("6.12/x/base", "20260101T000000Z", CELL("x", "base", "panic", ""));
	put("6.12/x/base", "20260102T000000Z", CELL("x", "base", "pass", ""));
	assert_int_equal(symlink("20260102T000000Z", latest), 0);
	assert_int_equal(history("6.12/x/base"), 2);
	assert_int_equal(history("6.12/x/base"), 2);	/* again: nothing twice */
	put("6.12/x/base", "20260103T000000Z", "{ broken");
	put("6.12/x/base", "20260104T000000Z", CELL("y", "base", "pass", ""));
	assert_int_equal(history("6.12/x/base"), 2);	/* broken and foreign ones: left out */
	assert_int_equal(history("6.12/y/base"), 0);
	put("6.12/x/base", "20260103T000000Z", CELL("x", "base", "pass", ""));
	assert_int_equal(history("6.12/x/base"), 3);	/* mended */
	assert_int_equal(remove_tree(gone), 0);
	assert_int_equal(history("6.12/x/base"), 2);	/* the folders are the truth */
}

static void test_index_damaged(void **state)
{
	_free_ index = xasprintf("%s/results.db", dir);

	put("6.12/z/base", "20260101T000000Z", CELL("z", "base", "pass", ""));
	assert_int_equal(file_write(index, "this is no database at all", 26), 0);
	assert_int_equal(history("6.12/z/base"), 1);
	assert_int_equal(file_write(index, "SQLite format 3\0garbage", 23), 0);
	assert_int_equal(history("6.12/z/base"), 1);
}

static void test_latest(void **state)
{
	_free_ index = xasprintf("%s/results.db", dir), *results = xasprintf("%s/results", dir);
	struct results l = {0};
	struct db *db;

	put("6.12/w/base", "20260101T000000Z", CELL("w", "base", "pass", ""));
	put("6.12/w/base", "20260102T000000Z", CELL("w", "base", "panic", ""));
	assert_int_equal(db_open(&db, index), 0);
	assert_int_equal(db_import(db, results), 0);
	assert_int_equal(db_latest(db, results, &l), 0);
	for (size_t i = 0; i < l.n; i++)
		if (!strcmp(l.v[i].cell, "6.12/w/base"))
			assert_string_equal(l.v[i].verdict, "panic");
	results_free(&l);
	db_close(&db);
}

static void put_mutant(const char *hook, const char *json)
{
	_free_ folder = xasprintf("%s/shpte/results/6.12/i386-pae/mutant/%s/latest", dir, hook);
	_free_ path = xasprintf("%s/result.json", folder);

	assert_int_equal(mkdirs(folder), 0);
	assert_int_equal(file_write(path, json, strlen(json)), 0);
}

/* Whatever lies in the folders of mutants: who has no good result has none. */
static void check_mutants(const struct result *r, size_t run, enum grade grade, const char *sentence)
{
	struct mutations m;
	_str_ b = {0};

	mutations_load(&m, r);
	mutations_sentence(&b, &m);
	assert_string_equal(str_get(&b), sentence);
	assert_int_equal(m.hooks.run + m.flaws.run, run);
	assert_int_equal(mutations_grade(&m), grade);
	mutations_free(&m);
}

static void test_mutants(void **state)
{
	static const char text[] = CELL("i386-pae", "shpte", "pass", ",\"rules\":[{\"name\":\"payload\"},"
		"{\"name\":\"hooks/zap\"},{\"name\":\"hooks/walk\"},{\"name\":\"hooks/../../base\"}]");
	_str_ why = {0};
	struct result r;
	json_t *list;

	setenv("XDG_CACHE_HOME", dir, 1);
	assert_int_equal(result_parse(&r, text, strlen(text), &why), 0);
	assert_null(mutations_json(&r));
	check_mutants(&r, 0, NONE, "0 of 2 hooks are noticed when left out; not tried: zap, walk");
	put_mutant("zap", "{\"mutant\":{\"tried\":true,\"noticed\":true,\"by\":\"munmap.partial\"}}");
	put_mutant("walk", "{\"mutant\":{\"tried\":tru");
	check_mutants(&r, 1, NONE, "1 of 2 hooks are noticed when left out; not tried: walk");
	put_mutant("walk", "{\"mutant\":7}");
	check_mutants(&r, 1, NONE, "1 of 2 hooks are noticed when left out; not tried: walk");
	put_mutant("walk", "{\"mutant\":{\"tried\":true,\"noticed\":false,\"by\":9}}");
	check_mutants(&r, 2, BAD, "1 of 2 hooks are noticed when left out; survived: walk");
	put_mutant("walk", "{\"mutant\":{\"tried\":true,\"noticed\":true}}");
	check_mutants(&r, 2, GOOD, "2 of 2 hooks are noticed when left out");
	list = mutations_json(&r);
	assert_int_equal(json_array_size(list), 2);
	json_decref(list);
	result_free(&r);
}

/* The sentence begins with `wanted`. */
static void check_begins(const struct result *r, enum grade grade, const char *wanted)
{
	struct mutations m;
	_str_ b = {0};

	mutations_load(&m, r);
	mutations_sentence(&b, &m);
	if (!starts_with(str_get(&b), wanted))
		fail_msg("%s", str_get(&b));
	assert_int_equal(mutations_grade(&m), grade);
	mutations_free(&m);
}

#define ONES "1111111111111111111111111111111111111111"
#define TWOS "2222222222222222222222222222222222222222"

/* What was held against another branch is not proven of this one; and a flaw that nobody notices is as bad as a hook. */
static void test_mutants_old(void **state)
{
	static const char text[] = CELL("i386-pae", "shpte", "pass", ",\"commit\":\"" ONES "\",\"rules\":[{\"name\":\"hooks/zap\"},"
		"{\"name\":\"hooks/walk\"}]");
	_cleanup_(hooks_free) struct hooks known = {0};
	_str_ why = {0};
	struct result r;

	setenv("XDG_CACHE_HOME", dir, 1);
	assert_int_equal(result_parse(&r, text, strlen(text), &why), 0);
	put_mutant("zap", "{\"mutant\":{\"tried\":true,\"noticed\":true,\"of\":\"" ONES "\"}}");
	put_mutant("walk", "{\"mutant\":{\"tried\":true,\"noticed\":true,\"of\":\"" TWOS "\"}}");
	check_mutants(&r, 2, NONE, "2 of 2 hooks are noticed when left out, 1 of them on an earlier branch");
	put_mutant("walk", "{\"mutant\":{\"tried\":true,\"noticed\":true,\"of\":\"" ONES "\"}}");
	assert_int_equal(hooks_load(&known), 0);
	for (size_t i = 0; i < known.n; i++)
		if (known.v[i].flaw)
			put_mutant(known.v[i].name, "{\"mutant\":{\"tried\":true,\"noticed\":true,\"of\":\"" ONES "\"}}");
	check_begins(&r, GOOD, "2 of 2 hooks are noticed when left out; ");
	put_mutant("late-cow", "{\"mutant\":{\"tried\":true,\"noticed\":true,\"of\":\"" TWOS "\"}}");
	check_begins(&r, NONE, "2 of 2 hooks are noticed when left out; ");
	put_mutant("late-cow", "{\"mutant\":{\"tried\":true,\"noticed\":false,\"of\":\"" ONES "\"}}");
	check_begins(&r, BAD, "2 of 2 hooks are noticed when left out; ");
	result_free(&r);
}

/* Another program that has the box, and puts a mail in once somebody waits for it. */
static pid_t other_writer(const char *box, int ready)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(box, O_WRONLY | O_APPEND);
	if (lockf(fd, F_LOCK, 0) || write(ready, "", 1) != 1)
		_exit(1);
	usleep(300000);
	_exit(write_all(fd, "From other\n\n", 12) ? 1 : 0);
}

static void test_mailbox(void **state)
{
	_free_ box = xasprintf("%s/box", dir);
	_str_ text = {0};
	int ready[2], status;
	struct stat st;
	char c;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(mailbox_add(box, "one", "From here\nto there"), 0);
	assert_int_equal(stat(box, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	other_writer(box, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(mailbox_add(box, "two", ""), 0);
	wait(&status);
	assert_int_equal(status, 0);
	assert_int_equal(file_read(box, &text), 0);
	assert_non_null(strstr(text.s, "\nSubject: one\n"));
	assert_non_null(strstr(text.s, "\n\n>From here\nto there\n\nFrom other\n\nFrom shpte@localhost "));
	assert_non_null(strstr(text.s, "\nSubject: two\n"));
	assert_int_equal(mailbox_add("/dev/null", "none", ""), 0);
	assert_int_equal(mailbox_add(dir, "none", ""), -1);
}

/* A disk that is full in the middle of a mail. */
static void test_mailbox_full(void **state)
{
	_free_ box = xasprintf("%s/full", dir);
	struct rlimit old, less;
	struct stat before, after;

	assert_int_equal(mailbox_add(box, "one", ""), 0);
	assert_int_equal(stat(box, &before), 0);
	getrlimit(RLIMIT_FSIZE, &old);
	less = (struct rlimit){ before.st_size + 50, old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &less);
	assert_int_equal(mailbox_add(box, "two", "text"), -1);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(stat(box, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
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
		cmocka_unit_test(test_escape), cmocka_unit_test(test_escape_bytes), cmocka_unit_test(test_html_printf),
		cmocka_unit_test(test_names), cmocka_unit_test(test_template), cmocka_unit_test(test_format),
		cmocka_unit_test(test_parse), cmocka_unit_test(test_parse_broken), cmocka_unit_test(test_grades),
		cmocka_unit_test(test_verdict), cmocka_unit_test(test_verdict_unproven), cmocka_unit_test(test_verdict_counts),
		cmocka_unit_test(test_verdict_suites), cmocka_unit_test(test_twins), cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_words), cmocka_unit_test(test_test_words),
		cmocka_unit_test(test_weigh), cmocka_unit_test(test_missed), cmocka_unit_test(test_brief), cmocka_unit_test(test_turns),
		cmocka_unit_test(test_import), cmocka_unit_test(test_index_damaged), cmocka_unit_test(test_latest),
		cmocka_unit_test(test_mutants), cmocka_unit_test(test_mutants_old), cmocka_unit_test(test_mailbox), cmocka_unit_test(test_mailbox_full),
	};

	return cmocka_run_group_tests_name("reports", tests, make_dir, remove_dir);
}
