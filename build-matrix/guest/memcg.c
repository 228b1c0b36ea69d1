// SPDX-License-Identifier: GPL-2.0
/* Sharers in several memory cgroups: who is charged, who is squeezed, who is killed, and what the others still have. */
#include "disk.h"
#include "force.h"

#define TABLES 2
#define LEN (TABLES * span)
#define OTHER GROUP "-other"
#define MB (1L << 20)

static void need_groups(void)
{
	if (access("/sys/fs/cgroup/cgroup.procs", F_OK))
		skip("no cgroup2");
	mkdir(GROUP, 0755);
	mkdir(OTHER, 0755);
	if (access(GROUP "/memory.current", F_OK))
		skip("no memory cgroups");
	spit(GROUP "/memory.max", "max");
}

static long do_join(long other, long b, long c)
{
	const char *procs = other ? OTHER "/cgroup.procs" : GROUP "/cgroup.procs";

	CHECK(!spit(procs, "0"), "%s: %s", procs, strerror(errno));
	return 0;
}

/* Members 0 and 1 in the one, 2 and 3 in the other; 0 is the first to touch the file. */
static void two_groups(void)
{
	long attaches = shpte_counter("attaches");

	need_groups();
	file_fd = file_in("/tmp", LEN);
	file_len = LEN;
	team(4);
	for (int i = 0; i < 4; i++) {
		at(i, do_join, i / 2, 0, 0);
		at(i, do_map, 0, LEN, RW);
	}
	at(0, do_fill, 0, LEN, 1);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, 3 * TABLES);
}

/* The pages are charged to whom they would be without sharing; the tables, to who made them. */
static void charged(void)
{
	long tables = number_of(OTHER "/memory.stat", "pagetables"), kb;

	two_groups();
	kb = number_of(GROUP "/memory.stat", "shmem") / 1024;
	CHECK(kb >= LEN / 1024, "who touched all of the file is charged for %ld kB", kb);
	kb = number_of(OTHER "/memory.stat", "shmem") / 1024;
	CHECK(kb < LEN / 1024 / 8, "who only looks at it is charged for %ld kB", kb);
	if (shpte_on() && tables >= 0)
		CHECK(number_of(OTHER "/memory.stat", "pagetables") - tables <= TABLES * pagesz, "its tables are charged to it");
	at(3, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* One group is squeezed, and what is taken from it is taken from the members of the other. */
static void squeezed(void)
{
	long there = LEN;

	swap_on();
	two_groups();
	for (int round = 1; round < 3; round++) {
		for (int i = 0; i < 20 && there > LEN / pagesz / 2; i++) {
			reclaim(LEN);
			there = at(2, do_resident, 0, LEN, 0);
		}
		CHECK(there <= LEN / pagesz / 2, "%ld of %ld pages are in memory", there, LEN / pagesz);
		each(do_check, 0, LEN, round);
		at(2 * (round - 1), do_fill, 0, LEN, round + 1);
		each(do_check, 0, LEN, round + 1);
		there = LEN;
	}
	dismiss();
	SYS(swapoff(SWAP));
}

/* The group that the pages and the tables are charged to goes, and leaves them to the other. */
static void group_gone(void)
{
	two_groups();
	leave_by_exit(0);
	leave_by_kill(1);
	for (int i = 0; rmdir(GROUP) && i < 100; i++)
		pause_ms(10);
	CHECK(access(GROUP, F_OK), "the group of those who are gone can't be removed");
	each(do_check, 0, LEN, 1);
	team(1);
	at(4, do_join, 1, 0, 0);
	at(4, do_map, 0, LEN, RW);
	at(4, do_check, 0, LEN, 1);
	at(4, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	SYS(ftruncate(file_fd, span));
	each(do_reads, span, span, SIGBUS);
}

/* --- no memory left */

static long do_score(long adj, long b, long c)
{
	char text[20];

	snprintf(text, sizeof(text), "%ld", adj);
	CHECK(!spit("/proc/self/oom_score_adj", text), "oom_score_adj: %s", strerror(errno));
	return 0;
}

/* Takes memory until it is killed, and the shared tables leave and come in between. */
static long do_hog(long off, long len, long gen)
{
	for (;;) {
		char *p = mmap(NULL, MB / 4, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p != MAP_FAILED)
			memset(p, 1, MB / 4);
		do_check(off, len, gen);
		do_madvise(off, len, MADV_DONTNEED);
	}
	return 0;
}

static void limit(long more)
{
	char text[20];

	snprintf(text, sizeof(text), "%ld", strtol(slurp(GROUP "/memory.current"), NULL, 10) + more);
	CHECK(!spit(GROUP "/memory.max", text), "memory.max: %s", strerror(errno));
}

static long kills(void)
{
	return number_of(GROUP "/memory.events", "oom_kill");
}

static void expect_killed(int who)
{
	int status = buried(who);

	CHECK(status == SIGKILL, "member %d ended with 0x%x", who, status);
}

/* Hook: __oom_reap_task_mm, and the exit of who was killed in the middle of a fault. */
static void oom(void)
{
	need_groups();
	shared(4, LEN);
	for (int i = 0; i < 4; i++) {
		at(i, do_score, -1000, 0, 0);
		at(i, do_join, 0, 0, 0);
	}
	for (int i = 1; i < 4; i++) {
		long before = kills();

		at(i, do_score, 1000, 0, 0);
		order(i, do_hog, 0, LEN, i);
		limit(2 * MB);
		expect_killed(i);
		spit(GROUP "/memory.max", "max");
		CHECK(kills() == before + 1, "%ld were killed", kills() - before);
		each(do_check, 0, LEN, i);
		at(0, do_fill, 0, LEN, i + 1);
		each(do_check, 0, LEN, i + 1);
	}
}

/* The group dies as one; who shares with its members from outside does not. */
static void oom_group(void)
{
	need_groups();
	if (access(GROUP "/memory.oom.group", F_OK))
		skip("no memory.oom.group");
	shared(5, LEN);
	for (int i = 2; i < 5; i++)
		at(i, do_join, 0, 0, 0);
	CHECK(!spit(GROUP "/memory.oom.group", "1"), "memory.oom.group: %s", strerror(errno));
	for (int i = 2; i < 5; i++)
		order(i, do_hog, 0, LEN, 1);
	limit(3 * MB);
	for (int i = 2; i < 5; i++)
		expect_killed(i);
	spit(GROUP "/memory.oom.group", "0");
	spit(GROUP "/memory.max", "max");
	each(do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* The memory is the file's own: the fault that is one page too many is in a shared table. */
static long fill_on(long off, long len, long gen)
{
	do_fill(off, len, gen);
	FAIL("all of it was filled");
}

static void oom_in_file(void)
{
	need_groups();
	file_fd = file_in("/tmp", 4 * span);
	team(3);
	each(do_map, 0, 4 * span, RW);
	each(do_check, 0, 4 * pagesz, 0);
	at(2, do_score, 1000, 0, 0);
	at(2, do_join, 0, 0, 0);
	order(2, fill_on, 0, 4 * span, 1);
	limit(span);
	expect_killed(2);
	spit(GROUP "/memory.max", "max");
	do_map(0, 4 * span, RW);
	for (long page = 0; page < 4 * span; page += pagesz) {
		uint32_t have = *(volatile uint32_t *)(map + page);

		CHECK(!have || have == pattern(page, 1), "offset 0x%lx has %08x", page, have);
	}
	at(0, do_fill, 0, 4 * span, 2);
	each(do_check, 0, 4 * span, 2);
}

/*
 * What the OOM reaper does, at a moment of our choice: the process has been killed, but a debugger holds it
 * where it has all of its memory still.  Only what is private is reaped: here, read-only mappings that share.
 */
static void reaped(void)
{
#if defined(SYS_process_mrelease) && defined(SYS_pidfd_open)
	long attaches = shpte_counter("attaches");

	file_fd = file_in("/tmp", LEN);
	team(4);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	each(do_map_private, 0, LEN, PROT_READ);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, 3 * TABLES);
	force(2, 128, 0x99);		/* in a page that nobody changes any more */
	for (int i = 0; i < 4; i++) {
		pid_t pid = guest->slot[i].pid;
		int fd = SYS(syscall(SYS_pidfd_open, pid, 0)), status;
		long left = shpte_sum("leave_");

		SYS(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT));
		kill(pid, SIGKILL);
		SYS(waitpid(pid, &status, 0));
		CHECK(status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8), "member %d does not wait: 0x%x", i, status);
		SYS(syscall(SYS_process_mrelease, fd, 0));
		/* The one with a page of its own had left that table before, and the last one has no one to leave. */
		SUM_GREW("leave_", left, i == 3 ? 0 : i == 2 ? 1 : TABLES);
		for (int j = i + 1; j < 4; j++) {
			at(j, do_check, 0, pagesz, 1);
			at(j, do_check, pagesz, LEN - pagesz, i + 1);
			at(j, do_expect, 128, j == 2 ? 0x99 : 0, 0);
		}
		do_fill(pagesz, LEN - pagesz, i + 2);
		for (int j = i + 1; j < 4; j++)
			at(j, do_check, pagesz, LEN - pagesz, i + 2);
		SYS(ptrace(PTRACE_CONT, pid, NULL, NULL));
		expect_killed(i);
		close(fd);
	}
	do_check(pagesz, LEN - pagesz, 5);
#else
	skip("no process_mrelease in this C library");
#endif
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "charged", charged }, { "squeezed", squeezed }, { "group_gone", group_gone }, { "oom", oom },
		{ "oom_group", oom_group }, { "oom_in_file", oom_in_file }, { "reaped", reaped },
	};

	every_page = 1;
	return RUN(cases);
}
