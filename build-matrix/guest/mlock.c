// SPDX-License-Identifier: GPL-2.0
/* Locked memory stays mapped and in memory for who locked it; those who share nothing of it lose nothing. */
#include "disk.h"
#include "pagemap.h"

#define TABLES 2
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)
#define OFF (span / 2)
#define PART (span / 4)

static long do_mlock(long off, long len, long flags)
{
	return SYS(flags ? syscall(SYS_mlock2, map + off, len, flags) : mlock(map + off, len));
}

static long do_munlock(long off, long len, long c)
{
	return SYS(munlock(map + off, len));
}

static long locked_kb(long a, long b, long c)
{
	return own_status("VmLck");
}

/* The promise: everything is mapped, so that no touch faults. */
static long all_there(long off, long len, long gen)
{
	long present = do_count_present(off, len, 0), before;

	CHECK(present == len / pagesz, "%ld of %ld pages are mapped", present, len / pagesz);
	CHECK(resident(off, len) == len / pagesz, "%ld of %ld pages are in memory", resident(off, len), len / pagesz);
	before = minor_faults();
	do_check(off, len, gen);
	CHECK(minor_faults() - before <= 2, "touching it took %ld faults", minor_faults() - before);
	return 0;
}

static void as_before(long gen)
{
	each(do_check, 0, LEN, gen);
	at(0, do_fill, 0, LEN, gen + 1);
	each(do_check, 0, LEN, gen + 1);
	at(1, do_fill, 0, LEN, gen + 2);
	each(do_check, 0, LEN, gen + 2);
}

/* Hook: mlock_fixup: leave, then populate anew; a locked mapping does not share. */
static void whole(void)
{
	long kb;

	shared(3, LEN);
	LEAVES("leave_mlock", TABLES, at(1, do_mlock, 0, LEN, 0));
	kb = at(1, locked_kb, 0, 0, 0);
	CHECK(kb == LEN / 1024, "VmLck is %ld kB", kb);
	at(1, all_there, 0, LEN, 1);
	as_before(1);
	at(1, all_there, 0, LEN, 3);
	CHECK(!at(0, locked_kb, 0, 0, 0), "member 0 has locked memory");
	at(1, do_munlock, 0, LEN, 0);
	CHECK(!at(1, locked_kb, 0, 0, 0), "VmLck is left after munlock");
	as_before(3);
}

static void part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, do_mlock, OFF, PART, 0));
	at(1, all_there, OFF, PART, 1);
	as_before(1);
	at(1, all_there, OFF, PART, 3);
	at(1, do_munlock, OFF, PART, 0);
	as_before(3);
}

static void onfault(void)
{
	shared(3, LEN);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	LEAVES("leave_mlock", TABLES, at(1, do_mlock, 0, LEN, MLOCK_ONFAULT));
	CHECK(at(1, do_count_present, OFF, PART, 0) == 0, "mlock2(MLOCK_ONFAULT) filled a hole");
	at(1, do_check, 0, OFF, 1);
	at(0, do_fill, OFF, PART, 1);
	at(1, do_check, 0, LEN, 1);
	at(1, all_there, 0, LEN, 1);
	as_before(1);
	at(1, do_munlock, 0, LEN, 0);
	as_before(3);
}

/* Everybody locks, and nobody shares any more; then they share again. */
static void everybody(void)
{
	long attaches;

	shared(3, LEN);
	each(do_mlock, 0, LEN, 0);
	each(all_there, 0, LEN, 1);
	as_before(1);
	each(do_munlock, 0, LEN, 0);
	attaches = shpte_counter("attaches");
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 3);
	GREW("attaches", attaches, 2 * TABLES);
	as_before(3);
}

static long lock_all(long flags, long b, long c)
{
	return SYS(mlockall(flags));
}

static long unlock_all(long a, long b, long c)
{
	return SYS(munlockall());
}

static void mlockall_current(void)
{
	shared(3, LEN);
	LEAVES("leave_mlock", TABLES, at(1, lock_all, MCL_CURRENT, 0, 0));
	at(1, all_there, 0, LEN, 1);
	as_before(1);
	at(1, unlock_all, 0, 0, 0);
	as_before(3);
}

/* What is mapped later is locked from its first moment: it must not attach at all. */
static void mlockall_future(void)
{
	long attaches;

	shared(2, LEN);
	team(1);
	at(2, lock_all, MCL_FUTURE, 0, 0);
	attaches = shpte_counter("attaches");
	at(2, do_map, 0, LEN, RW);
	at(2, all_there, 0, LEN, 1);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "a locked mapping shares");
	as_before(1);
	at(2, all_there, 0, LEN, 3);
}

/* The child of a process that locked has nothing locked, and shares. */
static void forked(void)
{
	long attaches;

	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	do_mlock(0, LEN, 0);
	do_fill(0, LEN, 1);
	attaches = shpte_counter("attaches");
	team(2);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, TABLES);
	CHECK(!at(0, locked_kb, 0, 0, 0), "the child has locked memory");
	as_before(1);
	all_there(0, LEN, 3);
}

static long mlocked_kb(void)
{
	spit("/proc/sys/vm/drop_caches", "1");		/* and what waits in the CPUs' batches goes on its way */
	return meminfo("Mlocked");
}

/*
 * The count of who locks a page is kept at the page: however the locker goes, nothing may stay locked.
 * (What mlock_vma_pages_range and munlock_vma_folio did to a table of several owners would not add up.)
 */
static void nothing_left(void)
{
	long before, kb;

	shared(4, LEN);
	before = mlocked_kb();
	for (int i = 0; i < 3; i++)
		at(i, do_mlock, 0, LEN, 0);
	kb = mlocked_kb();
	CHECK(kb >= before + LEN / 1024, "Mlocked went from %ld to %ld kB", before, kb);
	leave_by_exit(0);
	at(1, do_munmap, 0, LEN, 0);
	leave_by_kill(2);
	for (int i = 0; i < 50 && mlocked_kb() > before; i++)
		pause_ms(10);
	kb = mlocked_kb();
	CHECK(kb <= before, "Mlocked is %ld kB, was %ld kB before", kb, before);
	at(3, do_check, 0, LEN, 1);
}

/* Hook: try_to_unmap_one, by VM_LOCKED: reclaim takes nothing from who locked, through whose table ever. */
static void against_reclaim(void)
{
	enter_cgroup();
	swap_on();
	shared(3, LEN);
	at(1, do_mlock, 0, LEN, 0);
	for (int i = 0; i < 3; i++) {
		reclaim(LEN);
		at(1, all_there, 0, LEN, 1 + i);
		at(2, do_check, 0, LEN, 1 + i);
		at(0, do_fill, 0, LEN, 2 + i);
	}
	SYS(swapoff(SWAP));
}

/* A hole in what is locked is a hole; nobody else's business is. */
static void against_truncate(void)
{
	shared(3, LEN);
	at(1, do_mlock, 0, LEN, 0);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	each(do_check, OFF, PART, 0);
	SYS(ftruncate(file_fd, span));
	each(do_reads, span, PART, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "whole", whole }, { "part", part }, { "onfault", onfault }, { "everybody", everybody },
		{ "mlockall_current", mlockall_current }, { "mlockall_future", mlockall_future }, { "forked", forked },
		{ "nothing_left", nothing_left }, { "against_reclaim", against_reclaim },
		{ "against_truncate", against_truncate },
	};

	every_page = 1;
	return RUN(cases);
}
