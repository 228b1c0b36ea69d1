/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every guest test stands on.
 *
 * A test is a table of cases.  Each case runs in a process of its own, the conductor, which opens a file
 * and forks a team of members.  A member maps the file at an address of its own and then does what it is
 * ordered to; between orders it sleeps, so that a case is a script whose steps happen in the order they are
 * written:
 *
 *	shared(3, 4 * span);				three members map four tables, all filled with generation 1
 *	at(0, do_munmap, 0, span, 0);			one of them gives up the first table
 *	each(do_check, span, 3 * span, 1);		and all see the rest as before
 *
 * The first check that fails, in whichever process, ends the case and is its reason.  The same steps pass
 * on a kernel without shared page tables; what must be true only with them is asked of its counters.
 *
 * Include it before anything else.
 */
#ifndef GUEST_H
#define GUEST_H

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* No test uses all that stands here, nor does an order use all that orders can carry. */
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* Since 6.1 and 6.13; C libraries are older. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MEMBERS_MAX 64

/* An order: most are about a range of the file and a generation of its contents. */
typedef long (*order_fn)(long off, long len, long gen);

struct slot {
	atomic_int order;		/* rises with every order */
	atomic_int done;		/* the last one that was carried out */
	order_fn fn;
	long off, len, gen, result;
	pid_t pid;
};

/* Shared by all processes of a case; smaller than a pte page covers, so its own table is never shared. */
struct guest_state {
	atomic_int failed;		/* 1: somebody writes why, 2: it is written */
	atomic_int skipped;
	char why[400];
	const char *file;		/* where the conductor is */
	int line;
	atomic_int word[64];		/* for the case's own use */
	struct slot slot[MEMBERS_MAX];
};

static struct guest_state *guest;
static long pagesz, span;		/* bytes of a page; bytes that a full pte page maps */
static int me = -1;			/* which member this process is; -1: the conductor */
static int members;
static int file_fd = -1;		/* what the team maps */
static size_t file_len;
static char *map;			/* where offset 0 of the file is, or would be, in this process */
static int case_seconds = 60;

/* --- failing */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void __attribute__((noreturn, format(printf, 3, 4)))
guest_fail(const char *file, int line, const char *fmt, ...)
{
	int nobody = 0, n = 0;
	va_list ap;

	if (atomic_compare_exchange_strong(&guest->failed, &nobody, 1)) {
		if (guest->file && (guest->line != line || strcmp(base_name(guest->file), base_name(file))))
			n = snprintf(guest->why, sizeof(guest->why), "%s:%d at ", base_name(guest->file), guest->line);
		n += snprintf(guest->why + n, sizeof(guest->why) - n, "%s:%d ", base_name(file), line);
		if (me >= 0)
			n += snprintf(guest->why + n, sizeof(guest->why) - n, "member %d: ", me);
		va_start(ap, fmt);
		vsnprintf(guest->why + n, sizeof(guest->why) - n, fmt, ap);
		va_end(ap);
		guest->failed = 2;
	}
	_exit(1);
}

#define FAIL(...) guest_fail(__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(cond, ...) do { if (!(cond)) FAIL(__VA_ARGS__); } while (0)

/* A call that must succeed. */
#define SYS(call) ({						\
	__typeof__(call) ret_ = (call);				\
	if ((long)ret_ == -1)					\
		FAIL("%s: %s", #call, strerror(errno));		\
	ret_;							\
})

/* A call that must fail, and how. */
#define FAILS(call, err) do {						\
	errno = 0;							\
	if ((long)(call) != -1 || errno != (err))			\
		FAIL("%s: %s, not %s", #call, strerror(errno), strerror(err)); \
} while (0)

static void __attribute__((noreturn)) skip(const char *reason)
{
	snprintf(guest->why, sizeof(guest->why), "%s", reason);
	guest->skipped = 1;
	_exit(0);
}

/* One line of output, in one write, so that the lines of several processes don't mix. */
static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
	char line[600];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(1, line, n) != n)
		_exit(2);
}

/* --- waiting */

static void futex_wait(atomic_int *word, int value, int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	syscall(SYS_futex, word, FUTEX_WAIT, value, &ts, NULL, 0);
}

static void futex_wake(atomic_int *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void pause_ms(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long now_ms(void)
{
	return now_us() / 1000;
}

static int cpus(void)
{
	static int n;

	return n ? n : (n = sysconf(_SC_NPROCESSORS_ONLN));
}

/* Spins, unless there is only one CPU: without a context switch a stale TLB entry stays in use. */
static void relax(void)
{
	if (guest->failed)
		_exit(1);
	if (cpus() == 1)
		sched_yield();
}

static void spin_until(atomic_int *word, int least)
{
	while (atomic_load(word) < least)
		relax();
}

static long pin(long cpu, long b, long c)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % cpus(), &set);
	return SYS(sched_setaffinity(0, sizeof(set), &set));
}

#include "contents.h"
#include "team.h"
#include "facts.h"

/* --- running the cases */

struct guest_case {
	const char *name;
	void (*fn)(void);
};

/* A table is shared with the case's processes only: with them it goes, or somebody forgot to leave. */
static int tables_left(long before)
{
	for (int i = 0; i < 100; i++, pause_ms(10))
		if (shpte_counter("tables_shared") <= before)
			return 0;
	return 1;
}

/* How much slower this machine is than those that the limits were made for: slow= on the kernel's command line. */
static int slow(void)
{
	const char *text = getenv("slow");

	return text && atoi(text) > 1 ? atoi(text) : 1;
}

static int run_case(const struct guest_case *c, int number)
{
	long tables = shpte_counter("tables_shared");
	char verdict[500];
	int status;
	pid_t pid;

	memset(guest, 0, sizeof(*guest));
	pid = fork();
	if (!pid) {
		struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

		setpgid(0, 0);
		sigaction(SIGSEGV, &sa, NULL);
		sigaction(SIGBUS, &sa, NULL);
		alarm(case_seconds * slow());
		c->fn();
		dismiss();
		_exit(0);
	}
	if (pid < 0)
		snprintf(verdict, sizeof(verdict), "fork: %s", strerror(errno));
	setpgid(pid, pid);
	waitpid(pid, &status, 0);
	for (int i = 0; i < 100 && guest->failed == 1; i++)
		pause_ms(10);
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	verdict[0] = '\0';
	if (guest->failed)
		snprintf(verdict, sizeof(verdict), "%s", guest->why);
	else if (WIFSIGNALED(status))
		snprintf(verdict, sizeof(verdict), "%s:%d %s", guest->file ? base_name(guest->file) : "?", guest->line,
			 WTERMSIG(status) == SIGALRM ? "timed out" : strsignal(WTERMSIG(status)));
	else if (status)
		snprintf(verdict, sizeof(verdict), "exit status %d", WEXITSTATUS(status));
	else if (tables_left(tables))
		snprintf(verdict, sizeof(verdict), "all have gone, but tables_shared is %ld, was %ld",
			 shpte_counter("tables_shared"), tables);
	if (verdict[0])
		say("not ok %d %s # %s", number, c->name, verdict);
	else if (guest->skipped)
		say("ok %d %s # SKIP %s", number, c->name, guest->why);
	else
		say("ok %d %s", number, c->name);
	return !!verdict[0];
}

/* The word case= on the kernel's command line, which is in the environment, picks one case. */
static int run_cases(const struct guest_case *cases, int n)
{
	const char *only = getenv("case");
	int number = 0, planned = 0, failed = 0;

	guest = mmap(NULL, sizeof(*guest), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (guest == MAP_FAILED)
		return 1;
	pagesz = sysconf(_SC_PAGESIZE);
	span = pte_span();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int i = 0; i < n; i++)
		planned += !only || !strcmp(only, cases[i].name);
	say("KTAP version 1");
	say("1..%d", planned);
	for (int i = 0; i < n; i++)
		if (!only || !strcmp(only, cases[i].name))
			failed += run_case(&cases[i], ++number);
	return !!failed;
}

#define RUN(cases) run_cases(cases, ARRAY_SIZE(cases))

#endif
