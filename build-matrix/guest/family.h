/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A team whose members have the conductor's anonymous memory, as a fork gives it to them: with shared page tables, in
 * tables that are shared copy-on-write by all.  All of them, the conductor too, have it at the same address.
 */
#ifndef GUEST_FAMILY_H
#define GUEST_FAMILY_H

#include "guest.h"

/* The kernel's side of it may be there and this not. */
static int forks_share(void)
{
	return !access(SHPTE "/fork", F_OK) && shpte_on();
}

#define FORK_GREW(name, before, least) do {	\
	if (forks_share())			\
		GREW(name, before, least);	\
} while (0)

/* As LEAVES, of tables that a fork shared. */
#define UNSHARES(name, least, steps) do {		\
	long before_ = shpte_counter(name);		\
	steps;						\
	FORK_GREW(name, before_, least);		\
} while (0)

/* Private memory in every page of which generation 1 stands. */
static void own_memory(long len)
{
	map = room(len, 0);
	map = SYS(mmap(map, len, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	file_len = len;
	do_fill(0, len, 1);
}

static long do_rss(long a, long b, long c)
{
	return own_status("RssAnon");
}

/* Small processes are left alone; those of the tests are small, and shall not be. */
static void share_small(void)
{
	every_page = 1;
	spit(SHPTE "/fork_min_tables", "0");
}

static void family_of(const char *at_file, int line, int n, long len)
{
	long given = shpte_counter("fork_shared");

	guest->file = at_file;
	guest->line = line;
	own_memory(len);
	team(n);
	if (forks_share())
		counter_grew(at_file, line, "fork_shared", given, n * (len / span));
}

#define family(n, len) family_of(__FILE__, __LINE__, n, len)

/* Member i and nobody else, not the conductor either, has generation gen in [off, off + len); the others have 1. */
static void only_one(int i, long off, long len, long gen)
{
	for (int j = 0; j < members; j++)
		if (guest->slot[j].pid)
			team_at(j, do_check, off, len, j == i ? gen : 1);
	do_check(off, len, i < 0 ? gen : 1);
}

static void no_choice(void)
{
	skip("there is no choice");
}

/*
 * Runs the cases of a file. by_entries: where the kernel could protect shared tables by the pmds that lead to them, it is
 * to do it by their entries meanwhile.
 */
static int run_family(const struct guest_case *cases, int n, int by_entries)
{
	static const struct guest_case none[] = { { "by_entries", no_choice } };
	int ret;

	share_small();
	if (!by_entries)
		return run_cases(cases, n);
	if (spit(SHPTE "/fork_pmd", "0"))
		return RUN(none);
	ret = run_cases(cases, n);
	spit(SHPTE "/fork_pmd", "1");
	return ret;
}

#define RUN_FAMILY(cases, by_entries) run_family(cases, ARRAY_SIZE(cases), by_entries)

#endif
