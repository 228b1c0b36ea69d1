// SPDX-License-Identifier: GPL-2.0
/* Pages of the same contents become one, behind everybody's back; in anonymous memory, never in a shared table. */
#include "force.h"

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif

#define KSM "/sys/kernel/mm/ksm/"
#define LEN (span + span / 2)		/* one whole table, and half of one, with something else behind it */
#define PAGES 32
#define PART (PAGES * pagesz)
#define OFF (span / 2 + 128)
#define PATIENCE_MS (8000 * slow())

static char *own;			/* this member's own memory, right behind the file's */

static void need_ksm(void)
{
	if (access(KSM "run", F_OK))
		skip("no KSM");
}

/* 0: stop; 1: run; 2: stop, and take everything apart again */
static void ksm(const char *run)
{
	spit(KSM "pages_to_scan", "10000");
	spit(KSM "sleep_millisecs", "1");
	CHECK(!spit(KSM "run", run), "ksm/run: %s", strerror(errno));
}

static long pages_sharing(void)
{
	return strtol(slurp(KSM "pages_sharing") ?: "0", NULL, 10);
}

static void wait_for_sharing(long least)
{
	for (long end = now_ms() + PATIENCE_MS; pages_sharing() < least; pause_ms(5)) {
		if (guest->failed)
			_exit(1);
		if (now_ms() > end)
			FAIL("KSM shares %ld pages, not %ld", pages_sharing(), least);
	}
}

static long do_map_own(long advise, long b, long c)
{
	own = SYS(mmap(map + LEN, PART, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	memset(own, 0x5a, PART);
	return advise ? SYS(madvise(own, PART, MADV_MERGEABLE)) : 0;
}

static long do_check_own(long changed, long value, long c)
{
	for (long i = 0; i < PART; i += pagesz / 4)
		CHECK(own[i] == (i / pagesz == changed ? value : 0x5a), "page %ld of one's own has 0x%x", i / pagesz, own[i]);
	return 0;
}

static long do_change_own(long page, long value, long c)
{
	memset(own + page * pagesz, value, pagesz);
	return 0;
}

/* Hooks: none: ksmd must not care for what is beside its pages. */
static void beside(void)
{
	need_ksm();
	shared(3, LEN);
	each(do_map_own, 1, 0, 0);
	ksm("1");
	wait_for_sharing(3 * PAGES - 1 - 3);
	each(do_check_own, -1, 0, 0);
	for (int i = 0; i < 3; i++)
		at(i, do_change_own, 4, i, 0);
	for (int i = 0; i < 3; i++)
		at(i, do_check_own, 4, i, 0);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	leave_by_kill(0);
	ksm("2");
	for (int i = 1; i < 3; i++)
		at(i, do_check_own, 4, i, 0);
	each(do_check, 0, LEN, 2);
	ksm("0");
}

/* A shared mapping can be told, and nothing comes of it. */
static void not_for_shared(void)
{
	need_ksm();
	shared(3, LEN);
	at(1, do_madvise, 0, LEN, MADV_MERGEABLE);
	ksm("1");
	pause_ms(50);
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(1, do_madvise, 0, LEN, MADV_UNMERGEABLE);
	ksm("0");
}

static void readers(int n)
{
	long attaches = shpte_counter("attaches");

	file_fd = file_in("/tmp", LEN);
	file_len = LEN;
	team(n);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	each(do_map_private, 0, LEN, PROT_READ);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, n - 1);
}

/* Two who have made the same page of a private mapping their own, in the same way, have one page of it again. */
static void forced_and_merged(int n)
{
	for (int i = 1; i < n; i++)
		for (int k = 0; k < 8; k++)
			force(i, OFF + k * pagesz, 0x77);
	ksm("1");
	wait_for_sharing((n - 2) * 8 - 2);
	each(do_check, 0, LEN, 1);
	for (int k = 0; k < 8; k++)
		for (int i = 0; i < n; i++)
			at(i, do_expect, OFF + k * pagesz, i ? 0x77 : 0, 0);
	force(1, OFF, 0x78);
	at(1, do_expect, OFF, 0x78, 0);
	at(2, do_expect, OFF, 0x77, 0);
	ksm("2");
	for (int i = 0; i < n; i++)
		at(i, do_expect, OFF + pagesz, i ? 0x77 : 0, 0);
	each(do_check, 0, LEN, 1);
	ksm("0");
}

/* Hook: vma_modify, by ksm_madvise. */
static void private_file(void)
{
	need_ksm();
	readers(4);
	LEAVES("leave_flags", 3, {
		for (int i = 1; i < 4; i++)
			at(i, do_madvise, 0, LEN, MADV_MERGEABLE);
	});
	forced_and_merged(4);
}

/* Everything that a process has, and will have: flags change by another way, under tables that are shared. */
static long do_merge_all(long on, long b, long c)
{
	if (prctl(PR_SET_MEMORY_MERGE, on, 0, 0, 0))
		return errno;
	return 0;
}

static void whole_process(void)
{
	need_ksm();
	readers(4);
	for (int i = 1; i < 4; i++)
		if (at(i, do_merge_all, 1, 0, 0))
			skip("no PR_SET_MEMORY_MERGE");
	each(do_check, 0, LEN, 1);
	forced_and_merged(4);
	at(1, do_merge_all, 0, 0, 0);
	at(2, do_munmap, 0, LEN, 0);
	at(1, do_check, 0, LEN, 1);
	at(3, do_check, 0, LEN, 1);
	do_fill(0, OFF - 128, 2);
	at(0, do_check, 0, OFF - 128, 2);
	at(1, do_check, 0, OFF - 128, 2);
	at(3, do_check, 0, OFF - 128, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "beside", beside }, { "not_for_shared", not_for_shared }, { "private_file", private_file },
		{ "whole_process", whole_process },
	};

	return RUN(cases);
}
