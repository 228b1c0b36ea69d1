// SPDX-License-Identifier: GPL-2.0
/* reports/: a result, what it says in a few words, the verdict on a pair of kernels. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../build-matrix/build-matrix.h"
#include "../../reports/history.h"
#include "../../reports/pair.h"
#include "results.h"

#define FIGURES(kb) ",\"figures\":{\"sharers.256M.1.pagetables_kb\":540,\"sharers.256M.50.pagetables_kb\":" kb "}"

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
#define TWO_TESTS(variant, verdict, a, b) "{\"cell\":\"6.12/x/" variant "+s\",\"kernel\":\"6.12\",\"arch\":\"x\"," \
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
	check_missed(TWO_TESTS("base", "pass", "pass", "pass"), TWO_TESTS("shpte", "pass", "pass", "skip"),
		     "1 test that the base passes was not come to; both kernels pass the others");
	check_missed(TWO_TESTS("base", "test failed", "fail", "pass"), TWO_TESTS("shpte", "test failed", "fail", "skip"),
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_brief), cmocka_unit_test(test_parse_broken),
		cmocka_unit_test(test_grades), cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_verdict_unproven), cmocka_unit_test(test_verdict_counts),
		cmocka_unit_test(test_verdict_suites), cmocka_unit_test(test_twins), cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_words), cmocka_unit_test(test_test_words), cmocka_unit_test(test_weigh),
		cmocka_unit_test(test_missed), cmocka_unit_test(test_turns),
	};

	return cmocka_run_group_tests_name("pair", tests, NULL, NULL);
}
