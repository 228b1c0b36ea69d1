// SPDX-License-Identifier: GPL-2.0
/* Pages in tables that a fork shared, which the kernel takes back: for all at once, and each gets his own again. */
#include "disk.h"
#include "family.h"
#include "pagemap.h"
#include "pipe.h"

#define TABLES 2
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)

static long do_swapped(long a, long b, long c)
{
	return own_status("VmSwap");
}

/* Until so many pages of each member are in swap. */
static void swap_out(long pages)
{
	long kb = 0;

	for (int i = 0; i < 40 * slow(); i++) {
		reclaim(LEN / 2);
		kb = at(0, do_swapped, 0, 0, 0);
		if (kb >= pages * pagesz / 1024)
			return;
	}
	FAIL("nothing was swapped: %ld kB of %ld", kb, LEN / 1024);
}

static void begin(int n)
{
	enter_cgroup();
	swap_on();
	family(n, LEN);
}

static void end(void)
{
	dismiss();
	SYS(swapoff(SWAP));
}

/* Hook: try_to_unmap_one: what goes from one goes from all, and all say so. */
static void out_and_in(void)
{
	long kb;

	begin(3);
	swap_out(PAGES / 3);
	kb = at(0, do_swapped, 0, 0, 0);
	for (int i = 1; i < 3; i++)
		CHECK(!forks_share() || at(i, do_swapped, 0, 0, 0) >= kb / 2, "member 0 has %ld kB in swap, member %d %ld", kb, i,
		      at(i, do_swapped, 0, 0, 0));
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	swap_out(PAGES / 3);
	at(1, do_fill, 0, LEN, 2);
	only_one(1, 0, LEN, 2);
	end();
}

static long do_swap_pss(long a, long b, long c)
{
	return smaps_kb("SwapPss");
}

/* Hook: smaps_pte_entry: what is in swap for several is divided among them, and nothing moves while they are asked. */
static void divided(void)
{
	long swap, own, all;

	begin(3);
	swap_out(PAGES / 3);
	swap = smaps_kb("Swap");
	all = own = smaps_kb("SwapPss");
	for (int i = 0; i < 3; i++)
		all += at(i, do_swap_pss, 0, 0, 0);
	CHECK(labs(all - swap) <= swap / 10 + 4, "the SwapPss of all four is %ld kB together, not the %ld in swap; of one it is %ld", all, swap,
	      own);
	end();
}

/* A copy of a table is a copy of its swap entries. */
static void written(void)
{
	begin(4);
	swap_out(PAGES / 2);
	for (int i = 0; i < 3; i++)
		at(i, do_fill, i * (LEN / 4), LEN / 4, 2 + i);
	swap_out(PAGES / 2);
	for (int i = 0; i < 3; i++) {
		at(i, do_check, i * (LEN / 4), LEN / 4, 2 + i);
		at(i, do_check, 3 * (LEN / 4), LEN / 4, 1);
	}
	at(3, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	end();
}

/* Fork when a part is in swap already. */
static void forked_in_swap(void)
{
	begin(1);
	swap_out(PAGES / 2);
	team(2);
	at(1, do_fill, 0, LEN / 2, 2);
	only_one(1, 0, LEN / 2, 2);
	only_one(1, LEN / 2, LEN / 2, 1);
	end();
}

/* Who is the last keeps what is in swap as his own. */
static void last_in_swap(void)
{
	begin(2);
	swap_out(PAGES / 2);
	leave_by_exit(0);
	leave_by_kill(1);
	do_check(0, LEN, 1);
	do_fill(0, LEN, 2);
	do_check(0, LEN, 2);
	end();
}

/* Nor is a page his own that a pipe of one who is gone has, though its entry is in swap. */
static void spliced_in_swap(void)
{
	const int n = 8;		/* pages; a pipe holds 16 */
	int fds[2], out = 0, rounds = 40 * slow();

	SYS(pipe(fds));
	begin(1);
	for (int i = 0; i < n; i++)
		at(0, splice_out, LEN / n * i, fds[1], 0);
	/* they are what reclaim takes last */
	while (!out && rounds--) {
		reclaim(LEN / 2);
		for (int i = 0; i < n; i++)
			out += !count_bit(LEN / n * i, pagesz, PM_PRESENT);
	}
	CHECK(out, "no page that the pipe has went to swap");
	leave_by_exit(0);
	do_fill(0, LEN, 2);
	for (int i = 0; i < n; i++)
		check_spliced(fds[0], LEN / n * i, 1);
	do_check(0, LEN, 2);
	end();
}

static long do_collapse(long a, long b, long c)
{
	for (long off = 0; off < LEN; off += span)
		madvise(map + off, span, MADV_COLLAPSE);
	return 0;
}

/* What it is charged for in swap beyond what its page tables have there, in kB: that of the program itself. */
static long do_beside(long a, long b, long c)
{
	return own_status("VmSwap") - count_bit(0, LEN, PM_SWAP) * pagesz / 1024;
}

/*
 * Hook: __collapse_huge_page_swapin: before small pages become a huge one they are brought back from swap, for the one who
 * wants it.
 */
static void collapsed_in_swap(void)
{
	long beside[3];

	begin(3);
	swap_out(PAGES / 4);
	for (int i = 0; i < 3; i++)
		beside[i] = at(i, do_beside, 0, 0, 0);
	at(1, do_collapse, 0, 0, 0);
	for (int i = 0; i < 3; i += 2)
		CHECK(at(i, do_beside, 0, 0, 0) <= beside[i], "member %d: %ld kB in swap are not in its tables, were %ld", i,
		      at(i, do_beside, 0, 0, 0), beside[i]);
	at(1, do_fill, 0, LEN, 2);
	only_one(1, 0, LEN, 2);
	end();
}

/* Hook: unuse_pmd_range: everybody gets his own pages back, and may write them. */
static void swapped_off(void)
{
	begin(3);
	swap_out(PAGES / 2);
	UNSHARES("leave_swapoff", 1, SYS(swapoff(SWAP)));
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	for (int i = 0; i < 3; i++)
		CHECK(at(i, do_swapped, 0, 0, 0) == 0, "member %d has %ld kB in swap", i, at(i, do_swapped, 0, 0, 0));
	for (int i = 0; i < 3; i++)
		at(i, do_fill, 0, LEN, 2 + i);
	for (int i = 0; i < 3; i++)
		at(i, do_check, 0, LEN, 2 + i);
	do_check(0, LEN, 1);
	swap_on();
	end();
}

/* A table of which nothing is in swap stays as it is. */
static void swapped_off_elsewhere(void)
{
	long left;

	swap_on();
	own_memory(LEN);
	for (int i = 0; i < 20 && !own_status("VmSwap"); i++)
		SYS(madvise(map, span, MADV_PAGEOUT));
	CHECK(own_status("VmSwap") > 0, "nothing was swapped");
	team(3);
	left = shpte_counter("leave_swapoff");
	SYS(swapoff(SWAP));
	left = shpte_counter("leave_swapoff") - left;
	CHECK(!forks_share() || left == 3, "%ld tables were left, by three of four who have the one with swapped pages", left);
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	only_one(1, 0, LEN, 2);
	swap_on();
	end();
}

/* All that it has but the area stays in memory. */
static long do_lock_the_rest(long a, long b, long c)
{
	unsigned long start, end;

	for (char *line = slurp("/proc/self/maps"); line && *line; line = strchr(line, '\n') + 1) {
		CHECK(sscanf(line, "%lx-%lx", &start, &end) == 2, "no mapping: %.40s", line);
		/* what the kernel itself maps cannot be locked */
		if (end <= (unsigned long)map || start >= (unsigned long)map + LEN)
			mlock((void *)start, end - start);
	}
	return 0;
}

static void on_alarm(int signal)
{
}

/* swapoff looks for one who has the entry until it finds him, or a signal comes. */
static void swapoff_soon(void)
{
	struct sigaction a = { .sa_handler = on_alarm };
	int ret;

	SYS(sigaction(SIGALRM, &a, NULL));
	alarm(20 * slow());
	ret = swapoff(SWAP);
	alarm(0);
	CHECK(!ret, "swapoff: %s", strerror(errno));
}

/*
 * swapoff takes all off its list when no swap is left: what reclaim puts into a table after that is found all the same in each
 * who has it, and not only in the one by whom reclaim came.
 */
static void swapped_off_twice(void)
{
	begin(2);
	SYS(swapoff(SWAP));
	swap_on();
	each(do_lock_the_rest, 0, 0, 0);
	do_lock_the_rest(0, 0, 0);
	swap_out(PAGES / 3);
	swapoff_soon();
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	only_one(1, 0, LEN, 2);
	swap_on();
	end();
}

/* More sharers than a swap entry's count has room for at first, and each makes a copy of it. */
static void many(void)
{
	enter_cgroup();
	swap_on();
	own_memory(span);
	SYS(madvise(map + span / 2, span / 2, MADV_DONTNEED));
	team(60);
	for (int i = 0; i < 20 && at(0, do_swapped, 0, 0, 0) < span / 4096; i++)
		reclaim(span);
	each(do_fill, span / 2 + pagesz, pagesz, 3);
	team(4);
	each(do_check, 0, span / 2, 1);
	end();
}

static long do_check_or_none(long off, long len, long gen)
{
	for (long page = off; page < off + len; page += pagesz)
		if (*(volatile uint32_t *)(map + page))
			do_check(page, pagesz, gen);
	return 0;
}

/* What MADV_FREE gave up may go from all who have it, once it goes: they had given it up before they were born. */
static void given_up(void)
{
	enter_cgroup();
	swap_on();
	own_memory(LEN);
	SYS(madvise(map, LEN, 8 /* MADV_FREE */));
	team(3);
	for (int i = 0; i < 10; i++)
		reclaim(LEN / 2);
	each(do_check_or_none, 0, LEN, 1);
	do_check_or_none(0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(1, do_fill, 0, LEN, 3);
	at(1, do_check, 0, LEN, 3);
	end();
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "out_and_in", out_and_in }, { "divided", divided }, { "written", written }, { "forked_in_swap", forked_in_swap },
		{ "last_in_swap", last_in_swap }, { "spliced", spliced_in_swap },
		{ "collapsed_in_swap", collapsed_in_swap }, { "swapoff", swapped_off }, { "swapoff_elsewhere", swapped_off_elsewhere },
		{ "swapoff_twice", swapped_off_twice }, { "many", many }, { "given_up", given_up },
	};

	share_small();
	return RUN(cases);
}
