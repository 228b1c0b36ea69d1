// SPDX-License-Identifier: GPL-2.0
/* reports/: what is taken into the database, what the mutants of a cell come to, the mailbox. */
#include <fcntl.h>
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

#include "../../lib/fs.h"
#include "../../reports/db.h"
#include "../../reports/mailbox.h"
#include "../../reports/mutations.h"
#include "results.h"

static char dir[] = "/tmp/shpte-test.XXXXXX";

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
		cmocka_unit_test(test_import), cmocka_unit_test(test_index_damaged), cmocka_unit_test(test_latest),
		cmocka_unit_test(test_mutants), cmocka_unit_test(test_mutants_old), cmocka_unit_test(test_mailbox),
		cmocka_unit_test(test_mailbox_full),
	};

	return cmocka_run_group_tests_name("reports", tests, make_dir, remove_dir);
}
