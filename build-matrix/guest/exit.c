// SPDX-License-Identifier: GPL-2.0
/* A sharer that goes, however it goes, takes nothing with it. */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)

/* Hooks: exit_mmap, and zap_pte_range for an mm that ends. */
static void normal_exit(void)
{
	shared(3, LEN);
	LEAVES("leave_exit", TABLES, leave_by_exit(1));
	at(0, do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

/* The first, who made the tables: they must outlive the process that they were charged to. */
static void maker_first(void)
{
	shared(4, LEN);
	for (int gone = 0; gone < 3; gone++) {
		leave_by_exit(gone);
		for (int i = gone + 1; i < 4; i++)
			at(i, do_check, 0, LEN, 1 + gone);
		at(3, do_fill, 0, LEN, 2 + gone);
	}
	team(1);
	at(4, do_map, 0, LEN, RW);
	at(4, do_check, 0, LEN, 4);
}

/*
 * Hook: free_pte_range: a table that was on offer goes after a grace period, and its record with it.  When all are
 * gone there are as many records as before.
 */
static void nothing_left(void)
{
	long before = records_now();

	for (int i = 0; i < 3; i++) {
		shared(3, LEN);
		dismiss();
	}
	no_more_records_than(before);
}

static void last_first(void)
{
	shared(4, LEN);
	for (int gone = 3; gone > 0; gone--) {
		leave_by_exit(gone);
		at(0, do_check, 0, LEN, 1);
	}
	at(0, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
}

/* Touches all pages for ever, and writes what is there already. */
static long touch_for_ever(long off, long len, long gen)
{
	for (;;)
		for (int t = 0; t < len / span; t++) {
			do_fill(off + t * span, span, gen);
			SYS(madvise(map + off + t * span, span, MADV_DONTNEED));
		}
	return 0;
}

/* SIGKILL anywhere between fault, attach and leave. */
static void killed_while_touching(void)
{
	shared(2, LEN);
	for (int i = 0; i < 12; i++) {
		team(1);
		at(2 + i, do_map, 0, LEN, RW);
		order(2 + i, touch_for_ever, 0, LEN, 1);
		pause_ms(i * 2);
		leave_by_kill(2 + i);
		at(i % 2, do_check, 0, LEN, 1);
	}
	at(0, do_fill, 0, LEN, 2);
	at(1, do_check, 0, LEN, 2);
}

/* Many at once, each of them in the middle of something. */
static void exit_storm(void)
{
	shared(1, LEN);
	team(20);
	for (int i = 1; i <= 20; i++)
		at(i, do_map, 0, LEN, RW);
	for (int i = 1; i <= 20; i++)
		order(i, touch_for_ever, 0, LEN, 1);
	pause_ms(50);
	at(0, do_check, 0, LEN, 1);
	for (int i = 1; i <= 20; i++)
		kill(guest->slot[i].pid, SIGKILL);
	for (int i = 1; i <= 20; i++)
		buried(i);
	at(0, do_check, 0, LEN, 1);
}

/* Each new process shares with the one before, which then goes; what began with the first reaches the last. */
static void generations(void)
{
	long attaches;

	shared(1, LEN);
	attaches = shpte_counter("attaches");
	for (int i = 1; i <= 15; i++) {
		team(1);
		at(i, do_map, 0, LEN, RW);
		at(i, do_check, 0, LEN, i);
		leave_by_exit(i - 1);
		at(i, do_fill, 0, LEN, i + 1);
	}
	GREW("attaches", attaches, 15 * TABLES);
}

static const char *self;

static long exec_self(long status, long b, long c)
{
	char text[20];

	snprintf(text, sizeof(text), "%ld", status);
	execl("/proc/self/exe", self, "--exit", text, NULL);
	FAIL("execl: %s", strerror(errno));
}

/* Hook: exec_mmap, by way of exit_mmap: the process lives on, its old address space goes. */
static void exec(void)
{
	shared(3, LEN);
	LEAVES("leave_exit", TABLES, {
		order(1, exec_self, 7, 0, 0);
		CHECK(buried(1) == 7 << 8, "the program that was exec'd did not exit as told");
	});
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

/* A vfork child runs in its parent's address space; its end must not be the end of that. */
static long vfork_and_exec(long rounds, long exec_too, long c)
{
	for (long i = 0; i < rounds; i++) {
		int status;
		pid_t pid = vfork();

		if (!pid) {
			*(volatile uint32_t *)(map + WORD(0, 0)) = pattern(WORD(0, 0), 2);
			if (exec_too)
				execl("/proc/self/exe", self, "--exit", "3", NULL);
			_exit(3);
		}
		CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && status == 3 << 8, "vfork child: status 0x%x", status);
		CHECK(*(volatile uint32_t *)(map + WORD(0, 0)) == pattern(WORD(0, 0), 2), "its write is lost");
		do_fill(0, pagesz, 1);
	}
	return 0;
}

static void vforked(void)
{
	shared(3, LEN);
	at(1, vfork_and_exec, 3, 0, 0);
	at(1, vfork_and_exec, 3, 1, 0);
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* The leader of a thread group ends first: the address space belongs to the thread that is left. */
static void *outlive(void *leader)
{
	pause_ms(30);
	do_check(0, LEN, 1);
	do_fill(0, span, 2);
	_exit(0);
}

static long leader_exits(long a, long b, long c)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, outlive, NULL), "no thread");
	syscall(SYS_exit, 0);
	return 0;
}

static void leader_first(void)
{
	shared(3, LEN);
	order(1, leader_exits, 0, 0, 0);
	CHECK(buried(1) == 0, "the second thread failed");
	at(0, do_check, 0, span, 2);
	at(2, do_check, span, LEN - span, 1);
}

/*
 * The OOM reaper's way through a dying process, on demand: process_mrelease().  It works on private
 * mappings only, beside the shared tables of the same process.  Whether the process is still there is luck.
 * Hook: __oom_reap_task_mm.
 */
static void reaped(void)
{
#if defined(SYS_process_mrelease) && defined(SYS_pidfd_open)
	int reaps = 0;

	shared(2, LEN);
	for (int i = 2; i < 14; i++) {
		int fd;

		team(1);
		at(i, do_map, 0, LEN, RW);
		fd = SYS(syscall(SYS_pidfd_open, guest->slot[i].pid, 0));
		at(i, do_check, 0, LEN, 1);
		kill(guest->slot[i].pid, SIGKILL);
		reaps += !syscall(SYS_process_mrelease, fd, 0);
		CHECK(buried(i) == SIGKILL, "member %d was not killed", i);
		close(fd);
		at(i % 2, do_check, 0, LEN, 1);
	}
	say("# reaped %d of 12 that were dying", reaps);
#else
	skip("no process_mrelease in this C library");
#endif
}

/* A dump reads all that is mapped while the process stands still. */
static long dump_core(long a, long b, long c)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	SYS(chdir("/tmp"));
	SYS(setrlimit(RLIMIT_CORE, &all));
	spit("/proc/self/coredump_filter", "0x7f");
	signal(SIGQUIT, SIG_DFL);
	raise(SIGQUIT);
	return 0;
}

static void core_dump(void)
{
	shared(3, LEN);
	order(1, dump_core, 0, 0, 0);
	CHECK(WTERMSIG(buried(1)) == SIGQUIT, "it did not die of the signal");
	unlink("/tmp/core");
	at(0, do_check, 0, LEN, 1);
	at(2, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
}

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "normal_exit", normal_exit }, { "maker_first", maker_first },
		{ "nothing_left", nothing_left }, { "last_first", last_first },
		{ "killed_while_touching", killed_while_touching }, { "exit_storm", exit_storm },
		{ "generations", generations }, { "exec", exec }, { "vfork", vforked }, { "leader_first", leader_first },
		{ "process_mrelease", reaped }, { "core_dump", core_dump },
	};

	self = argv[0];
	if (argc == 3 && !strcmp(argv[1], "--exit"))
		return atoi(argv[2]);
	return RUN(cases);
}
