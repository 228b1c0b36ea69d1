// SPDX-License-Identifier: GPL-2.0
/* Pages that the kernel takes back while they are mapped through shared tables, and what of them comes again. */
#include "disk.h"
#include "pagemap.h"
#include "counting.h"

#define TABLES 1
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)
#define CHUNK (32 * pagesz)

/* From members that write all the time, so many pages must be taken, or nothing was tested. */
#define TAKE (50 / slow())
#define PATIENCE_MS (30000 * slow())	/* for what takes a tenth of it where the machine is not busy */

/* Squeezes until at least `least` pages of the file are gone from memory. */
static void squeeze(long least)
{
	long there = PAGES;

	for (int i = 0; i < 20; i++) {
		reclaim(LEN / 2);
		there = at(0, do_resident, 0, LEN, 0);
		if (there <= PAGES - least)
			return;
	}
	FAIL("nothing was reclaimed: %ld of %ld pages are in memory", there, PAGES);
}

/* What is not in memory is mapped nowhere. */
static long do_none_stale(long off, long len, long c)
{
	long present = do_count_present(off, len, 0), there = resident(off, len);

	CHECK(present <= there, "%ld pages are mapped, but only %ld are in memory", present, there);
	return 0;
}

/* Hook: try_to_unmap_one: in place, in the one table, and then every sharer's TLB. */
static void to_swap(void)
{
	long unmaps;

	enter_cgroup();
	swap_on();
	shared(4, LEN);
	unmaps = shpte_counter("in_place_flushes");
	for (int i = 0; i < 2; i++) {
		squeeze(PAGES / 3);
		each(do_none_stale, 0, LEN, 0);
		each(do_check, 0, LEN, 1 + i);
		at(i, do_fill, 0, LEN, 2 + i);
		each(do_check, 0, LEN, 2 + i);
	}
	GREW("in_place_flushes", unmaps, 1);
	dismiss();
	SYS(swapoff(SWAP));
}

/* What one has written must be on the disk although another's TLB says that it is clean. */
static void writers_to_swap(void)
{
	long end;

	enter_cgroup();
	swap_on();
	shared(3, LEN);
	here();
	count_begin(2, LEN, 5000);
	for (end = now_ms() + PATIENCE_MS; now_ms() < end && count_taken(2) < TAKE; )
		reclaim(LEN / 4);
	CHECK(count_taken(2) >= TAKE, "only %ld pages were taken from the writers", count_taken(2));
	count_end(2, LEN);
	dismiss();
	SYS(swapoff(SWAP));
}

/* Two of a kind in one process, and one who shares with nobody. */
static long map_second(long off, long len, long shift)
{
	char *first = map;

	map = map_shifted(file_fd, 0, LEN, RW, MAP_SHARED, shift);
	do_check(0, LEN, 1);
	map = first;
	return 0;
}

/* Hook: folio_referenced_one, and the counts by which rmap walks end early: a page with several tables. */
static void several_tables(void)
{
	enter_cgroup();
	swap_on();
	shared(4, LEN);
	at(0, map_second, 0, LEN, 0);
	at(1, map_second, 0, LEN, pagesz);
	at(2, map_second, 0, LEN, span / 2);
	squeeze(PAGES / 3);
	each(do_check, 0, LEN, 1);
	at(3, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	dismiss();
	SYS(swapoff(SWAP));
}

/* Reads a word of each page. */
static long do_read(long off, long len, long c)
{
	for (long page = off; page < off + len; page += pagesz)
		(void)*(volatile uint32_t *)(map + page);
	return 0;
}

static long map_misaligned(long off, long len, long c)
{
	map = map_shifted(file_fd, off, len, RW, MAP_SHARED, pagesz);
	return 0;
}

/* Reads a word of each page, and says how many had been taken from this process. */
static long do_use(long off, long len, long c)
{
	long taken = len / pagesz - do_count_present(off, len, 0);

	do_read(off, len, 0);
	return taken;
}

/*
 * Pages that nobody touches again, for reclaim to take: `there` of them are always in memory.  Gives the new end of the file
 * that they are in, which the conductor has mapped.
 */
static long add_fodder(long end, long there)
{
	static char page[65536];

	for (long have = resident(0, end); have < there; have++, end += pagesz)
		CHECK(pwrite(file_fd, page, pagesz, end) == pagesz, "write: %s", strerror(errno));
	return end;
}

/*
 * Hook: folio_referenced_one.  What only one process uses, by a table of its own, is in use, although all those
 * who share a table leave it alone: the walk must not have counted their one entry several times, and ended,
 * before it comes to the one who does.  He maps the file last, so that the walk comes to him last.  A page that was
 * taken from him he has again by a fault, and then by his own table alone, where it is seen: so it is counted how many
 * are taken.  The fodder sees to it that reclaim finds what it wants in a part of the pages, and he uses his before it
 * comes round to them again.  All on one CPU: a switch flushes the TLB, or the entry would not be marked.
 */
static void in_use(void)
{
	const long fodder = PAGES / 2, rounds = 3, all = rounds * (fodder + PAGES) * pagesz;
	long used = LEN / 4, taken = 0, unused, end = 0;

	enter_cgroup();
	swap_on();
	pin(0, 0, 0);
	shared(4, LEN);
	team(1);
	at(4, map_misaligned, 0, LEN, 0);
	at(4, do_check, 0, LEN, 1);
	file_fd = file_in("/tmp", all);
	map = map_shared_aligned(file_fd, 0, all, PROT_READ);
	while (end < all - fodder * pagesz) {
		end = add_fodder(end, fodder);
		taken += at(4, do_use, 0, used, 0);
		reclaim(16 * pagesz);
	}
	unused = at(4, do_resident, used, LEN - used, 0);
	say("# of %ld pages in use %ld were taken, of %ld others %ld are left", used / pagesz, taken, (LEN - used) / pagesz,
	    unused);
	CHECK(unused <= (LEN - used) / pagesz / 4, "%ld pages of no use are left", unused);
	CHECK(taken <= used / pagesz / 4, "of %ld pages in use %ld were taken", used / pagesz, taken);
	each(do_check, 0, LEN, 1);
	dismiss();
	SYS(swapoff(SWAP));
}

/* Hook: swapoff, by shmem_unuse: everything comes back to memory, under everybody's eyes. */
static void swapped_off(void)
{
	long kb;

	enter_cgroup();
	swap_on();
	shared(3, LEN);
	squeeze(PAGES / 3);
	kb = meminfo("SwapFree");
	CHECK(kb < meminfo("SwapTotal"), "nothing is in swap");
	at(1, do_fill, 0, LEN / 2, 2);
	SYS(swapoff(SWAP));
	each(do_check, 0, LEN / 2, 2);
	each(do_check, LEN / 2, LEN / 2, 1);
	at(2, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
}

/* Hook: madvise_cold_or_pageout_pte_range.  MADV_PAGEOUT by one is that one's wish; the pages stay that others have mapped. */
static void pageout(void)
{
	enter_cgroup();
	swap_on();
	shared(3, LEN);
	for (int i = 0; i < 2; i++) {
		at(i, do_madvise, 0, LEN, MADV_PAGEOUT);
		CHECK(at(2, do_count_present, 0, LEN, 0) == PAGES, "pages of another one's went");
		each(do_none_stale, 0, LEN, 0);
		each(do_check, 0, LEN, 1 + i);
		at(i, do_fill, 0, LEN, 2 + i);
	}
	each(do_check, 0, LEN, 3);
	dismiss();
	SYS(swapoff(SWAP));
}

/* Pages of a file go once they are on disk. */
static void ext2_clean(void)
{
	enter_cgroup();
	mount_ext2();
	shared_on(file_in(MNT, LEN), 3, LEN);
	for (int i = 0; i < 2; i++) {
		SYS(fsync(file_fd));
		squeeze(PAGES / 3);
		each(do_none_stale, 0, LEN, 0);
		each(do_check, 0, LEN, 1 + i);
		at(i, do_fill, 0, LEN, 2 + i);
		each(do_check, 0, LEN, 2 + i);
	}
	leave_ext2(file_fd);
}

/*
 * Writing out, so that pages can go, and taking them.  In a process of its own, which can be killed: reclaim
 * waits for a while for each dirty page that it meets.
 */
static void __attribute__((noreturn)) write_and_reclaim(void)
{
	for (long off = 0;; off = (off + CHUNK) % LEN) {
		SYS(sync_file_range(file_fd, off, CHUNK, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				    SYNC_FILE_RANGE_WAIT_AFTER));
		reclaim(CHUNK);
	}
}

static void ext2_writers(void)
{
	long end;
	pid_t pid;

	enter_cgroup();
	mount_ext2();
	shared_on(file_in(MNT, LEN), 3, LEN);
	here();
	count_begin(2, LEN, 5000);
	pid = SYS(fork());
	if (!pid)
		write_and_reclaim();
	for (end = now_ms() + PATIENCE_MS; now_ms() < end && count_taken(2) < TAKE; )
		pause_ms(5);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	CHECK(count_taken(2) >= TAKE, "only %ld pages were taken from the writers", count_taken(2));
	count_end(2, LEN);
	leave_ext2(file_fd);
}

/* The members go, one after the other, while their pages are in swap. */
static void exit_in_swap(void)
{
	enter_cgroup();
	swap_on();
	shared(4, LEN);
	squeeze(PAGES / 3);
	leave_by_exit(1);
	each(do_check, 0, span, 1);
	squeeze(PAGES / 3);
	leave_by_kill(2);
	each(do_check, 0, LEN, 1);
	squeeze(PAGES / 3);
	at(3, do_munmap, 0, LEN, 0);
	at(0, do_check, 0, LEN, 1);
	dismiss();
	SYS(swapoff(SWAP));
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "to_swap", to_swap }, { "writers_to_swap", writers_to_swap }, { "several_tables", several_tables }, { "in_use", in_use },
		{ "swapoff", swapped_off }, { "pageout", pageout }, { "ext2_clean", ext2_clean },
		{ "ext2_writers", ext2_writers }, { "exit_in_swap", exit_in_swap },
	};

	every_page = 1;
	return RUN(cases);
}
