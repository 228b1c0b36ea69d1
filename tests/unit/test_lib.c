// SPDX-License-Identifier: GPL-2.0
/* lib/: strings, options, configuration, files, children. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../lib/conf.h"
#include "../../lib/fs.h"
#include "../../lib/log.h"
#include "../../lib/opts.h"
#include "../../lib/run.h"

static char dir[] = "/tmp/shpte-test.XXXXXX";

static char *in_dir(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);

	if (text)
		assert_int_equal(file_write(path, text, strlen(text)), 0);
	return path;
}

static void test_str(void **state)
{
	_str_ b = {0};
	char text[] = " \t two words \n";

	assert_string_equal(str_get(&b), "");
	for (int i = 0; i < 1000; i++)
		str_addf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	assert_int_equal(strlen(b.s), 2000);
	str_clear(&b);
	str_addn(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_string_equal(str_trim(text), "two words");
	assert_true(ends_with("linux.patch", ".patch"));
	assert_false(ends_with("ch", ".patch"));
	assert_true(starts_with("tar:x", "tar:"));
}

static void test_strv(void **state)
{
	_strv_ l = {0};

	strv_split(&l, ",,c,a,,b,", ",");
	assert_int_equal(l.n, 3);
	assert_null(l.v[3]);
	strv_sort(&l);
	assert_string_equal(l.v[0], "a");
	assert_string_equal(l.v[2], "c");
	assert_true(strv_has(&l, "b"));
	assert_false(strv_has(&l, ""));
}

static const char *o_name, *o_dir;
static struct strv o_list;
static long o_num;
static bool o_flag;
static unsigned long long o_size;
static const struct opt opts[] = {
	{ "name", "NAME", "a name", OPT_STR, &o_name },
	{ "add", "THING", "a thing", OPT_LIST, &o_list },
	{ "timeout", "SECONDS", "a time", OPT_NUM, &o_num },
	{ "force", NULL, "a flag", OPT_FLAG, &o_flag },
	{ "mem", "SIZE", "a size", OPT_SIZE, &o_size },
	{ "folder", "DIR", "a folder", OPT_DIR, &o_dir },
	{ 0 }
};
static const struct cmd cmd = { "try", "THING", "tries", NULL, NULL, 1, 2, opts };

/* The words of one command line. */
static int parse(const char *line, struct strv *args)
{
	_strv_ argv = {0};
	_strv_ ours = {0};
	static struct strv keep;	/* OPT_STR points into argv */
	int ret;

	strv_split(&argv, line, " ");
	ret = opts_parse(&cmd, argv.n, argv.v, args ? args : &ours);
	strv_free(&keep);
	keep = argv;
	argv = (struct strv){0};
	return ret;
}

static void test_opts_good(void **state)
{
	_strv_ args = {0};

	assert_int_equal(parse("try a --name=x=y --add 1 --add=2 --timeout 90 --force --mem 3g -- --b", &args), 0);
	assert_int_equal(args.n, 2);
	assert_string_equal(args.v[1], "--b");
	assert_string_equal(o_name, "x=y");
	assert_int_equal(o_list.n, 2);
	assert_int_equal(o_num, 90);
	assert_true(o_flag);
	assert_true(o_size == 3ULL << 30);
	assert_int_equal(parse("try a --folder /etc", NULL), 0);
	assert_string_equal(o_dir, "/etc");
	assert_int_equal(parse("try a --quiet", NULL), 0);
	assert_true(log_quiet);
	log_quiet = false;
	assert_int_equal(parse("try -", NULL), 0);
	strv_free(&o_list);
}

static void test_opts_bad(void **state)
{
	static const char *const lines[] = {
		"try", "try a b c", "try a --frob", "try a --nam x", "try a --names x", "try a -n x", "try a --name",
		"try a --name --force", "try a --force=1", "try a --quiet=no", "try a --timeout -1", "try a --timeout 1x",
		"try a --timeout 0x10", "try a --timeout=", "try a --timeout 99999999999999999999", "try a --mem 3X",
		"try a --mem G", "try a --mem 3GB", "try a --mem -1G", "try a --mem 99999999999T", "try a --mem=",
		"try a --folder /no/such", "try a --folder /etc/passwd",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		int ret = parse(lines[i], NULL);

		if (ret != -2)
			fail_msg("'%s' gave %d", lines[i], ret);
	}
}

static void test_conf(void **state)
{
	static const char *const known[] = { "line.source", "line.make", "arch.*.qemu", NULL };
	static const char *const fewer[] = { "line.*", NULL };
	_free_ path = in_dir("a.conf", "[line]\n\tsource = old\n\tmake = A=1\n\tmake = \"B=2 3\"\n"
			     "[arch \"x.y\"]\n\tqemu = 1\n[arch \"i386-pae\"]\n\tqemu = many\n[line]\n\tsource = new\n");
	_cleanup_(conf_close) struct conf *c = NULL;
	_strv_ make = {0}, subs = {0};

	assert_int_equal(conf_open(&c, path), 0);
	assert_string_equal(conf_get(c, "line.source"), "new");
	assert_null(conf_get(c, "line.none"));
	conf_all(c, "line.make", &make);
	assert_int_equal(make.n, 2);
	assert_string_equal(make.v[0], "A=1");
	assert_string_equal(make.v[1], "B=2 3");
	conf_subsections(c, "arch", &subs);
	assert_int_equal(subs.n, 2);
	assert_string_equal(subs.v[0], "x.y");
	assert_int_equal(conf_long(c, "arch.x.y.qemu", 7), 1);
	assert_int_equal(conf_long(c, "arch.none.qemu", 7), 7);
	assert_true(conf_bool(c, "arch.x.y.qemu", false));
	assert_false(conf_bad(c));
	assert_int_equal(conf_long(c, "arch.i386-pae.qemu", 7), 7);
	assert_true(conf_bad(c));
	assert_int_equal(conf_check_keys(c, known), 0);
	assert_int_equal(conf_check_keys(c, fewer), -1);
}

static void test_conf_bad(void **state)
{
	_free_ broken = in_dir("broken.conf", "[line\nsource = x\n");
	_free_ none = in_dir("none.conf", NULL);
	struct conf *c = (void *)1;

	assert_int_equal(conf_open(&c, broken), -1);
	assert_null(c);
	assert_int_equal(conf_open(&c, none), -1);
	assert_int_equal(conf_open(&c, dir), -1);
}

static void test_conf_cut(void **state)
{
	static const char *const cut[] = { "[a]\n\tb = c; d\n", "[a]\n\tb = c # d\n", "[a]\n\tb = \"c\" ; d\n", "[a]\n\tb = c \\\nd;e\n" };
	_free_ whole = in_dir("whole.conf", "; b = c\n# d = e; f\n[a \"x;y\"]\n\tb = \"c; \\\"d\\\" # e\"\n\tf = \\\"\n  # g\n");
	struct conf *c;

	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		_free_ path = in_dir("cut.conf", cut[i]);

		if (conf_open(&c, path) != -1)
			fail_msg("was taken: %s", cut[i]);
	}
	assert_int_equal(conf_open(&c, whole), 0);
	assert_string_equal(conf_get(c, "a.x;y.b"), "c; \"d\" # e");
	conf_close(&c);
}

static void test_fs(void **state)
{
	_free_ deep = in_dir("p/q/r", NULL);
	_free_ file = in_dir("p/q/r/f.txt", NULL);
	_free_ top = in_dir("p", NULL);
	_free_ link = in_dir("p/link", NULL);
	_strv_ names = {0};
	_str_ text = {0};

	assert_int_equal(mkdirs(deep), 0);
	assert_int_equal(mkdirs(deep), 0);
	assert_int_equal(file_write(file, "abc", 3), 0);
	assert_int_equal(mkdirs(file), -ENOTDIR);
	assert_int_equal(file_read(file, &text), 0);
	assert_string_equal(text.s, "abc");
	assert_int_equal(file_read(deep, &text), -EISDIR);
	assert_int_equal(dir_list(deep, ".txt", &names), 0);
	assert_int_equal(names.n, 1);	/* no temporary file is left */
	assert_true(disk_free(file) > 0);
	assert_true(disk_free("/no/such/path") > 0);
	assert_int_equal(symlink("/etc", link), 0);
	assert_int_equal(remove_tree(top), 0);
	assert_false(file_exists(top));
	assert_true(file_exists("/etc"));	/* links are removed, not followed */
	assert_int_equal(remove_tree(top), 0);
}

/* Nothing that a user names is replaced by a file, unless it is one. */
static void test_file_put(void **state)
{
	_free_ file = in_dir("put.txt", "old"), *link = in_dir("put.link", NULL), *fifo = in_dir("put.fifo", NULL);
	_str_ text = {0};
	struct stat st;
	char got[8];
	int fd;

	assert_int_equal(symlink("put.txt", link), 0);
	assert_int_equal(file_put(link, "ab", 2), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(file_read(file, &text), 0);
	assert_string_equal(text.s, "ab");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	fd = open(fifo, O_RDONLY | O_NONBLOCK);
	assert_int_equal(file_put(fifo, "cd", 2), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 2);
	close(fd);
	assert_int_equal(file_put(dir, "x", 1), -EISDIR);
	assert_int_equal(file_put(file, "e", 1), 0);
	str_clear(&text);
	assert_int_equal(file_read(file, &text), 0);
	assert_string_equal(text.s, "e");
}

static void test_cache_path(void **state)
{
	_free_ xdg = in_dir("xdg", NULL);
	_free_ path = NULL;
	_free_ parent = in_dir("xdg/shpte/a", NULL);

	setenv("XDG_CACHE_HOME", xdg, 1);
	path = cache_path("a/%d", 7);
	assert_true(starts_with(path, parent));
	assert_true(ends_with(path, "/xdg/shpte/a/7"));
	assert_true(file_exists(parent));
}

static void test_lock(void **state)
{
	_free_ path = in_dir("lock", NULL);
	int fd = lock_file(path, "the test"), other;

	assert_true(fd >= 0);
	other = open(path, O_RDWR);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	close(fd);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	close(other);
}

static int sh(struct run *r, const char *script)
{
	run_args(r, "sh", "-c", script, NULL);
	return run_wait(r);
}

static void test_run_status(void **state)
{
	_run_ a = {0}, b = {0}, c = {0}, d = {0};
	_free_ said = NULL;

	assert_int_equal(sh(&a, "exit 7"), 7);
	assert_int_equal(sh(&b, "kill -SEGV $$"), 128 + SIGSEGV);
	said = run_describe(&b, 128 + SIGSEGV);
	assert_string_equal(said, "sh: killed by SIGSEGV");
	run_args(&c, "no-such-program", NULL);
	assert_int_equal(run_wait(&c), -ENOENT);
	d.dir = "/no/such/dir";
	assert_int_equal(sh(&d, "true"), -ENOENT);
}

static void test_run_output(void **state)
{
	_free_ log = in_dir("run.log", NULL);
	_str_ out = {0}, errs = {0}, text = {0};
	_run_ r = { .out = &out, .err = &errs, .log = log };
	_run_ again = { .log = log };

	strv_add(&r.env, "HOME=/new");
	assert_int_equal(sh(&r, "echo $HOME; echo two >&2; pwd"), 0);
	assert_true(starts_with(out.s, "/new\n"));
	assert_string_equal(errs.s, "two\n");
	assert_int_equal(sh(&again, "echo more; echo err >&2"), 0);
	assert_int_equal(file_read(log, &text), 0);
	assert_non_null(strstr(text.s, "two\n"));
	assert_true(ends_with(text.s, "more\nerr\n"));
}

/* More than a pipe holds in both directions at once. */
static void test_run_input(void **state)
{
	_str_ in = {0}, out = {0};
	_run_ r = { .out = &out };

	for (int i = 0; i < 200000; i++)
		str_addf(&in, "%d\n", i);
	r.in = in.s;
	run_args(&r, "cat", NULL);
	assert_int_equal(run_wait(&r), 0);
	assert_int_equal(out.len, in.len);
	assert_memory_equal(out.s, in.s, in.len);
}

static void add_line(void *arg, const char *line)
{
	strv_add(arg, line);
}

static void test_run_lines(void **state)
{
	_strv_ lines = {0};
	_run_ r = { .on_line = add_line, .arg = &lines };

	assert_int_equal(sh(&r, "printf 'a\\r\\nb\\n\\n'; echo c >&2; sleep 0.2; printf d"), 0);
	assert_int_equal(lines.n, 5);
	assert_string_equal(lines.v[0], "a");
	assert_string_equal(lines.v[2], "");
	assert_string_equal(lines.v[3], "c");
	assert_string_equal(lines.v[4], "d");
}

static bool is_running(pid_t pid)
{
	_free_ path = xasprintf("/proc/%d/stat", pid);
	_str_ text = {0};

	/* A zombie is dead; who reaps an orphan, and when, is init's affair. */
	return !file_read(path, &text) && !strstr(text.s, ") Z ");
}

static bool alive(const char *pidfile)
{
	_str_ text = {0};
	pid_t pid;

	assert_int_equal(file_read(pidfile, &text), 0);
	pid = atoi(text.s);
	assert_true(pid > 0);
	for (int i = 0; i < 50 && is_running(pid); i++)
		usleep(20000);
	return is_running(pid);
}

static void test_run_timeout(void **state)
{
	_free_ pidfile = in_dir("pid1", NULL);
	_free_ script = xasprintf("sleep 60 & echo $! >%s; wait", pidfile);
	_run_ r = { .timeout = 1 };
	double begun = now();

	assert_int_equal(sh(&r, script), -ETIMEDOUT);
	assert_true(now() - begun < 3);
	assert_false(alive(pidfile));
}

/* A program that does not hear SIGTERM is ended all the same. */
static void test_run_deaf(void **state)
{
	_run_ r = { .timeout = 1 };
	double begun = now();

	assert_int_equal(sh(&r, "trap '' TERM; while :; do sleep 1; done"), -ETIMEDOUT);
	assert_true(now() - begun < 8);
}

/* What a program leaves behind neither holds us up nor lives on. */
static void test_run_leftover(void **state)
{
	_free_ pidfile = in_dir("pid2", NULL);
	_free_ script = xasprintf("sleep 60 & echo $! >%s; echo said", pidfile);
	_str_ out = {0};
	_run_ r = { .out = &out };
	double begun = now();

	assert_int_equal(sh(&r, script), 0);
	assert_string_equal(out.s, "said\n");
	assert_true(now() - begun < 3);
	assert_false(alive(pidfile));
}

/* kill -9 of ourselves: the kernel tells the keeper, the keeper ends the group. */
static void test_run_orphan(void **state)
{
	_free_ pidfile = in_dir("pid3", NULL);
	_free_ script = xasprintf("sleep 60 & echo $! >%s; wait", pidfile);
	pid_t pid = fork();

	if (!pid) {
		struct run r = {0};

		sh(&r, script);
		_exit(0);
	}
	while (!file_exists(pidfile))
		usleep(20000);
	usleep(100000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_false(alive(pidfile));
}

static void test_run_stop(void **state)
{
	_run_ r = {0}, next = {0};
	int status;
	pid_t pid = fork();

	if (!pid) {
		run_init();
		if (!fork()) {
			usleep(300000);
			kill(getppid(), SIGTERM);
			_exit(0);
		}
		_exit(sh(&r, "sleep 60") == -EINTR && run_stopped() && sh(&next, "true") == -EINTR ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static int setup(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	return remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_str), cmocka_unit_test(test_strv), cmocka_unit_test(test_opts_good),
		cmocka_unit_test(test_opts_bad), cmocka_unit_test(test_conf), cmocka_unit_test(test_conf_bad), cmocka_unit_test(test_conf_cut),
		cmocka_unit_test(test_fs), cmocka_unit_test(test_file_put), cmocka_unit_test(test_cache_path),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_run_status), cmocka_unit_test(test_run_output), cmocka_unit_test(test_run_input),
		cmocka_unit_test(test_run_lines), cmocka_unit_test(test_run_timeout), cmocka_unit_test(test_run_deaf),
		cmocka_unit_test(test_run_leftover), cmocka_unit_test(test_run_orphan), cmocka_unit_test(test_run_stop),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
