// SPDX-License-Identifier: GPL-2.0
/*
 * The judge, without QEMU.  Each tests/fixtures/console/NAME.log is a console log; its first line says what must come out:
 *   # init|tests|fast | VERDICT | part of the detail | N complaints [| by SECONDS [| who noticed: what]]
 * fast: the guest tests, to their first failure, as on a mutant.
 * A line takes 10 ms.  Between the lines: "@wait SECONDS", "@event NAME [REASON]", "@exit STATUS [STDERR]", "@kill SIGNAL".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../build-matrix/notice.h"
#include "../../build-matrix/stamp.h"
#include "../../build-matrix/verdict.h"
#include "../../lib/fs.h"

static struct patterns patterns;

static int load(void **state)
{
	_free_ path = data_path("build-matrix/failures.conf");

	return patterns_load(&patterns, path);
}

static int unload(void **state)
{
	patterns_free(&patterns);
	return 0;
}

/* Plays one line; time goes on until the judge wants no more. */
static bool play(struct judge *j, char *line, double *t)
{
	char a[64] = "", b[64] = "";
	int n = 0, status;

	if (sscanf(line, "@wait %63s", a) == 1) {
		double end = *t + atof(a);

		while (*t < end && !judge_done(j, *t))
			*t = judge_next(j) > *t && judge_next(j) < end ? judge_next(j) : end;
	} else if (sscanf(line, "@event %63s %63s", a, b) >= 1) {
		judge_event(j, a, b[0] ? b : NULL, *t);
	} else if (sscanf(line, "@exit %d %n", &status, &n) == 1) {
		judge_exit(j, status << 8, line + n, *t);
	} else if (sscanf(line, "@kill %d", &status) == 1) {
		judge_exit(j, status, "", *t);
	} else {
		judge_line(j, line, *t);
		*t += 0.01;
	}
	return judge_done(j, *t);
}

/* "x | y": the next field, without the blanks around it; NULL: no more. */
static char *field(char **head)
{
	char *s = strsep(head, "|");

	return s ? str_trim(s) : NULL;
}

/* As `shpte mutate` has it of a control whose tests took a second each. */
static struct limit *limits;
static size_t n_limits;

static void check_notice(const char *name, const struct judge *j, enum verdict v, const char *wanted)
{
	struct notice n = {0};
	_free_ got = NULL;

	assert_true(notice_take(&n, j, v, "the detail"));
	got = n.noticed ? xasprintf("%s: %s", n.by, str_get(&n.what)) : xstrdup("nobody");
	if (strcmp(got, wanted))
		fail_msg("%s: noticed by %s\n\twanted %s", name, got, wanted);
	notice_free(&n);
}

static void check_log(const char *name, char *text)
{
	char *head = strsep(&text, "\n"), *mode, *verdict, *part, *complaints, *by, *notice, *line;
	struct judge j;
	_str_ detail = {0};
	enum verdict v;
	double t = 0;

	assert_true(starts_with(head, "# "));
	head += 2;
	mode = field(&head);
	verdict = field(&head);
	part = field(&head);
	complaints = field(&head);
	by = field(&head);
	notice = field(&head);
	judge_init(&j, &patterns, strcmp(mode, "init") ? JUDGE_TESTS : JUDGE_INIT, 900);
	j.fail_fast = !strcmp(mode, "fast");
	if (j.fail_fast) {
		j.limits = limits;
		j.n_limits = n_limits;
	}
	while ((line = strsep(&text, "\n")) && !(!*line && !text))
		if (play(&j, line, &t))
			break;
	if (!j.settled)
		fail_msg("%s: no verdict at %.1f s", name, t);
	v = judge_finish(&j, &detail);
	if (strcmp(verdict, verdict_name(v)) || !strstr(str_get(&detail), part))
		fail_msg("%s: got    %s: %s\n\twanted %s: %s", name, verdict_name(v), str_get(&detail), verdict, part);
	if ((size_t)atol(complaints) != j.complaints.n)
		fail_msg("%s: %zu complaints, wanted %s", name, j.complaints.n, complaints);
	if (by && t > atof(by + 3))
		fail_msg("%s: verdict after %.2f s, wanted %s", name, t, by);
	if (notice)
		check_notice(name, &j, v, notice);
	judge_free(&j);
}

static void test_logs(void **state)
{
	_free_ dir = data_path("tests/fixtures/console");
	_strv_ names = {0};

	limits_read(&limits, &n_limits, "KTAP version 1\n# time munmap 1.00 s\n# time mremap 1.00 s\n", 0);
	assert_int_equal(dir_list(dir, ".log", &names), 0);
	assert_true(names.n > 50);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		_str_ text = {0};

		assert_int_equal(file_read(path, &text), 0);
		check_log(names.v[i], text.s);
	}
	limits_free(limits, n_limits);
}

static void test_limits(void **state)
{
	_free_ program = notice_program("munmap.partial");
	_free_ same = notice_program("munmap");
	struct limit *l;
	size_t n;

	assert_string_equal(program, "munmap");
	assert_string_equal(same, "munmap");
	limits_read(&l, &n, "# time\n# time x\n# times x 1 s\nok 1 x\n", 0);
	assert_int_equal(n, 0);
	limits_free(l, n);
	limits_read(&l, &n, "# time munmap 2.50 s\nok 1 munmap\n# time sharers 29.14 s\n", 0);
	assert_int_equal(n, 2);
	assert_string_equal(l[0].test, "munmap");
	assert_true(l[0].seconds == 30);
	assert_string_equal(l[1].test, "sharers");
	limits_free(l, n);
	limits_read(&l, &n, "# time munmap 2.50 s\n", 7);
	assert_true(l[0].seconds == 7);
	limits_free(l, n);
}

static void test_stamp(void **state)
{
	static const char *const none[] = { "", "[", "[ 1.2] x", "[12] x", "[  1.123456]x", "[x 1.123456] y", "ok 1 a" };
	size_t at, end;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(stamp_find(none[i], &at, &end));
	assert_true(stamp_find("[    0.000000] Linux", &at, &end));
	assert_int_equal(at, 0);
	assert_int_equal(end, 15);
	assert_true(stamp_find("ok 1[12345.123456][    T1] x", &at, &end));
	assert_int_equal(at, 4);
	assert_int_equal(end, 27);
	assert_true(stamp_find("[    0.000000]", &at, &end));
	assert_int_equal(end, 14);
}

static void test_ktap(void **state)
{
	static const char *const lines[] = {
		"KTAP version 1", "1..4", "# Subtest: a", "  KTAP version 1", "  1..1", "  # Subtest: b", "    1..2",
		"    ok 1 - c", "    # off by one", "    not ok 2 d # at line 7", "  not ok 1 b", "not ok 1 a",
		"ok 2 - e # SKIP: no swap", "ok 3", "# figure f.g 12.5", "# figure f.g 13", "# figure broken",
		"# Subtest: h", "# point s.t 1 2.5", "# point s.t 2 -1e3", "# point s.t 3", "# point s.t nan 1", "# point u 1 inf",
		"  ok 1 i", "okay 7", "not a line",
	};
	struct ktap k;

	ktap_init(&k);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ktap_line(&k, lines[i]);
	ktap_finish(&k);
	assert_int_equal(k.n, 5);
	assert_string_equal(k.tests[0].name, "a.b.c");
	assert_string_equal(k.tests[1].name, "a.b.d");
	assert_string_equal(k.tests[1].detail, "off by one; at line 7");
	assert_string_equal(k.tests[2].name, "e");
	assert_string_equal(k.tests[2].detail, "no swap");
	assert_int_equal(k.tests[2].status, TEST_SKIP);
	assert_string_equal(k.tests[3].name, "?");
	assert_string_equal(k.tests[4].name, "h.i");
	assert_int_equal(k.planned, 4);
	assert_int_equal(k.reported, 3);
	assert_int_equal(k.n_figures, 1);
	assert_true(k.figures[0].value == 13);
	assert_int_equal(k.n_points, 2);
	assert_string_equal(k.points[1].series, "s.t");
	assert_true(k.points[1].x == 2 && k.points[1].y == -1000);
	assert_false(ktap_line(&k, "hello"));
	ktap_free(&k);
}

/* Any line at all: no crash, no byte in the detail that JSON does not take. */
static void test_noise(void **state)
{
	static const char *const lines[] = {
		"\033[2J\033[H", "\xff\xfe", "[    1.000000] \xc3\x28 BUG: \x80", "[", "[    1.000000]", "1..99999999999999999999",
		"not ok 1", "ok ", "ok 1 #", "ok 1 # ", "# ", "#", "# figure", "# figure x nan", "  ", "Attempted to kill init!",
		"[    2.000000] Attempted to kill init! exitcode=0xzz",
	};
	_str_ detail = {0};
	struct judge j;

	judge_init(&j, &patterns, JUDGE_TESTS, 900);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		judge_line(&j, lines[i], i);
	judge_exit(&j, 9, NULL, 20);
	judge_finish(&j, &detail);
	for (size_t i = 0; i < detail.len; i++)
		assert_true(detail.s[i] >= ' ' && detail.s[i] < 0x7f);
	judge_free(&j);
}

/* What a test says in colour is said without. */
static void test_colours(void **state)
{
	struct judge j;

	judge_init(&j, &patterns, JUDGE_TESTS, 900);
	judge_line(&j, "KTAP version 1", 1);
	judge_line(&j, "not ok 1 a # \033[1;31mFAILED\033[0m \033[2Kat \033]0", 1);
	assert_int_equal(j.ktap.n, 1);
	assert_string_equal(j.ktap.tests[0].detail, "FAILED at ?]0");
	judge_free(&j);
}

static void test_names(void **state)
{
	enum verdict v;

	for (int i = V_PASS; i <= V_STOPPED; i++) {
		assert_int_equal(verdict_parse(verdict_name(i), &v), 0);
		assert_int_equal(v, i);
	}
	assert_int_equal(verdict_parse("fine", &v), -1);
	assert_true(verdict_lasts(V_PANIC));
	assert_false(verdict_lasts(V_EMULATOR));
}

static void bad_conf(const char *text)
{
	char path[] = "/tmp/shpte-failures.XXXXXX";
	struct patterns p;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(file_write(path, text, strlen(text)), 0);
	assert_int_equal(patterns_load(&p, path), -1);
	patterns_free(&p);
	remove(path);
}

static void test_bad_patterns(void **state)
{
	bad_conf("[pattern \"a\"]\n\tregex = \"(\"\n\tverdict = panic\n");
	bad_conf("[pattern \"a\"]\n\tverdict = panic\n");
	bad_conf("[pattern \"a\"]\n\tregex = a\n\tverdict = fine\n");
	bad_conf("[pattern \"a\"]\n\tregex = a\n");
	bad_conf("[pattern \"a\"]\n\tregex = a\n\tverdict = panic\n\tlandmark = end\n");
	bad_conf("[pattern \"a\"]\n\tregex = a\n\tlandmark = end\n\tgrace = soon\n");
	bad_conf("[pattern \"a\"]\n\tregexp = a\n\tlandmark = end\n");
	bad_conf("[pattern \"a\"]\n\tregex = a\n\tlandmark = end\n\tkind = odd\n");
}

/* The verdict of a kernel that goes on says what it complained of first. */
static void test_kinds(void **state)
{
	static const char *const lines[][2] = {
		{ "BUG: unable to handle page fault for address: c0000000", "an oops" },
		{ "Oops: 0002 [#1] SMP", "an oops" },
		{ "munmap(57): Kernel Bug 1", "an oops" },
		{ "WARNING: possible circular locking dependency detected", "lockdep" },
		{ "[ BUG: Invalid wait context ]", "lockdep" },
		{ "WARNING: CPU: 0 PID: 1 at mm/memory.c:1 f+0x1/0x2", "WARNING" },
		{ "BUG: sleeping function called from invalid context at mm/x.c:1", "BUG" },
		{ "kernel BUG at mm/x.c:1!", "BUG" },
		{ "BUG: KASAN: slab-use-after-free in f+0x1/0x2", "KASAN" },
		{ "watchdog: BUG: soft lockup - CPU#1 stuck for 22s!", "a lockup" },
		{ "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "an RCU stall" },
		{ "BUG: Bad rss-counter state mm:c1 type:MM_FILEPAGES val:1", "accounting" },
		{ "list_del corruption. prev->next should be c1", "list corruption" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		_free_ line = xasprintf("[    1.000000] %s", lines[i][0]), *called = xasprintf("kernel complained: %s", lines[i][1]);
		struct judge j;

		judge_init(&j, &patterns, JUDGE_INIT, 60);
		judge_line(&j, line, 1);
		judge_line(&j, "[    2.000000] WARNING: CPU: 0 PID: 1 at mm/other.c:1 g+0x1/0x2", 2);
		assert_string_equal(j.complained_of, called);
		judge_free(&j);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_ktap),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bad_patterns),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
