/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Members that count all the time, each in a word of its own in many pages, while the kernel moves the pages
 * around under them.  A write that went into a page which is no longer the file's is a count that is lost.
 */
#ifndef GUEST_COUNTING_H
#define GUEST_COUNTING_H

#include "guest.h"

#define COUNTER_OF(i, page) ((volatile uint32_t *)(map + (page) + 64 + 4 * (i)))
#define COUNTER(page) COUNTER_OF(me, page)

/*
 * Few pages, and no two of them in the same place of a TLB that is indexed by page number (an emulator's has some
 * 256 entries): only what stays in the TLB can be stale there.
 */
static long count_every = 7;

static uint32_t *counts;		/* what the words should be, by page of the file */

/* Where a member says how many major faults it had: how often a page was not only moved, but gone. */
#define TAKEN(i) guest->word[8 + (i)]
/* And how often it has been round: so much must all of its counters have by now, in everybody's sight. */
#define ROUNDS_OF(i) guest->word[16 + (i)]

static void say_taken(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	TAKEN(me) = ru.ru_majflt;
}

/*
 * Until word[0] is set.  Pinned: one member a CPU, so that no context switch flushes the TLB.  A member that
 * rests for some microseconds between pages leaves the kernel a chance to find pages that are not just in use.
 */
static long do_count(long off, long len, long rest)
{
	if (!counts)
		counts = calloc(file_len / pagesz, sizeof(*counts));
	pin(1 + me, 0, 0);
	for (; !guest->word[0]; say_taken()) {
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
		if (!guest->word[0])
			ROUNDS_OF(me)++;
	}
	return 0;
}

/*
 * One who only reads.  A page that went clean can't be written by way of a stale TLB, since the TLB knows it as
 * read-only; but it can be read there, as it was.
 */
static long do_watch_counts(long len, long n, long rest)
{
	pin(1 + me, 0, 0);
	while (!guest->word[0])
		for (long page = 0; page < len && !guest->word[0]; page += count_every * pagesz) {
			for (long i = 0; i < n; i++) {
				uint32_t least = ROUNDS_OF(i), have = *COUNTER_OF(i, page);

				CHECK(have >= least, "offset 0x%lx of member %ld is seen at %u, it is %u at least", page, i, have,
				      least);
			}
			if (rest)
				usleep(rest);
		}
	return 0;
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
			sum += *COUNTER_OF(i, page);
	return sum;
}

/*
 * The first n members count in [0, len) until count_end(), and the next one watches.  All others keep to CPU 0:
 * where another process runs while a member rests, its TLB is flushed.
 */
static void count_begin(int n, long len, long rest)
{
	pin(0, 0, 0);
	for (int i = n + 1; i < members; i++)
		team_at(i, pin, 0, 0, 0);
	guest->word[0] = 0;
	for (int i = 0; i < n; i++) {
		TAKEN(i) = ROUNDS_OF(i) = 0;
		order(i, do_count, 0, len, rest);
	}
	order(n, do_watch_counts, len, n, rest);
}

/* How many pages have been taken from the first n members while they count. */
static long count_taken(int n)
{
	long taken = 0;

	if (guest->failed)
		_exit(1);
	for (int i = 0; i < n; i++)
		taken += TAKEN(i);
	return taken;
}

static void count_end(int n, long len)
{
	long sum;

	guest->word[0] = 1;
	for (int i = 0; i <= n; i++)
		finish(i);
	for (int i = 0; i < n; i++)
		team_at(i, do_check_counts, 0, len, 0);
	sum = team_at(0, do_sum_counts, 0, len, n);
	for (int i = 1; i < members; i++)
		if (guest->slot[i].pid)
			CHECK(team_at(i, do_sum_counts, 0, len, n) == sum, "member %d sees other counts than member 0", i);
}

#endif
