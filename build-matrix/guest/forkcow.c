// SPDX-License-Identifier: GPL-2.0
/* A fork's child has its parent's memory as it was, and both may write: whatever one of them does, the others keep theirs. */
#include "family.h"
#include "force.h"
#include <sys/uio.h>

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span - span / 8)		/* across the border of two tables */
#define PART (span / 4)

#ifndef MADV_FREE
#define MADV_FREE 8
#endif
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif

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

/* Hook: zap_pte_range: a whole table is left, of a part a copy is cut. */
static void unmapped(void)
{
	family(4, LEN);
	UNSHARES("leave_munmap", 1, at(0, do_munmap, span, span, 0));
	at(0, do_reads, span, span, SIGSEGV);
	at(1, do_munmap, OFF, PART, 0);
	at(1, do_reads, OFF, PART, SIGSEGV);
	at(1, do_check, 0, OFF, 1);
	at(1, do_check, OFF + PART, LEN - OFF - PART, 1);
	for (int i = 2; i < 4; i++)
		at(i, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	/* the one that was cut goes on with its own */
	at(1, do_fill, 0, OFF, 2);
	at(2, do_check, 0, LEN, 1);
	SYS(munmap(map, LEN));
	at(3, do_check, 0, LEN, 1);
}

static long map_over(long off, long len, long gen)
{
	SYS(mmap(map + off, len, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	return gen ? do_fill(off, len, gen) : 0;
}

/* Ray Bryant's: something else in the middle of a shared table.  Hook: __split_vma. */
static void mapped_over(void)
{
	family(3, LEN);
	UNSHARES("leave_split", 1, at(0, map_over, span / 4, span / 4, 5));
	only_one(0, span / 4, span / 4, 5);
	at(0, map_over, span, span, 6);
	only_one(0, span, span, 6);
	map_over(2 * span + span / 2, pagesz, 7);
	only_one(-1, 2 * span + span / 2, pagesz, 7);
}

/*
 * A boundary within a table although no flag of the vma changes: a name (PR_SET_VMA_ANON_NAME), or a policy (MPOL_PREFERRED of
 * node 0).  Hooks: __split_vma, vma_modify.
 */
static long do_set_apart(long off, long len, long c)
{
	unsigned long nodes = 1;

	return prctl(0x53564d41, 0, map + off, len, "shpte") && syscall(SYS_mbind, map + off, len, 1, &nodes, 2, 0) ? errno : 0;
}

static void split(void)
{
	family(3, LEN);
	if (at(0, do_set_apart, OFF, PART, 0))
		skip("memory has neither names nor policies");
	each(do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
	/* the boundary between two vmas moves */
	at(1, do_set_apart, 0, OFF, 0);
	team(1);
	at(1, do_set_apart, OFF, PART, 0);
	at(1, do_fill, 0, LEN, 3);
	at(1, do_munmap, 0, OFF + PART, 0);
	at(1, do_check, OFF + PART, LEN - OFF - PART, 3);
	at(2, do_check, 0, LEN, 1);
	at(3, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
}

/* Hook: vma_modify. */
static void protected(void)
{
	family(3, LEN);
	UNSHARES("leave_mprotect", 2, at(0, do_mprotect, OFF, PART, PROT_READ));
	at(0, do_check, 0, LEN, 1);
	at(1, do_fill, OFF, PART, 2);
	at(0, do_check, 0, LEN, 1);
	at(0, do_mprotect, OFF, PART, RW);
	at(0, do_fill, OFF, PART, 3);
	at(1, do_check, OFF, PART, 2);
	at(2, do_check, OFF, PART, 1);
	UNSHARES("leave_mprotect", 1, SYS(mprotect(map + 2 * span, span, PROT_NONE)));
	each(do_check, 2 * span, span, 1);
	SYS(mprotect(map + 2 * span, span, RW));
	do_check(2 * span, span, 1);
}

static long do_mlock(long off, long len, long c)
{
	return SYS(mlock(map + off, len));
}

static void locked(void)
{
	family(3, LEN);
	UNSHARES("leave_mlock", 2, at(0, do_mlock, OFF, PART, 0));
	at(0, do_fill, OFF, PART, 2);
	only_one(0, OFF, PART, 2);
	leave_by_exit(0);
	/* what is locked is not shared from then on */
	SYS(mlock(map, span));
	team(1);
	at(3, do_fill, 0, span, 3);
	do_check(0, LEN, 1);
	SYS(munlock(map, span));
}

/* Hook: move_page_tables. */
static long do_move(long off, long len, long c)
{
	char *to = SYS(mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	SYS(mremap(map + off, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to));
	SYS(mremap(to, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, map + off));
	return 0;
}

static void moved(void)
{
	family(3, LEN);
	UNSHARES("leave_mremap", TABLES, at(0, do_move, 0, LEN, 0));
	each(do_check, 0, LEN, 1);
	do_move(OFF, PART, 0);
	only_one(-1, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
}

/* Hooks: madvise_dontneed_single_vma, zap_pte_range. */
static void given_up(void)
{
	family(4, LEN);
	UNSHARES("leave_madvise", 1, at(0, do_madvise, span, span, MADV_DONTNEED));
	only_one(0, span, span, 0);
	UNSHARES("leave_madvise", 2, at(1, do_madvise, OFF, PART, MADV_DONTNEED));
	only_one(0, span + span / 2, span / 2, 0);
	at(1, do_check, OFF, PART, 0);
	at(2, do_check, 0, LEN, 1);
	SYS(madvise(map, LEN, MADV_DONTNEED));
	do_check(0, LEN, 0);
	at(2, do_check, 0, LEN, 1);
	at(3, do_check, 0, LEN, 1);
}

static long do_try_madvise(long off, long len, long advice)
{
	return madvise(map + off, len, advice) ? errno : 0;
}

/* Hook: madvise_free_single_vma: what one gives up is the others' still. */
static void freed(void)
{
	family(3, LEN);
	if (madvise(map, 0, MADV_FREE))
		skip("no MADV_FREE");
	UNSHARES("leave_madvise", 2, at(0, do_madvise, OFF, PART, MADV_FREE));
	at(1, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
}

/* Hooks: madvise_cold_page_range, madvise_pageout_page_range. */
static void advised(void)
{
	family(3, LEN);
	UNSHARES("leave_madvise", 1, at(0, do_madvise, 0, span, MADV_COLD));
	UNSHARES("leave_madvise", 1, at(1, do_madvise, span, span, MADV_PAGEOUT));
	each(do_check, 0, LEN, 1);
	at(2, do_fill, 0, LEN, 2);
	only_one(2, 0, LEN, 2);
}

/* Hook: madvise_guard_install: a guard region is one process's. */
static void guarded(void)
{
	family(3, LEN);
	if (at(0, do_try_madvise, OFF, PART, MADV_GUARD_INSTALL))
		skip("no guard regions");
	at(0, do_reads, OFF, PART, SIGSEGV);
	at(0, do_check, 0, OFF, 1);
	at(1, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	at(0, do_madvise, OFF, PART, MADV_GUARD_REMOVE);
	only_one(0, OFF, PART, 0);
}

/* Each child has those that were there before it, for itself, and keeps them where only pages are to go. */
static void guards_inherited(void)
{
	own_memory(LEN);
	if (do_try_madvise(OFF, PART, MADV_GUARD_INSTALL))
		skip("no guard regions");
	team(2);
	each(do_reads, OFF, PART, SIGSEGV);
	each(do_check, 0, OFF, 1);
	at(0, do_madvise, OFF, PART, MADV_GUARD_REMOVE);
	at(0, do_check, OFF, PART, 0);
	at(1, do_reads, OFF, PART, SIGSEGV);
	do_reads(OFF, PART, SIGSEGV);
	at(1, do_madvise, 0, LEN, MADV_DONTNEED);
	at(1, do_reads, OFF, PART, SIGSEGV);
	at(1, do_check, 0, OFF, 0);
	do_reads(OFF, PART, SIGSEGV);
	do_check(0, OFF, 1);
}

/* What the child is not to have, or only empty. */
static void not_inherited(void)
{
	own_memory(LEN);
	SYS(madvise(map, span, 18 /* MADV_WIPEONFORK */));
	SYS(madvise(map + span, span, MADV_DONTFORK));
	team(2);
	each(do_check, 0, span, 0);
	each(do_reads, span, span, SIGSEGV);
	each(do_check, 2 * span, span, 1);
	do_check(0, LEN, 1);
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

/* Hook: __ksm_enter: who lets KSM change pages in all of his memory has tables of his own. */
static long do_merge_any(long a, long b, long c)
{
	return prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0) ? errno : 0;
}

static void merged(void)
{
	long given;

	family(3, LEN);
	if (at(1, do_merge_any, 0, 0, 0))
		skip("no KSM for all memory");
	given = shpte_counter("leave_ksm");
	if (!do_merge_any(0, 0, 0))
		FORK_GREW("leave_ksm", given, TABLES);
	each(do_check, 0, LEN, 1);
	/* and his children get none of them */
	given = shpte_counter("fork_shared");
	team(1);
	CHECK(shpte_counter("fork_shared") == given, "a fork shared %ld tables with KSM at work",
	      shpte_counter("fork_shared") - given);
	at(3, do_fill, 0, LEN, 2);
	only_one(3, 0, LEN, 2);
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

static void by_entries(void)
{
	skip("there is no choice");
}

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "read_by_all", read_by_all }, { "child_writes", child_writes }, { "parent_writes", parent_writes },
		{ "all_write", all_write }, { "all_write_at_once", all_write_at_once }, { "holes", holes },
		{ "last_keeps", last_keeps }, { "tree", fork_tree }, { "ends", ends }, { "execs", execs },
		{ "unmapped", unmapped }, { "mapped_over", mapped_over }, { "split", split }, { "protected", protected },
		{ "locked", locked }, { "moved", moved }, { "given_up", given_up }, { "freed", freed }, { "advised", advised },
		{ "guarded", guarded },
		{ "guards_inherited", guards_inherited },
		{ "not_inherited", not_inherited }, { "by_others", by_others }, { "rss", resident_set }, { "merged", merged },
		{ "with_threads", with_threads }, { "threads_fault", threads_fault }, { "small", small },
		{ "sparse", sparse },
	}, no_choice[] = { { "by_entries", by_entries } };
	int ret;

	if (argc && !strcmp(argv[0], "again"))
		return 0;
	share_small();
	if (!BY_ENTRIES)
		return RUN(cases);
	if (spit(SHPTE "/fork_pmd", "0"))
		return RUN(no_choice);
	ret = RUN(cases);
	spit(SHPTE "/fork_pmd", "1");
	return ret;
}
