// SPDX-License-Identifier: GPL-2.0
/* A fork's child has its parent's memory as it was, and both may write: whatever one of them does, the others keep theirs. */
#include "family.h"
#include "force.h"
#include <sys/uio.h>

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span - span / 8)		/* across the border of two tables */
#define PART (span / 4)

/* Reading makes no copies; a table is one for all. */
static void read_by_all(void)
{
	long tables, alone;

	own_memory(LEN);
	alone = settled_tables();
	family(3, LEN);
	each(do_check, 0, LEN, 1);
	tables = settled_tables();
	if (forks_share())
		CHECK(tables - alone < 4 * TABLES * pagesz / 1024 + 3 * 64, "page tables grew by %ld kB", tables - alone);
	only_one(-1, 0, LEN, 1);
}

/* Hook: __handle_mm_fault.  Each writes, and nobody else sees it. */
static void child_writes(void)
{
	family(3, LEN);
	UNSHARES("leave_fault", 1, at(1, do_fill, 0, span, 2));
	only_one(1, 0, span, 2);
	only_one(1, span, 2 * span, 1);
	UNSHARES("leave_fault", 1, at(1, do_fill, span, pagesz, 2));
	only_one(1, 0, span + pagesz, 2);
}

static void parent_writes(void)
{
	family(3, LEN);
	UNSHARES("leave_fault", TABLES, do_fill(0, LEN, 2));
	only_one(-1, 0, LEN, 2);
}

static void all_write(void)
{
	family(4, LEN);
	for (int i = 0; i < 4; i++)
		at(i, do_fill, 0, LEN, 10 + i);
	do_fill(0, LEN, 20);
	for (int i = 0; i < 4; i++)
		at(i, do_check, 0, LEN, 10 + i);
	do_check(0, LEN, 20);
}

static void all_write_at_once(void)
{
	family(4, LEN);
	all(do_fill, 0, LEN, 7);
	each(do_check, 0, LEN, 7);
	do_check(0, LEN, 1);
}

/* Holes stay holes for the others when one fills them. */
static void holes(void)
{
	own_memory(LEN);
	SYS(madvise(map + OFF, PART, MADV_DONTNEED));
	team(2);
	at(0, do_check, OFF, PART, 0);
	at(0, do_fill, OFF, PART, 2);
	at(1, do_check, OFF, PART, 0);
	do_check(OFF, PART, 0);
	at(0, do_check, OFF, PART, 2);
	each(do_check, OFF + PART, LEN - OFF - PART, 1);
}

/* The last one that has a table keeps it, without a copy, and without a copy of its pages. */
static void last_keeps(void)
{
	long copied, retired;

	family(2, LEN);
	copied = shpte_counter("fork_copied");
	retired = shpte_counter("retired");
	leave_by_exit(0);
	leave_by_kill(1);
	do_fill(0, LEN, 2);
	do_check(0, LEN, 2);
	FORK_GREW("retired", retired, TABLES);
	CHECK(shpte_counter("fork_copied") == copied, "%ld tables were copied", shpte_counter("fork_copied") - copied);
	/* and it can be shared anew */
	copied = shpte_counter("fork_shared");
	team(2);
	FORK_GREW("fork_shared", copied, 2 * TABLES);
	at(2, do_fill, 0, LEN, 3);
	at(3, do_check, 0, LEN, 2);
	do_check(0, LEN, 2);
}

/* Children of children: each has what its parent had when it was born, and nothing of what came later. */
static void tree(int depth, long gen)
{
	pid_t pid[2];

	do_check(0, LEN, gen);
	for (int i = 0; depth && i < 2; i++) {
		pid[i] = SYS(fork());
		if (!pid[i]) {
			tree(depth - 1, gen);
			_exit(0);
		}
		do_fill(i * span, span, gen * 4 + i);
		do_fill(i * span, span, gen);
	}
	do_fill(0, LEN, gen + 100);
	for (int i = 0; depth && i < 2; i++)
		reap(pid[i]);
	do_check(0, LEN, gen + 100);
}

static void fork_tree(void)
{
	own_memory(LEN);
	tree(3, 1);
}

/* Members go while others write. */
static void ends(void)
{
	family(4, LEN);
	at(0, do_fill, 0, span, 2);
	leave_by_exit(0);
	only_one(-1, 0, LEN, 1);
	leave_by_kill(1);
	at(2, do_fill, OFF, PART, 3);
	only_one(2, OFF, PART, 3);
	leave_by_exit(2);
	at(3, do_check, 0, LEN, 1);
	do_fill(0, LEN, 4);
	at(3, do_check, 0, LEN, 1);
}

/* Who executes something else leaves all. */
static void execs(void)
{
	family(2, LEN);
	for (int i = 0; i < 4; i++) {
		pid_t pid = SYS(fork());

		if (!pid) {
			do_fill(i % 3 * span, pagesz, 9);
			execl("/proc/self/exe", "again", NULL);
			_exit(99);
		}
		reap(pid);
	}
	only_one(-1, 0, LEN, 1);
}

/* A debugger, and another process's hand, reach one and no other. */
static void by_others(void)
{
	long word = 0x77;		/* of the size that do_expect() reads, or the byte order shows */
	struct iovec local = { &word, sizeof(word) }, remote;

	family(3, LEN);
	UNSHARES("leave_fault", 1, poke(1, OFF + 128, 0x5a5a));
	at(1, do_expect, OFF + 128, 0x5a5a, 0);
	at(0, do_expect, OFF + 128, 0, 0);
	at(2, do_expect, OFF + 128, 0, 0);
	do_expect(OFF + 128, 0, 0);
	remote = (struct iovec){ map + 2 * span + 128, sizeof(word) };
	if (process_vm_writev(guest->slot[2].pid, &local, 1, &remote, 1, 0) != sizeof(word))
		skip("no process_vm_writev");
	at(2, do_expect, 2 * span + 128, 0x77, 0);
	at(0, do_expect, 2 * span + 128, 0, 0);
	only_one(-1, 0, OFF, 1);
	/* reading changes nothing */
	for (int i = 0; i < 3; i++)
		CHECK(process_vm_readv(guest->slot[i].pid, &local, 1, &remote, 1, 0) == sizeof(word) &&
		      word == (i == 2 ? 0x77 : 0), "member %d has %lx", i, word);
}

/* Pages that a process has: all that it has got, from the first moment on. */
static void resident_set(void)
{
	long kb = TABLES * span / 1024, before, now;

	family(2, LEN);
	before = at(0, do_rss, 0, 0, 0);
	CHECK(before >= kb, "RssAnon is %ld kB of %ld", before, kb);
	at(0, do_madvise, 0, span, MADV_DONTNEED);
	now = at(0, do_rss, 0, 0, 0);
	CHECK(before - now >= span / 1024 - 64, "RssAnon fell by %ld kB only", before - now);
	at(1, do_fill, 0, LEN, 2);
	now = at(1, do_rss, 0, 0, 0);
	CHECK(now >= kb && now < kb + 2048, "RssAnon is %ld kB of %ld", now, kb);
	at(0, do_munmap, span + span / 2, span / 4, 0);
	now = at(0, do_rss, 0, 0, 0);
	CHECK(before - now >= span / 1024 + span / 4096 - 64, "RssAnon fell by %ld kB only", before - now);
}

/* Threads write while the process forks, and its children read. */
static void *write_on(void *stop)
{
	while (!*(atomic_int *)stop && !guest->failed)
		for (long page = 0; page < LEN; page += span / 16)
			*(volatile uint32_t *)(map + page + 64) += 1;
	return NULL;
}

static void with_threads(void)
{
	atomic_int stop = 0;
	pthread_t thread;

	own_memory(LEN);
	CHECK(!pthread_create(&thread, NULL, write_on, &stop), "no thread");
	for (int i = 0; i < 20; i++) {
		uint32_t first, now;
		pid_t pid = SYS(fork());

		if (!pid) {
			first = *(volatile uint32_t *)(map + span + 64);
			for (int k = 0; k < 50; k++) {
				now = *(volatile uint32_t *)(map + span + 64);
				CHECK(now == first, "a parent's write is seen: %u, it was %u", now, first);
				sched_yield();
			}
			do_check(0, LEN, 1);
			do_fill(i % TABLES * span, span, 3);
			_exit(0);
		}
		if (i % 3)
			reap(pid);
	}
	stop = 1;
	pthread_join(thread, NULL);
	do_check(0, LEN, 1);
}

/* Threads of one child fault in the same table at once: one copies, the others use that. */
static void *write_part(void *arg)
{
	long from = (long)arg;

	for (long page = from * pagesz; page < LEN; page += 4 * pagesz)
		do_fill(page, pagesz, 5);
	return NULL;
}

static long threads_write(long n, long b, long c)
{
	pthread_t thread[4];

	for (long i = 0; i < n; i++)
		CHECK(!pthread_create(&thread[i], NULL, write_part, (void *)i), "no thread");
	for (long i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	do_check(0, LEN, 5);
	return 0;
}

static void threads_fault(void)
{
	spit(SHPTE "/delay_us", "200");
	family(3, LEN);
	all(threads_write, 4, 0, 0);
	do_check(0, LEN, 1);
	spit(SHPTE "/delay_us", "0");
}

/* Small processes are left alone. */
static void small(void)
{
	long given = shpte_counter("fork_shared"), few = shpte_counter("fork_few");

	map = SYS(mmap(room(LEN, 0), LEN, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	do_fill(0, pagesz, 1);
	team(1);
	if (forks_share())
		GREW("fork_few", few, 1);
	CHECK(shpte_counter("fork_shared") == given, "a table with one entry was shared");
	at(0, do_fill, 0, pagesz, 2);
	do_check(0, pagesz, 1);
	dismiss();
	do_fill(0, LEN, 1);
	spit(SHPTE "/fork_min_tables", "100000");
	team(1);
	CHECK(shpte_counter("fork_shared") == given, "a process with few tables shared some");
	spit(SHPTE "/fork_min_tables", "0");
	at(0, do_fill, 0, LEN, 2);
	do_check(0, LEN, 1);
}

/* One table with a single entry, and one with none, of a process whose other tables are full. */
static void sparse(void)
{
	const long empty = LEN, single = LEN + span;
	long known = shpte_counter("fork_shared") + shpte_counter("fork_few");

	own_memory(LEN + 2 * span);
	SYS(madvise(map + empty, 2 * span, MADV_DONTNEED));
	do_fill(single, pagesz, 1);
	team(2);
	if (forks_share())
		CHECK(shpte_counter("fork_shared") + shpte_counter("fork_few") >= known + 2 * TABLES + 2,
		      "a table was neither shared nor found to have too little");
	at(0, do_fill, empty, 2 * span, 2);
	at(0, do_check, empty, 2 * span, 2);
	at(1, do_check, empty, span, 0);
	at(1, do_check, single, pagesz, 1);
	at(1, do_check, single + pagesz, span - pagesz, 0);
	do_fill(empty, 2 * span, 3);
	do_check(empty, 2 * span, 3);
	at(1, do_check, single, pagesz, 1);
	each(do_check, 0, LEN, 1);
}

#ifndef BY_ENTRIES
#define BY_ENTRIES 0
#endif

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "read_by_all", read_by_all }, { "child_writes", child_writes }, { "parent_writes", parent_writes },
		{ "all_write", all_write }, { "all_write_at_once", all_write_at_once }, { "holes", holes },
		{ "last_keeps", last_keeps }, { "tree", fork_tree }, { "ends", ends }, { "execs", execs },
		{ "by_others", by_others }, { "rss", resident_set }, { "with_threads", with_threads },
		{ "threads_fault", threads_fault }, { "small", small }, { "sparse", sparse },
	};

	if (argc && !strcmp(argv[0], "again"))
		return 0;
	return RUN_FAMILY(cases, BY_ENTRIES);
}
