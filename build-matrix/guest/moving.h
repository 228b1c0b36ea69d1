/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests in which the kernel moves pages to another place in memory. */
#ifndef GUEST_MOVING_H
#define GUEST_MOVING_H

#include "counting.h"
#include "pagemap.h"

static uint64_t *frames;

/* Remembers where the pages are; then says how many have moved since, of those in which others may be counting. */
static long do_remember(long off, long len, long c)
{
	free(frames);
	frames = pagemap(off, len);
	return 0;
}

static long do_count_moved(long off, long len, long c)
{
	uint64_t *now;
	long moved = 0;

	do_check(off, len, 1);
	now = pagemap(off, len);
	for (long i = 0; i < len / pagesz; i += count_every)
		moved += (now[i] & PM_PRESENT) && (frames[i] & PM_PRESENT) && (now[i] & PM_PFN) != (frames[i] & PM_PFN);
	free(now);
	return moved;
}

/* What is free must be seen to be free: the CPUs' own lists of free pages shrink with their statistics. */
static void compact(void)
{
	for (int i = 0; i < 20; i++)
		slurp("/proc/sys/vm/stat_refresh");
	if (spit("/proc/sys/vm/compact_memory", "1"))
		skip("no compaction");
}

/*
 * A file whose pages are scattered: for each of its pages another file got several beside it, which are free
 * now.  Compaction has something to bring together wherever it looks.
 */
static int scattered(const char *folder, long len)
{
	int fd = file_in(folder, len), other = file_in("/tmp", 4 * len);
	static char page[65536];

	for (long off = 0; off < len; off += pagesz) {
		CHECK(pwrite(fd, page, pagesz, off) == pagesz, "write: %s", strerror(errno));
		for (int i = 0; i < 3; i++)
			CHECK(pwrite(other, page, pagesz, 4 * off + i * pagesz) == pagesz, "write: %s", strerror(errno));
	}
	close(other);
	if (strcmp(folder, "/tmp"))
		SYS(fsync(fd));
	return fd;
}

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif

/* Takes the memory out of use that every 16th page lies in, so that the page must move.  False: this kernel can't. */
static long do_take_memory(long off, long len, long b)
{
	for (long page = off; page < off + len; page += 16 * pagesz)
		if (madvise(map + page, pagesz, MADV_SOFT_OFFLINE) && errno == EINVAL)
			return 0;
	return 1;
}

/*
 * Asks for all memory in huge pages: whoever lies in between has to give way; and what is free then lies between pages of ours,
 * which is where compaction brings them together.  They are given back.
 */
static void take_huge_pages(void)
{
	long size = number_of("/proc/meminfo", "Hugepagesize");
	long all = size > 0 ? meminfo("MemTotal") / size : 0;
	/* the second leaves room to live in */
	const long steps[] = { all, all - all / 8, 0 };

	for (int i = 0; i < 3; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%ld", steps[i]);
		spit("/proc/sys/vm/nr_hugepages", text);
		if (i == 1)
			compact();
	}
}

/*
 * The rounds go on until pages of ours have moved: where they lie is luck, and compaction may find nothing to do there.  A kernel
 * that can take bad memory out of use is made to; another has to make room for huge pages.
 */
static long move_pages_of(int who, long len)
{
	long moved = 0, can_take = 1;

	at(who, do_remember, 0, len, 0);
	/* Huge pages of all memory take an emulated CPU long. */
	for (int i = 0; i < (can_take ? 20 : 3) && !moved; i++) {
		compact();
		moved = at(who, do_count_moved, 0, len, 0);
		if (moved)
			break;
		can_take = at(who, do_take_memory, 0, len, 0);
		if (!can_take)
			take_huge_pages();
		moved = at(who, do_count_moved, 0, len, 0);
	}
	if (!moved && !can_take)
		skip("compaction moved no page of ours, and this kernel takes no memory out of use");
	CHECK(moved > 0, "no page of ours moved");
	return moved;
}

#endif
