// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the guest: mounts what the tests need, runs every program in /tests in the order of their names,
 * passes on what they print, and restarts the machine.
 *
 * On the kernel's command line:
 *	tests=munmap,exit	only these
 *	first=munmap,exit	these first, in this order, then the others
 *	test_seconds=300	the limit of one test, if the test doesn't set its own
 *	slow=4			this machine is so much slower than usual: all limits are this many times as long
 *	suite=NAME		no tests, but the suite's script in its Debian root, see userland.h
 *	seed=, case=, ...	the kernel puts words that it doesn't know into our environment: they reach the tests
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "userland.h"

#define TESTS_MAX 100
#define HEARTBEAT_MS 10000
#define SKIP_STATUS 4		/* as of the kernel's selftests */

static int kmsg = -1;
static int test_seconds = 300, slow = 1, seconds;

static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
	char line[700];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(1, line, n) == n)
		tcdrain(1);		/* or what the kernel says next would cut into it */
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

static void spit(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		say("# %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void mount_at(const char *type, const char *where, const char *options)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, options) && errno != EBUSY)
		say("# mount %s on %s: %s", type, where, strerror(errno));
}

/*
 * The scheduler's deadline server for ordinary tasks warns, in hrtimer_forward(), that its timer is queued when a CPU was away
 * for longer than its period, as an emulated one can be.  6.12 stops the server without a look whether it has stopped already,
 * and warns of that: so each is written to from its own CPU, where it runs as we do.
 */
static void disable_fair_server(void)
{
	char path[100];
	cpu_set_t all, one;

	sched_getaffinity(0, sizeof(all), &all);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/sched/fair_server/cpu%d/runtime", cpu);
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (access(path, F_OK) || sched_setaffinity(0, sizeof(one), &one))
			break;
		spit(path, "0");
		/* What the kernel says of it comes later, and would cut into our lines. */
		poll(NULL, 0, 20);
	}
	sched_setaffinity(0, sizeof(all), &all);
}

static void set_up(void)
{
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY }, files = { 65536, 65536 };
	struct timeval in_2000 = { .tv_sec = 946684800 };
	int fd;

	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("devtmpfs", "/dev", NULL);
	fd = open("/dev/console", O_RDWR);
	if (fd >= 0)
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
	if (fd > 2)
		close(fd);
	mount_at("tmpfs", "/tmp", "size=75%");
	mount_at("tmpfs", "/dev/shm", "size=75%");
	mkdir("/mnt", 0755);
	mount_at("cgroup2", "/sys/fs/cgroup", NULL);
	if (!access("/sys/kernel/debug", F_OK))
		mount_at("debugfs", "/sys/kernel/debug", NULL);
	disable_fair_server();
	spit("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	/* See NUMA_BALANCING in facts.h. */
	if (!access("/proc/sys/kernel/numa_balancing", F_OK))
		spit("/proc/sys/kernel/numa_balancing", "0");
	setrlimit(RLIMIT_MEMLOCK, &none);
	setrlimit(RLIMIT_NPROC, &none);
	setrlimit(RLIMIT_NOFILE, &files);
	setenv("PATH", "/bin", 1);
	/* ext2's time stamps end in 2038: the kernel warns of that at each mount, but not so far back. */
	settimeofday(&in_2000, NULL);
	/* What the kernel tells of its good health (swap added, file system mounted) would cut into our lines. */
	klogctl(8, NULL, 6);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
}

/* Names the test during which the kernel complained: reads on in its log, and gives the first complaint. */
static const char *complaint(void)
{
	static const char *const signs[] = {
		"BUG:", "WARNING:", "kernel BUG", "Oops", "Bad rss-counter", "non-zero pgtables_bytes", "Bad page",
		"INFO: possible", "blocked for more than", "bad pmd", "list_add corruption", "list_del corruption",
		"soft lockup",
	};
	static char first[200];
	char record[2000], *text;
	ssize_t n;

	first[0] = '\0';
	while (kmsg >= 0 && ((n = read(kmsg, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE))) {
		if (n < 0 || first[0])
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
			if (strstr(text, signs[i]))
				snprintf(first, sizeof(first), "%s", text + 1);
	}
	return first[0] ? first : NULL;
}

/* Where name stands in a list such as "munmap,exit", behind its end when it does not. */
static int place(const char *list, const char *name)
{
	size_t len = strlen(name);
	int at = 0;

	for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',', at++)
		if (strcspn(p, ",") == len && !strncmp(p, name, len))
			return at;
	return TESTS_MAX;
}

/* Is name in the list of tests=?  Without a list, all are. */
static int wanted(const char *name)
{
	const char *list = getenv("tests");

	return !list || !*list || place(list, name) < TESTS_MAX;
}

/* Those of first= in its order, then by name. */
static int in_order(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b, *first = getenv("first");
	int before = place(first, x) - place(first, y);

	return before ? before : strcmp(x, y);
}

static int find_tests(char **names)
{
	DIR *dir = opendir("/tests");
	struct dirent *de;
	int n = 0;

	while (dir && (de = readdir(dir)) && n < TESTS_MAX)
		if (de->d_name[0] != '.' && wanted(de->d_name))
			names[n++] = strdup(de->d_name);
	if (dir)
		closedir(dir);
	qsort(names, n, sizeof(names[0]), in_order);
	return n;
}

/* What a test printed, line by line, two spaces further in.  "# limit 900 s" is for us: it needs so long. */
static char text[4096];
static size_t text_len;

static void pass_on(int end)
{
	char *line = text, *newline;

	while ((newline = memchr(line, '\n', text + text_len - line))) {
		*newline = '\0';
		if (sscanf(line, "# limit %d s", &seconds) != 1)
			say("  %s", line);
		line = newline + 1;
	}
	text_len -= line - text;
	memmove(text, line, text_len);
	if (text_len && (end || text_len == sizeof(text))) {
		say("  %.*s", (int)text_len, text);
		text_len = 0;
	}
}

/* Gives the test's wait status; -1: it had to be killed, or could not even be. */
static int run(const char *name, long *took)
{
	long start = now_ms(), heard = start, now;
	int fds[2], status = 0, killed = 0, gone = 0;
	pid_t pid, child;

	seconds = test_seconds;
	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		say("# %s: %s", name, strerror(errno));
		return 255 << 8;
	}
	if (!pid) {
		char path[300];

		setsid();
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		if (getenv("suite")) {
			userland_exec();
			_exit(127);
		}
		snprintf(path, sizeof(path), "/tests/%s", name);
		execl(path, path, NULL);
		_exit(127);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	for (;;) {
		struct pollfd pfd = { .fd = fds[0], .events = POLLIN };
		ssize_t n;

		poll(&pfd, 1, gone ? 0 : 100);
		while ((n = read(fds[0], text + text_len, sizeof(text) - text_len)) > 0) {
			text_len += n;
			pass_on(0);
			heard = now_ms();
		}
		if (gone)
			break;
		while ((child = waitpid(-1, &status, WNOHANG)) > 0)
			if (child == pid) {
				gone = 1;
				break;
			}
		if (gone || !n)
			poll(NULL, 0, gone ? 0 : 10);
		now = now_ms();
		if (now - heard >= HEARTBEAT_MS) {
			say("# running %s %ld s", name, (now - start) / 1000);
			heard = now;
		}
		if (!killed && now - start > 1000L * slow * seconds) {
			/* Who waits for what, before it is gone; then everybody but us. */
			spit("/proc/sysrq-trigger", "w");
			kill(-1, SIGKILL);
			killed = 1;
		}
		if (killed && now - start > 1000L * slow * seconds + 10000)
			break;
	}
	pass_on(1);
	close(fds[0]);
	*took = now_ms() - start;
	return killed ? -1 : status;
}

static void judge(int number, const char *name)
{
	const char *complained;
	long took = 0;
	int status;

	say("# Subtest: %s", name);
	status = run(name, &took);
	complained = complaint();
	say("# time %s %ld.%02ld s", name, took / 1000, took % 1000 / 10);
	if (complained)
		say("not ok %d %s # kernel complained: %s", number, name, complained);
	else if (status == -1)
		say("not ok %d %s # timed out", number, name);
	else if (WIFSIGNALED(status))
		say("not ok %d %s # killed by signal %d", number, name, WTERMSIG(status));
	else if (WEXITSTATUS(status) == SKIP_STATUS)
		say("ok %d %s # SKIP", number, name);
	else if (WEXITSTATUS(status))
		say("not ok %d %s", number, name);
	else
		say("ok %d %s", number, name);
}

/* What is to be run: a suite is one test, whose script reports those below it. */
static int find(char **names)
{
	const char *missing;

	if (!getenv("suite"))
		return find_tests(names);
	missing = userland_mount();
	if (missing)
		say("# %s: %s", missing, strerror(errno));
	names[0] = getenv("suite");
	return !missing;
}

int main(void)
{
	char *names[TESTS_MAX];
	struct utsname uts;
	int n;

	set_up();
	if (getenv("test_seconds"))
		test_seconds = atoi(getenv("test_seconds"));
	if (getenv("slow") && atoi(getenv("slow")) > 1)
		slow = atoi(getenv("slow"));
	n = find(names);
	say("KTAP version 1");
	uname(&uts);
	say("# %s %s %s, %ld CPUs", uts.sysname, uts.release, uts.machine, sysconf(_SC_NPROCESSORS_ONLN));
	say("# shared page tables: %s", access("/sys/kernel/mm/shpte", F_OK) ? "none" : "yes");
	say("1..%d", n);
	for (int i = 0; i < n; i++)
		judge(i + 1, names[i]);
	say("# shpte-guest: end");
	sync();
	reboot(RB_AUTOBOOT);
	return 1;
}
