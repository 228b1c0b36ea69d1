// SPDX-License-Identifier: GPL-2.0
/* One of a family changes its mapping of memory that a fork shared, or tells the kernel something of it; the others keep theirs. */
#include "family.h"

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

/* Hook: madvise_cold_or_pageout_pte_range: what others have by the same table it leaves alone, and the table is shared still. */
static void advised(void)
{
	long left;

	family(3, LEN);
	left = shpte_counter("leave_madvise");
	at(0, do_madvise, 0, span, MADV_COLD);
	at(1, do_madvise, span, span, MADV_PAGEOUT);
	CHECK(shpte_counter("leave_madvise") == left, "a shared table was left");
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

#ifndef BY_ENTRIES
#define BY_ENTRIES 0
#endif

int main(void)
{
	static const struct guest_case cases[] = {
		{ "unmapped", unmapped }, { "mapped_over", mapped_over }, { "split", split }, { "protected", protected },
		{ "locked", locked }, { "moved", moved }, { "given_up", given_up }, { "freed", freed }, { "advised", advised },
		{ "guarded", guarded }, { "guards_inherited", guards_inherited }, { "not_inherited", not_inherited },
		{ "merged", merged },
	};

	return RUN_FAMILY(cases, BY_ENTRIES);
}
