// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of a page to whoever asks how many have it mapped: those who share a table are as many as ever. */
#include "disk.h"
#include "family.h"
#include "pagemap.h"

#define TABLES 2
#define LEN (TABLES * span)
#define KB(len) ((len) / 1024)

/* A member's part is rounded down once a mapping. */
#define SLACK 4

static void expect(const char *key, long want, long slack)
{
	long have = smaps_kb(key);

	CHECK(labs(have - want) <= slack, "%s in smaps is %ld kB, not %ld", key, have, want);
}

static void expect_private(long shared, long private)
{
	long have = smaps_kb("Shared_Clean") + smaps_kb("Shared_Dirty");

	CHECK(have == shared, "smaps says that %ld kB are shared, not %ld", have, shared);
	have = smaps_kb("Private_Clean") + smaps_kb("Private_Dirty");
	CHECK(have == private, "smaps says that %ld kB are private, not %ld", have, private);
}

/* All of the range is mapped by so many, and nothing else is. */
static long do_mapped_by(long off, long len, long n)
{
	long present = do_count_present(off, len, 0), exclusive = count_bit(off, len, PM_EXCLUSIVE);

	CHECK(present == len / pagesz, "%ld pages are mapped, not %ld", present, len / pagesz);
	CHECK(exclusive == (n > 1 ? 0 : present), "of %ld pages that %ld have, pagemap says of %ld that one has them", present, n,
	      exclusive);
	expect("Rss", KB(len), 0);
	expect("Pss", KB(len) / n, SLACK);
	expect_private(n > 1 ? KB(len) : 0, n > 1 ? 0 : KB(len));
	return 0;
}

/* Hooks: smaps_account, pagemap_pmd_range */
static void sharers(void)
{
	shared(1, LEN);
	each(do_mapped_by, 0, LEN, 1);
	for (int n = 2; n < 7; n++) {
		team(1);
		at(n - 1, do_map, 0, LEN, RW);
		at(n - 1, do_check, 0, LEN, 1);
		each(do_mapped_by, 0, LEN, n);
	}
}

/* Who is left alone with a page is told so, although the table is still on offer. */
static void going(void)
{
	shared(5, LEN);
	each(do_mapped_by, 0, LEN, 5);
	at(4, do_munmap, 0, LEN, 0);
	leave_by_exit(4);
	each(do_mapped_by, 0, LEN, 4);
	leave_by_exit(0);
	each(do_mapped_by, 0, LEN, 3);
	leave_by_kill(2);
	each(do_mapped_by, 0, LEN, 2);
	leave_by_exit(3);
	each(do_mapped_by, 0, LEN, 1);
}

/* Two mappings of one process are two, as those of two processes are. */
static long do_map_twice(long off, long len, long c)
{
	char *first = map;

	map = map_shared_aligned(file_fd, off, len, RW);
	do_check(off, len, 1);
	expect("Rss", 2 * KB(len), 0);
	expect("Pss", KB(len), 2 * SLACK);
	expect_private(2 * KB(len), 0);
	CHECK(!count_bit(off, len, PM_EXCLUSIVE), "pagemap says that a page is mapped once");
	SYS(munmap(map + off, len));
	map = first;
	return 0;
}

static void twice(void)
{
	shared(1, LEN);
	at(0, do_map_twice, 0, LEN, 0);
	at(0, do_mapped_by, 0, LEN, 1);
}

/*
 * A page that several have through a shared table, and one through a table of his own.  For him the shared table is
 * one mapping, whose sharers he can't know: to him the page is shared, and his part is too large rather than too small.
 */
static long do_not_alone(long off, long len, long n)
{
	long pss = smaps_kb("Pss");

	CHECK(!count_bit(off, len, PM_EXCLUSIVE), "pagemap says that a page is mapped once");
	expect_private(KB(len), 0);
	CHECK(pss >= KB(len) / n - SLACK && pss <= KB(len) / 2, "Pss in smaps is %ld kB of the %ld that %ld have", pss, KB(len), n);
	return 0;
}

static long do_map_shifted(long off, long len, long shift)
{
	map = map_shifted(file_fd, off, len, RW, MAP_SHARED, shift);
	do_check(off, len, 1);
	return 0;
}

static void several_tables(void)
{
	shared(3, LEN);
	team(1);
	at(3, do_map_shifted, 0, LEN, pagesz);
	for (int i = 0; i < 3; i++)
		at(i, do_mapped_by, 0, LEN, 4);
	at(3, do_not_alone, 0, LEN, 4);
}

/* The same of a file on a disk, whose pages are clean after a while. */
static void on_ext2(void)
{
	mount_ext2();
	shared_on(file_in(MNT, LEN), 3, LEN);
	each(do_mapped_by, 0, LEN, 3);
	SYS(fsync(file_fd));
	each(do_check, 0, LEN, 1);
	each(do_mapped_by, 0, LEN, 3);
	leave_by_exit(1);
	each(do_mapped_by, 0, LEN, 2);
	leave_by_exit(2);
	each(do_mapped_by, 0, LEN, 1);
	leave_ext2(file_fd);
}

/* Pages that have one mapping, in a table that a fork shared, and nothing else: their reference count is one. */
static void forked(void)
{
	share_small();
	family(3, LEN);
	for (int n = 4; n > 1; n--) {
		each(do_mapped_by, 0, LEN, n);
		do_mapped_by(0, LEN, n);
		leave_by_exit(n - 2);
	}
	do_mapped_by(0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "sharers", sharers }, { "going", going }, { "twice", twice }, { "several_tables", several_tables },
		{ "ext2", on_ext2 }, { "forked", forked },
	};

	every_page = 1;
	return RUN(cases);
}
