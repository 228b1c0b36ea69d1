/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Members that count all the time, each in a word of its own in many pages, while the kernel moves the pages
 * around under them.  A write that went into a page which is no longer the file's is a count that is lost.
 */
#ifndef GUEST_COUNTING_H
#define GUEST_COUNTING_H

#include "guest.h"

#define COUNTER(page) ((volatile uint32_t *)(map + (page) + 64 + 4 * me))

/*
 * Few pages, and no two of them in the same place of a TLB that is indexed by page number (an emulator's has some
 * 256 entries): only what stays in the TLB can be stale there.
 */
static long count_every = 7;

static uint32_t *counts;		/* what the words should be, by page of the file */

static long all_faults(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt + ru.ru_majflt;
}

/*
 * Until word[0] is set.  Pinned: one member a CPU, so that no context switch flushes the TLB.  A member that
 * rests for some microseconds between pages leaves the kernel a chance to find pages that are not just in use.
 * Gives how many faults it had.
 */
static long do_count(long off, long len, long rest)
{
	long faults;

	if (!counts)
		counts = calloc(file_len / pagesz, sizeof(*counts));
	pin(1 + me, 0, 0);
	faults = all_faults();
	while (!guest->word[0])
		for (long page = off; page < off + len && !guest->word[0]; page += count_every * pagesz) {
			uint32_t have = *COUNTER(page), want = counts[page / pagesz]++;

			CHECK(have == want, "offset 0x%lx has counted to %u, not %u", page, have, want);
			*COUNTER(page) = want + 1;
			/* Again, at once: with what the TLB remembers now. */
			have = *COUNTER(page);
			CHECK(have == want + 1, "offset 0x%lx has forgotten %u, has %u", page, want + 1, have);
			if (rest)
				usleep(rest);
		}
	return all_faults() - faults;
}

static long do_check_counts(long off, long len, long c)
{
	for (long page = off; counts && page < off + len; page += pagesz) {
		uint32_t have = *COUNTER(page), want = counts[page / pagesz];

		CHECK(have == want, "offset 0x%lx ends at %u, not %u", page, have, want);
	}
	return 0;
}

/* The sum of everybody's counts as this member sees them. */
static long do_sum_counts(long off, long len, long n)
{
	uint32_t sum = 0;

	for (long page = off; page < off + len; page += pagesz)
		for (long i = 0; i < n; i++)
			sum += *(volatile uint32_t *)(map + page + 64 + 4 * i);
	return sum;
}

/* The first n members count in [0, len) until count_end(). */
static void count_begin(int n, long len, long rest)
{
	guest->word[0] = 0;
	for (int i = 0; i < n; i++)
		order(i, do_count, 0, len, rest);
}

/* Gives how many faults they had. */
static long count_end(int n, long len)
{
	long sum, faults = 0;

	guest->word[0] = 1;
	for (int i = 0; i < n; i++)
		faults += finish(i);
	for (int i = 0; i < n; i++)
		team_at(i, do_check_counts, 0, len, 0);
	sum = team_at(0, do_sum_counts, 0, len, n);
	for (int i = 1; i < members; i++)
		if (guest->slot[i].pid)
			CHECK(team_at(i, do_sum_counts, 0, len, n) == sum, "member %d sees other counts than member 0", i);
	return faults;
}

#endif
