// SPDX-License-Identifier: GPL-2.0
/* Huge pages where tables could be shared, and where they were: neither may cost the other its contents. */
#include "huge.h"
#include "force.h"

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 4)

static void all_see_all(long gen)
{
	each(do_check, 0, LEN, gen);
	for (int i = 0; i < members; i++) {
		if (!guest->slot[i].pid)
			continue;
		at(i, do_fill, 0, LEN, gen + 1 + i);
		each(do_check, 0, LEN, gen + 1 + i);
	}
}

/* What sharing must not take away: who can have a huge page has one. */
static void mounted_always(void)
{
	mount_huge("huge=always");
	mapped_by(3, file_in(HUGE_MNT, LEN), LEN);
	for (int i = 0; i < 3; i++)
		expect_huge(i, do_huge_shmem, LEN);
	all_see_all(1);
	unmount_huge();
}

static long map_advised(long off, long len, long advice)
{
	do_map(off, len, RW);
	return do_madvise(off, len, advice);
}

static void mounted_advise(void)
{
	mount_huge("huge=advise");
	file_fd = file_in(HUGE_MNT, LEN);
	file_len = LEN;
	team(3);
	each(map_advised, 0, LEN, MADV_HUGEPAGE);
	at(0, do_fill, 0, LEN, 1);
	each(do_check, 0, LEN, 1);
	for (int i = 0; i < 3; i++)
		expect_huge(i, do_huge_shmem, LEN);
	all_see_all(1);
	unmount_huge();
}

/* Private and read-only, huge or not. */
static void private_ro(void)
{
	mount_huge("huge=always");
	mapped_by(1, file_in(HUGE_MNT, LEN), LEN);
	team(2);
	for (int i = 1; i < 3; i++) {
		at(i, do_map_private, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
		expect_huge(i, do_huge_shmem, LEN);
	}
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	unmount_huge();
}

/* Hooks: collapse_pte_mapped_thp and retract_page_tables: one collapses, and three have shared the table. */
static void collapsed(void)
{
	need_thp();
	shared(3, LEN);
	LEAVES("leave_collapse", 2 * TABLES, at(1, do_madvise, 0, LEN, MADV_COLLAPSE));
	expect_huge(1, do_huge_shmem, LEN);
	each(do_check, 0, LEN, 1);
	for (int i = 0; i < 3; i++)
		expect_huge(i, do_huge_shmem, LEN);
	all_see_all(1);
	leave_by_exit(1);
	at(0, do_fill, 0, LEN, 9);
	at(2, do_check, 0, LEN, 9);
}

static void collapsed_half(void)
{
	need_thp();
	shared(4, LEN);
	at(3, do_madvise, 0, span, MADV_COLLAPSE);
	expect_huge(3, do_huge_shmem, span);
	all_see_all(1);
	at(0, do_madvise, span, span, MADV_COLLAPSE);
	all_see_all(5);
	expect_huge(0, do_huge_shmem, LEN);
}

/* A member of the file's pages had never touched them: it gets the huge page at its first fault. */
static void collapsed_before(void)
{
	need_thp();
	shared(2, LEN);
	team(1);
	at(2, do_map, 0, LEN, RW);
	at(0, do_madvise, 0, LEN, MADV_COLLAPSE);
	at(2, do_check, 0, LEN, 1);
	expect_huge(2, do_huge_shmem, LEN);
	all_see_all(1);
}

/* Hook: retract_page_tables for private sharers. */
static void collapsed_private(void)
{
	need_thp();
	shared(2, LEN);
	team(3);
	for (int i = 2; i < 5; i++) {
		at(i, do_map_private, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
	}
	at(1, do_madvise, 0, span, MADV_COLLAPSE);
	each(do_check, 0, LEN, 1);
	at(3, do_madvise, span, span, MADV_COLLAPSE);
	each(do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/*
 * Hook: collapse_pte_mapped_thp.  A private mapping with a page of its own is left alone when others are taken out of the tables
 * that a huge page comes in the place of; the rest of its tables may be shared still.  Who collapses takes his own out himself.
 */
static void collapsed_beside_a_copy(void)
{
	long leaves;

	need_thp();
	shared(2, LEN);
	team(3);
	for (int i = 2; i < 5; i++) {
		at(i, do_map_private, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
	}
	for (int i = 2; i < 5; i++)
		at(i, do_force, LEN - pagesz, 77, 0);
	leaves = shpte_counter("leave_collapse");
	at(2, do_madvise, 0, span, MADV_COLLAPSE);
	/* one of the two with a shared mapping, the other keeps the table; and the one who collapsed */
	GREW("leave_collapse", leaves, 2);
	each(do_check, 0, LEN - pagesz, 1);
	for (int i = 2; i < 5; i++)
		at(i, do_expect, LEN - pagesz, 77, 0);
	at(0, do_fill, 0, LEN - pagesz, 2);
	each(do_check, 0, LEN - pagesz, 2);
	at(3, do_madvise, 0, span, MADV_COLLAPSE);
	each(do_check, 0, LEN - pagesz, 2);
}

/* Hook: pte_free_defer: the tables go, the record of each with it. */
static void collapsed_all(void)
{
	long records = records_now();

	need_thp();
	shared(3, LEN);
	at(0, do_madvise, 0, LEN, MADV_COLLAPSE);
	all_see_all(1);
	dismiss();
	no_more_records_than(records);
}

/* Each collapses, or gives up what it has, or writes, all at once. */
static long collapse_on(long what, long rounds, long c)
{
	pin(me, 0, 0);
	for (long i = 0; i < rounds; i++) {
		long off = i % TABLES * span;

		if (what == 0)
			madvise(map + off, span, MADV_COLLAPSE);
		else if (what == 1)
			SYS(madvise(map + off + i % 8 * (span / 8), span / 8, MADV_DONTNEED));
		else
			do_fill(off, span, 1);
		do_check(off, span, 1);
	}
	return 0;
}

static void collapsed_while(void)
{
	need_thp();
	for (int round = 0; round < 3; round++) {
		int first = members;

		shared(3, LEN);
		here();
		for (int i = 0; i < 3; i++)
			order(first + i, collapse_on, i, 12, 0);
		for (int i = 0; i < 3; i++)
			finish(first + i);
		each(do_check, 0, LEN, 1);
		dismiss();
	}
}

/* Hooks: split_huge_page for a hole or a new end, and what was huge is mapped by pages again. */
static void punched(void)
{
	mount_huge("huge=always");
	mapped_by(3, file_in(HUGE_MNT, LEN), LEN);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, OFF));
	each(do_check, 0, OFF, 0);
	each(do_check, OFF, LEN - OFF, 1);
	at(1, do_fill, 0, OFF, 2);
	each(do_check, 0, OFF, 2);
	SYS(ftruncate(file_fd, LEN - OFF));
	each(do_check, OFF, LEN - 2 * OFF, 1);
	each(do_reads, LEN - OFF, OFF, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	each(do_check, LEN - OFF, OFF, 0);
	at(2, do_fill, 0, LEN, 3);
	all_see_all(3);
	unmount_huge();
}

static void collapsed_and_punched(void)
{
	need_thp();
	shared(3, LEN);
	at(1, do_madvise, 0, LEN, MADV_COLLAPSE);
	each(do_check, 0, LEN, 1);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	each(do_check, OFF, PART, 0);
	each(do_check, 0, OFF, 1);
	each(do_check, OFF + PART, LEN - OFF - PART, 1);
	at(0, do_fill, 0, LEN, 2);
	all_see_all(2);
}

/* One member alone can no longer have it huge; then it can again. */
static void split(void)
{
	mount_huge("huge=always");
	mapped_by(3, file_in(HUGE_MNT, LEN), LEN);
	at(1, do_mprotect, OFF, pagesz, PROT_READ);
	at(1, do_writes, OFF, pagesz, SIGSEGV);
	each(do_check, 0, LEN, 1);
	expect_huge(0, do_huge_shmem, LEN);
	expect_huge(2, do_huge_shmem, LEN);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(1, do_mprotect, OFF, pagesz, RW);
	at(2, do_munmap, span + OFF, PART, 0);
	at(2, do_reads, span + OFF, PART, SIGSEGV);
	at(2, do_check, 0, span + OFF, 2);
	at(1, do_fill, 0, LEN, 3);
	at(0, do_check, 0, LEN, 3);
	at(2, do_check, 0, span + OFF, 3);
	unmount_huge();
}

/* Hook: whoever unmaps a huge page for reclaim. */
static void swapped(void)
{
	long free;

	mount_huge("huge=always");
	enter_cgroup();
	swap_on();
	mapped_by(3, file_in(HUGE_MNT, LEN), LEN);
	free = meminfo("SwapFree");
	for (int i = 0; i < 20 && meminfo("SwapFree") > free - LEN / 1024 / 2; i++)
		reclaim(LEN);
	CHECK(meminfo("SwapFree") < free, "nothing went to swap");
	all_see_all(1);
	unmount_huge();
	SYS(swapoff(SWAP));
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "mounted_always", mounted_always }, { "mounted_advise", mounted_advise }, { "private_ro", private_ro },
		{ "collapsed", collapsed }, { "collapsed_half", collapsed_half }, { "collapsed_before", collapsed_before },
		{ "collapsed_private", collapsed_private }, { "collapsed_beside_a_copy", collapsed_beside_a_copy },
		{ "collapsed_all", collapsed_all },
		{ "collapsed_while", collapsed_while },
		{ "punched", punched }, { "collapsed_and_punched", collapsed_and_punched }, { "split", split },
		{ "swapped", swapped },
	};
	int failed;

	khugepaged_stop(1);
	failed = RUN(cases);
	khugepaged_stop(0);
	return failed;
}
