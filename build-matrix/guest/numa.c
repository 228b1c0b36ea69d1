// SPDX-License-Identifier: GPL-2.0
/* Shared tables on a machine with several nodes: pages that are sent from one to the other, and those that stay. */
#include "counting.h"
#include "family.h"
#include "pagemap.h"
#include <linux/mempolicy.h>

#define TABLES 2
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)
#define NODES 2

static void need_nodes(void)
{
	if (access("/sys/devices/system/node/node1", F_OK))
		skip("one node only: numa=fake=2 on the kernel's command line makes two");
}

/* Which node each page is on, counted: those on `node`. */
static long do_count_on(long off, long len, long node)
{
	long n = len / pagesz, count = 0;
	void **pages = calloc(n, sizeof(*pages));
	int *status = calloc(n, sizeof(*status));

	do_check(off, len, 1);
	for (long i = 0; i < n; i++)
		pages[i] = map + off + i * pagesz;
	SYS(syscall(SYS_move_pages, 0, n, pages, NULL, status, 0));
	for (long i = 0; i < n; i++)
		count += status[i] == node;
	free(pages);
	free(status);
	return count;
}

/* --- ways to send all pages of the file to a node */

static void move_pages_to(long off, long len, long node, int flags)
{
	long n = len / pagesz;
	void **pages = calloc(n, sizeof(*pages));
	int *nodes = calloc(n, sizeof(*nodes)), *status = calloc(n, sizeof(*status));

	for (long i = 0; i < n; i++) {
		pages[i] = map + off + i * pagesz;
		nodes[i] = node;
	}
	SYS(syscall(SYS_move_pages, 0, n, pages, nodes, status, flags));
	free(pages);
	free(nodes);
	free(status);
}

static long by_move_pages(long off, long len, long node)
{
	move_pages_to(off, len, node, MPOL_MF_MOVE_ALL);
	return 0;
}

static long by_migrate_pages(long off, long len, long node)
{
	unsigned long from = 1UL << !node, to = 1UL << node;

	/* How many could not be moved; it only looks at pages of one process if it isn't root's. */
	return SYS(syscall(SYS_migrate_pages, 0, 8 * sizeof(from), &from, &to));
}

static long by_mbind(long off, long len, long node)
{
	unsigned long to = 1UL << node;

	/* EIO: some could not be moved just now */
	if (syscall(SYS_mbind, map + off, len, MPOL_BIND, &to, 8 * sizeof(to), MPOL_MF_MOVE_ALL | MPOL_MF_STRICT))
		CHECK(errno == EIO, "mbind: %s", strerror(errno));
	return 0;
}

/* --- ways to send those that are nobody else's */

static long own_by_move_pages(long off, long len, long node)
{
	move_pages_to(off, len, node, MPOL_MF_MOVE);
	return 0;
}

static long own_by_mbind(long off, long len, long node)
{
	unsigned long to = 1UL << node;

	return SYS(syscall(SYS_mbind, map + off, len, MPOL_BIND, &to, 8 * sizeof(to), MPOL_MF_MOVE));
}

/* Under those who count, there and back; and at rest all arrive. */
static void sent(order_fn send)
{
	long least = PAGES;

	need_nodes();
	shared(4, LEN);
	here();
	count_begin(2, LEN, 0);
	for (int i = 0; i < 4; i++) {
		long there;

		at(3, send, 0, LEN, i % NODES);
		there = at(3, do_count_on, 0, LEN, i % NODES);
		least = there < least ? there : least;
	}
	count_end(2, LEN);
	say("# of %ld pages %ld at least had been moved", PAGES, least);
	for (int node = 0; node < NODES; node++) {
		at(3, send, 0, LEN, node);
		least = at(3, do_count_on, 0, LEN, node);
		CHECK(least >= PAGES / 2, "only %ld of %ld pages arrived on node %d", least, PAGES, node);
		each(do_check, 0, LEN, 1);
	}
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* Hooks: try_to_migrate_one, remove_migration_pte */
static void move_all(void)
{
	sent(by_move_pages);
}

static void migrate_all(void)
{
	sent(by_migrate_pages);
}

static void bind_all(void)
{
	sent(by_mbind);
}

/* All pages are others' as well, though one table maps them: none goes. */
static void kept(order_fn send)
{
	need_nodes();
	shared(2, LEN);
	at(0, by_move_pages, 0, LEN, 0);
	each(do_check, 0, LEN, 1);
	CHECK(at(0, do_count_on, 0, LEN, 0) >= PAGES / 2, "too few pages are on node 0");
	at(1, send, 0, LEN, 1);
	CHECK(at(0, do_count_on, 0, LEN, 1) <= PAGES / 2, "%ld of %ld pages were moved, which another process has",
	      at(0, do_count_on, 0, LEN, 1), PAGES);
	each(do_check, 0, LEN, 1);
}

/* Hook: add_folio_for_migration */
static void move_own(void)
{
	kept(own_by_move_pages);
}

/* Hook: queue_folios_pte_range */
static void bind_own(void)
{
	kept(own_by_mbind);
}

/* --- balancing */

#define HINT_MS (4000 * slow())

/* Uses processor time and all of its pages: it is the kernel that wants to know from where. */
static long do_use(long off, long len, long c)
{
	long end = now_ms() + HINT_MS;

	pin(me, 0, 0);
	while (now_ms() < end)
		for (long page = 0; page < LEN; page += 8 * pagesz)
			do_check(page, 8 * pagesz, 1);
	return 0;
}

/* Each in another place of its tables, or they would share those. */
static long do_map_misaligned(long off, long len, long c)
{
	map = map_shifted(file_fd, off, len, RW, MAP_SHARED, (1 + me) * pagesz);
	return 0;
}

#ifndef MPOL_F_NUMA_BALANCING
#define MPOL_F_NUMA_BALANCING (1 << 13)
#endif

/* The pages of tmpfs are left alone unless somebody asks for it; on all nodes, that is. */
static long do_ask_for_hints(long off, long len, long c)
{
	unsigned long all = (1UL << NODES) - 1;

	return syscall(SYS_mbind, map + off, len, MPOL_BIND | MPOL_F_NUMA_BALANCING, &all, 8 * sizeof(all), 0);
}

/*
 * Where the pages are that one uses, no hint is wanted: so each node has some.  The two are new ones, whom the kernel
 * has not yet learnt to ask less often.
 */
static long hints_of(order_fn map_it)
{
	long before;

	team(2);
	each(map_it, 0, LEN, RW);
	if (at(0, do_ask_for_hints, 0, LEN, 0))
		skip("no NUMA balancing of bound memory");
	at(0, do_fill, 0, LEN, 1);
	for (int node = 0; node < NODES; node++)
		at(0, by_move_pages, node * span, span, node);
	each(do_check, 0, LEN, 1);
	before = vmstat("numa_pte_updates");
	all(do_use, 0, LEN, 0);
	return vmstat("numa_pte_updates") - before;
}

static void need_balancing(void)
{
	need_nodes();
	if (!slurp(NUMA_BALANCING) || number_of("/proc/vmstat", "numa_pte_updates") < 0)
		skip("no NUMA balancing");
	spit(NUMA_BALANCING, "1");
}

/*
 * Hook: change_pte_range.  Where each has tables of his own entries lose their rights, so that faults tell who uses a page from
 * where; in a shared table no entry does.
 */
static void hints(void)
{
	long own, shared;

	need_balancing();
	file_fd = file_in("/tmp", LEN);
	shared = hints_of(do_map);
	dismiss();
	own = hints_of(do_map_misaligned);
	say("# %ld hints by shared tables, %ld by others", shared, own);
	if (own < PAGES / 4)
		skip("the kernel asks for no hints here");
	if (shpte_on())
		CHECK(shared < own / 4, "%ld entries of shared tables lost their rights, of others %ld", shared, own);
	each(do_check, 0, LEN, 1);
}

/*
 * Hook: __handle_mm_fault.  A fork shares entries that lost their rights: who reads by one changes it.  Only pages on another
 * node than the CPU's lose them, where the process has one thread.
 */
static void forked(void)
{
	long end = now_ms() + 4 * HINT_MS, before = vmstat("numa_pte_updates");

	need_balancing();
	share_small();
	own_memory(LEN);
	pin(0, 0, 0);
	by_move_pages(0, LEN, 0);
	pin(1, 0, 0);
	while (vmstat("numa_pte_updates") - before < PAGES / 2 && now_ms() < end)
		do_check(0, pagesz, 1);
	if (vmstat("numa_pte_updates") - before < PAGES / 2)
		skip("the kernel asks for no hints here");
	team(2);
	UNSHARES("leave_fault", 1, at(0, do_check, 0, LEN, 1));
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "move_all", move_all }, { "migrate_all", migrate_all }, { "bind_all", bind_all },
		{ "move_own", move_own }, { "bind_own", bind_own }, { "hints", hints },
		{ "forked", forked },
	};
	int failed;

	every_page = 1;
	failed = RUN(cases);
	spit(NUMA_BALANCING, "0");
	return failed;
}
