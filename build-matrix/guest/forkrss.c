// SPDX-License-Identifier: GPL-2.0
/*
 * What a fork shared and did not count is counted when somebody asks: whichever way he does, a child has all its pages, and
 * who leaves is charged for no more than he was.  What adds up to nothing in the end the kernel itself sees ("Bad rss-counter").
 */
#include "disk.h"
#include "family.h"

#define TABLES 4
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)
#define SLACK 256		/* pages of the program itself, and what a CPU has not told the others */

static long owed(void)
{
	return shpte_counter("fork_owed");
}

/* Member 0 to n - 1, none of which is charged yet; where forks share, but always count, there is nothing to look at. */
static void debtors(int n)
{
	family(n, LEN);
	if (!forks_share() || owed() < n * TABLES)
		skip("a fork counts what it shares");
}

/* The n-th number of a file of /proc/self; of stat's, the name has no spaces. */
static long number_in(const char *path, int n)
{
	char *text = slurp(path);

	for (; text && n > 1; n--)
		text = strchr(text, ' ') ? strchr(text, ' ') + 1 : NULL;
	return text ? atol(text) : -1;
}

static long do_stat(long a, long b, long c)
{
	return number_in("/proc/self/stat", 24);
}

static long do_statm(long a, long b, long c)
{
	return number_in("/proc/self/statm", 2);
}

static long do_status(long a, long b, long c)
{
	return own_status("RssAnon") * 1024 / pagesz;
}

static long do_swap_and_rss(long a, long b, long c)
{
	return (own_status("VmSwap") + own_status("RssAnon")) * 1024 / pagesz;
}

static void has(const char *at_file, int line, int i, long (*asks)(long, long, long), long pages)
{
	long now = at(i, asks, 0, 0, 0);

	guest->file = at_file;
	guest->line = line;
	CHECK(now >= pages && now < pages + SLACK, "member %d has %ld pages, not %ld", i, now, pages);
}

#define HAS(i, asks, pages) has(__FILE__, __LINE__, i, asks, pages)

/* Hook: do_task_stat. */
static void by_stat(void)
{
	debtors(2);
	HAS(0, do_stat, PAGES);
	HAS(1, do_stat, PAGES);
}

/* Hook: task_statm. */
static void by_statm(void)
{
	debtors(2);
	HAS(1, do_statm, PAGES);
	HAS(0, do_statm, PAGES);
}

/* Hook: task_mem. */
static void by_status(void)
{
	debtors(2);
	HAS(0, do_status, PAGES);
	HAS(0, do_statm, PAGES);
	HAS(1, do_status, PAGES);
}

/* Nobody asks; all go. */
static void never_asked(void)
{
	long before = owed();

	debtors(3);
	dismiss();
	CHECK(owed() == before, "%ld tables are owed still, not %ld", owed(), before);
	CHECK(do_status(0, 0, 0) >= PAGES, "the parent has %ld pages", do_status(0, 0, 0));
}

/* A copy of a table is charged for, whoever makes it. */
static void copied(void)
{
	debtors(3);
	at(0, do_fill, span, span, 2);
	do_fill(0, pagesz, 2);
	at(1, do_munmap, 0, span / 2, 0);
	at(1, do_madvise, 2 * span, span, MADV_DONTNEED);
	HAS(0, do_status, PAGES);
	HAS(1, do_status, PAGES - (span + span / 2) / pagesz);
	HAS(2, do_status, PAGES);
	CHECK(do_status(0, 0, 0) >= PAGES, "the parent has %ld pages", do_status(0, 0, 0));
}

/* The parent goes first; the last of the children has what is left. */
static void left_alone(void)
{
	debtors(2);
	SYS(munmap(map, LEN));
	leave_by_exit(0);
	at(1, do_fill, 0, LEN, 2);
	at(1, do_check, 0, LEN, 2);
	HAS(1, do_status, PAGES);
}

/* A child that owes has a child, which owes, too. */
static long do_bear(long a, long b, long c)
{
	pid_t pid = SYS(fork());
	long pages;

	if (!pid) {
		pages = do_statm(0, 0, 0);
		_exit(pages < PAGES || pages >= PAGES + SLACK);
	}
	reap(pid);
	return 0;
}

static void grandchild(void)
{
	debtors(1);
	at(0, do_bear, 0, 0, 0);
	HAS(0, do_status, PAGES);
}

/* What reclaim takes meanwhile it takes from those that are charged, and the others are not charged for it. */
static void reclaimed(void)
{
	enter_cgroup();
	swap_on();
	debtors(3);
	reclaim(LEN / 2);
	reclaim(LEN / 2);
	HAS(0, do_swap_and_rss, PAGES);
	at(1, do_fill, 0, span, 2);
	HAS(1, do_swap_and_rss, PAGES);
	dismiss();
	SYS(swapoff(SWAP));
	do_check(0, LEN, 1);
}

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "by_stat", by_stat }, { "by_statm", by_statm }, { "by_status", by_status }, { "never_asked", never_asked },
		{ "copied", copied }, { "left_alone", left_alone }, { "grandchild", grandchild }, { "reclaimed", reclaimed },
	};

	share_small();
	return RUN(cases);
}
