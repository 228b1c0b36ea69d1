// SPDX-License-Identifier: GPL-2.0
/* Private mappings that may only be read share their tables as well; a page of one's own is nobody else's. */
#include "disk.h"
#include "force.h"
#include "pagemap.h"

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 8)
#define WORD_THERE (OFF + 128)		/* a word that is zero in the file, in a page that is not */

/* n members who may only read a private mapping of the file; the conductor has the file itself. */
static void readers_of(int line, int fd, int n)
{
	long attaches = shpte_counter("attaches");

	guest->file = __FILE__;
	guest->line = line;
	file_fd = fd;
	file_len = LEN;
	team(n);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	team_each(do_map_private, 0, LEN, PROT_READ);
	team_each(do_check, 0, LEN, 1);
	counter_grew(__FILE__, line, "attaches", attaches, (n - 1) * TABLES);
}

#define readers(n) readers_of(__LINE__, file_in("/tmp", LEN), n)

/* Member `who` alone has this value in the word; all else is as in the file, for everybody. */
static void only(int who, long off, long value)
{
	for (int i = 0; i < members; i++)
		if (guest->slot[i].pid)
			at(i, do_expect, off, i == who ? value : 0, 0);
	each(do_check, 0, LEN, 1);
	do_expect(off, 0, 0);
	do_check(0, LEN, 1);
}

/* What all programs have mapped of a library is mapped once. */
static void one_table(void)
{
	const int n = 8;
	long kb, own = (n - 1) * TABLES * pagesz / 1024;

	readers(1);
	team(n - 1);
	for (int i = 1; i < n; i++)
		at(i, do_map_private, 0, LEN, PROT_READ);
	kb = meminfo("PageTables");
	for (int i = 1; i < n; i++)
		at(i, do_check, 0, LEN, 1);
	kb = meminfo("PageTables") - kb;
	if (shpte_on())
		CHECK(kb <= own / 2, "%d readers have %ld kB of page tables; if each had its own it were %ld kB", n, kb, own);
	do_fill(0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* Hook: vma_modify: who may write from now on has a table of its own. */
static void made_writable(void)
{
	long attaches;

	readers(3);
	LEAVES("leave_mprotect", TABLES, at(1, do_mprotect, 0, LEN, RW));
	at(1, do_fill, OFF, PART, 2);
	at(0, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	at(1, do_check, OFF, PART, 2);
	at(1, do_check, 0, OFF, 1);
	do_check(0, LEN, 1);
	/* Read-only again, it is still a mapping with pages of its own. */
	at(1, do_mprotect, 0, LEN, PROT_READ);
	at(1, do_madvise, span, span, MADV_DONTNEED);
	attaches = shpte_counter("attaches");
	at(1, do_check, span, span, 1);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "a mapping with pages of its own shares");
	at(1, do_check, OFF, PART, 2);
	do_fill(0, LEN, 3);
	at(0, do_check, 0, LEN, 3);
	at(2, do_check, 0, LEN, 3);
	at(1, do_check, OFF, PART, 2);
	at(1, do_check, span, span, 3);
}

static void part_made_writable(void)
{
	readers(3);
	LEAVES_SOMEHOW(1, at(1, do_mprotect, OFF, PART, RW));
	at(1, do_fill, OFF, PART, 2);
	at(0, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	at(1, do_check, OFF, PART, 2);
	at(1, do_check, OFF + PART, LEN - OFF - PART, 1);
}

/* Hook: __anon_vma_prepare: the first page of one's own.  A breakpoint must stop its subject alone. */
static void by_a_debugger(void)
{
	readers(3);
	LEAVES("leave_cow", 1, poke(1, WORD_THERE, 0x5a5a01));
	only(1, WORD_THERE, 0x5a5a01);
	/* The other table of the same mapping. */
	poke(1, WORD_THERE + span, 0x5a5a02);
	only(1, WORD_THERE + span, 0x5a5a02);
	/* The same page of another. */
	LEAVES("leave_cow", 1, poke(2, WORD_THERE, 0x5a5a03));
	at(0, do_expect, WORD_THERE, 0, 0);
	at(1, do_expect, WORD_THERE, 0x5a5a01, 0);
	at(2, do_expect, WORD_THERE, 0x5a5a03, 0);
	each(do_check, 0, LEN, 1);
}

static long fork_and_look(long off, long len, long c)
{
	pid_t pid = SYS(fork());

	if (!pid) {
		if (shpte_on())
			CHECK(!count_bit(0, span, PM_PRESENT), "entries of a shared table of the file were copied");
		do_expect(WORD_THERE + span, 0x5a5a01, 0);
		do_check(0, LEN, 1);
		_exit(0);
	}
	reap(pid);
	return 0;
}

/* Hook: copy_pmd_range: a mapping with a page of its own is copied, but of what others can change nothing is. */
static void copied(void)
{
	readers(3);
	poke(1, WORD_THERE + span, 0x5a5a01);
	at(1, fork_and_look, 0, LEN, 0);
	only(1, WORD_THERE + span, 0x5a5a01);
}

static void by_proc_mem(void)
{
	readers(4);
	LEAVES("leave_cow", 1, force(0, WORD_THERE, 0x7701));
	only(0, WORD_THERE, 0x7701);
	LEAVES("leave_cow", 1, at(3, do_force, WORD_THERE + pagesz, 0x7702, 0));
	only(3, WORD_THERE + pagesz, 0x7702);
	/* Where nothing was mapped yet. */
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, span, PART));
	LEAVES("leave_cow", 1, force(1, span, 0x7703));
	for (int i = 0; i < 4; i++)
		at(i, do_expect, span, i == 1 ? 0x7703 : 0, 0);
	at(2, do_check, span, PART, 0);
	at(0, do_check, span, PART, 0);
}

/*
 * Two threads in one new mapping: one reads, and so attaches, while the other gets itself a page in the same
 * table.  Whichever is first, the page must be there in the end, and nowhere else.
 */
static atomic_int go, gone;

static void *read_along(void *rounds)
{
	pin(1, 0, 0);
	for (long i = 1; i <= (long)rounds; i++) {
		spin_until(&go, i);
		for (long page = 0; page < LEN; page += span / 8)
			(void)*(volatile uint32_t *)(map + page);
		do_check(0, LEN, 1);
		gone = i;
	}
	return NULL;
}

static long read_and_force(long rounds, long b, long c)
{
	pthread_t reader;

	pin(0, 0, 0);
	CHECK(!pthread_create(&reader, NULL, read_along, (void *)rounds), "no thread");
	for (long i = 1; i <= rounds; i++) {
		long off = WORD_THERE + i % TABLES * span + i % 7 * pagesz;

		SYS(munmap(map, LEN));
		do_map_private(0, LEN, PROT_READ);
		go = i;
		for (volatile long spin = i % 5 * 300; spin > 0; spin--)
			;
		do_force(off, i, 0);
		spin_until(&gone, i);
		do_expect(off, i, 0);
		do_check(0, LEN, 1);
	}
	pthread_join(reader, NULL);
	return 0;
}

static void two_threads_rounds(long rounds)
{
	readers(3);
	at(1, read_and_force, rounds, 0, 0);
	for (long page = 0; page < PART; page += pagesz)
		for (int i = 0; i < 3; i += 2)
			for (int t = 0; t < TABLES; t++)
				at(i, do_expect, WORD_THERE + t * span + page % (7 * pagesz), 0, 0);
	do_check(0, LEN, 1);
}

static void two_threads(void)
{
	two_threads_rounds(25);
}

/* The same where who attaches has looked at the mapping, and waits, while the other one gets his page. */
static void two_threads_late(void)
{
	if (spit(SHPTE "/delay_us", "1000"))
		skip("no delays");
	two_threads_rounds(150);
	spit(SHPTE "/delay_us", "0");
}

/* What others write into the file is seen wherever one has no page of one's own, as ever. */
static void file_changes(void)
{
	char *page = malloc(pagesz);

	readers(3);
	force(1, WORD_THERE, 0x33);
	do_fill(0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	at(1, do_check, OFF, pagesz, 1);
	at(1, do_check, OFF + pagesz, LEN - OFF - pagesz, 2);
	memset(page, 0xa5, pagesz);
	for (long off = OFF; off < OFF + 2 * pagesz; off += pagesz)
		CHECK(pwrite(file_fd, page, pagesz, off) == pagesz, "write: %s", strerror(errno));
	for (int i = 0; i < 3; i++) {
		at(i, do_expect, WORD_THERE, i == 1 ? 0x33 : (long)0xa5a5a5a5a5a5a5a5ull, 0);
		at(i, do_expect, WORD_THERE + pagesz, (long)0xa5a5a5a5a5a5a5a5ull, 0);
	}
}

/* A child has what its parent has made its own; from then on each its own. */
static long fork_and_force(long forced, long b, long c)
{
	pid_t pid;

	if (forced)
		do_force(WORD_THERE, 1, 0);
	pid = SYS(fork());
	if (!pid) {
		do_expect(WORD_THERE, forced, 0);
		do_force(WORD_THERE, 2, 0);
		do_force(WORD_THERE + span, 3, 0);
		do_expect(WORD_THERE, 2, 0);
		do_check(0, LEN, 1);
		_exit(0);
	}
	do_check(0, LEN, 1);
	reap(pid);
	do_expect(WORD_THERE, forced, 0);
	do_expect(WORD_THERE + span, 0, 0);
	do_check(0, LEN, 1);
	return 0;
}

static void forked(void)
{
	readers(4);
	at(1, fork_and_force, 0, 0, 0);
	only(-1, WORD_THERE, 0);
	at(2, fork_and_force, 1, 0, 0);
	only(2, WORD_THERE, 1);
	at(3, fork_and_force, 1, 0, 0);
	at(1, fork_and_force, 1, 0, 0);
	at(0, do_expect, WORD_THERE, 0, 0);
	each(do_check, 0, LEN, 1);
}

/*
 * A neighbour with pages of its own becomes one with what shares: from then on all of it may get such pages
 * without any further preparation.  Hooks: vma_merge and whoever puts an anonymous page into a table.
 */
static long merge_and_force(long neighbour, long off, long value)
{
	do_mprotect(neighbour, span, RW);
	*(volatile long *)(map + neighbour + 128) = 7;
	do_mprotect(neighbour, span, PROT_READ);
	do_check(0, LEN, 1);
	do_force(off, value, 0);
	do_expect(off, value, 0);
	do_expect(neighbour + 128, 7, 0);
	return 0;
}

static void merged(void)
{
	readers(4);
	at(1, merge_and_force, span, WORD_THERE, 0x11);
	only(1, WORD_THERE, 0x11);
	at(2, merge_and_force, 0, WORD_THERE + span, 0x22);
	only(2, WORD_THERE + span, 0x22);
	at(0, do_expect, 128, 0, 0);
	at(3, do_expect, span + 128, 0, 0);
}

/* To give one's own page up is to see the file's again. */
static void given_up(void)
{
	readers(3);
	force(1, WORD_THERE, 0x44);
	at(1, do_madvise, OFF, pagesz, MADV_DONTNEED);
	only(-1, WORD_THERE, 0);
	force(1, WORD_THERE, 0x45);
	at(1, do_madvise, 0, LEN, MADV_DONTNEED);
	only(-1, WORD_THERE, 0);
	/* Who has none gives up a table that others use. */
	LEAVES("leave_madvise", TABLES, at(2, do_madvise, 0, LEN, MADV_DONTNEED));
	only(-1, WORD_THERE, 0);
}

/* Beyond the end of the file there is nothing, not even a page of one's own; in a hole that is kept. */
static void truncated(void)
{
	readers(4);
	force(1, WORD_THERE, 0x55);
	force(1, WORD_THERE + span, 0x55);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	for (int i = 0; i < 4; i++) {
		at(i, do_expect, WORD_THERE, i == 1 ? 0x55 : 0, 0);
		at(i, do_check, OFF + pagesz, PART - pagesz, 0);
		at(i, do_check, 0, OFF, 1);
	}
	SYS(ftruncate(file_fd, span));
	each(do_reads, span, span, SIGBUS);
	each(do_check, 0, OFF, 1);
	SYS(ftruncate(file_fd, LEN));
	each(do_check, span, span, 0);
	do_fill(0, LEN, 2);
	for (int i = 0; i < 4; i++) {
		at(i, do_check, 0, OFF, 2);
		at(i, do_check, OFF + pagesz, LEN - OFF - pagesz, 2);
	}
}

/* Hook: try_to_unmap_one: what is taken from one is taken from all; one's own page goes to swap for oneself. */
static void reclaimed(void)
{
	long there = LEN;

	enter_cgroup();
	swap_on();
	readers(4);
	force(1, WORD_THERE, 0x66);
	SYS(munmap(map, LEN));
	for (int i = 0; i < 40 && there > LEN / pagesz * 2 / 3; i++) {
		reclaim(LEN / 4);
		there = at(0, do_resident, 0, LEN, 0);
	}
	CHECK(there <= LEN / pagesz * 2 / 3, "nothing was reclaimed: %ld of %ld pages are in memory", there, LEN / pagesz);
	do_map(0, LEN, RW);
	only(1, WORD_THERE, 0x66);
	dismiss();
	SYS(swapoff(SWAP));
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "one_table", one_table }, { "made_writable", made_writable },
		{ "part_made_writable", part_made_writable }, { "by_a_debugger", by_a_debugger },
		{ "by_proc_mem", by_proc_mem }, { "two_threads", two_threads },
		{ "two_threads_late", two_threads_late }, { "file_changes", file_changes },
		{ "forked", forked }, { "copied", copied }, { "merged", merged }, { "given_up", given_up }, { "truncated", truncated },
		{ "reclaimed", reclaimed },
	};

	return RUN(cases);
}
