// SPDX-License-Identifier: GPL-2.0
/* munmap() of all or a part by one sharer is nothing to the others. */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)

/*
 * Member 1 unmaps [off, off + len).  It has nothing there any more; the others see everything as before,
 * and each other's writes; and what is left to member 1 is still the file.
 */
static void unmap_part(long off, long len)
{
	at(1, do_munmap, off, len, 0);
	at(1, do_reads, off, len, SIGSEGV);
	at(0, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	at(2, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(1, do_check, 0, off, 2);
	at(1, do_check, off + len, LEN - off - len, 2);
	at(1, do_fill, 0, off, 3);
	at(1, do_fill, off + len, LEN - off - len, 3);
	for (int i = 0; i < 3; i += 2) {
		at(i, do_check, 0, off, 3);
		at(i, do_check, off, len, 2);
		at(i, do_check, off + len, LEN - off - len, 3);
	}
	at(1, do_reads, off, len, SIGSEGV);
}

/* Hook: zap_pte_range, own context.  Without it the pages are zapped, and the table freed, under the others. */
static void whole(void)
{
	shared(3, LEN);
	LEAVES("leave_munmap", TABLES, unmap_part(0, LEN));
}

static void first_tables(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(2, unmap_part(0, 2 * span));
}

static void last_tables(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(2, unmap_part(LEN - 2 * span, 2 * span));
}

/* Hook: vma_adjust_trans_huge (__split_vma, vma_shrink).  A table that its vma no longer covers must be left. */
static void head(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, unmap_part(0, span / 2));
}

static void tail(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, unmap_part(LEN - span / 4, span / 4));
}

static void middle(void)
{
	shared(3, LEN);
	/* Hook: __split_vma: the table goes before the boundary comes to lie inside it. */
	LEAVES("leave_split", 1, unmap_part(span + span / 4, span / 4));
}

static void across_tables(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(3, unmap_part(span / 2, 2 * span));
}

static void one_page(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, unmap_part(2 * span + 5 * pagesz, pagesz));
}

/* One after the other until the last, who is alone then, and unmaps too; then all map it anew and share again. */
static void until_last(void)
{
	long attaches;

	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		at(i, do_munmap, 0, LEN, 0);
		at(i, do_reads, 0, LEN, SIGSEGV);
		for (int j = i + 1; j < 3; j++)
			at(j, do_check, 0, LEN, 1 + i);
		if (i < 2)
			at(2, do_fill, 0, LEN, 2 + i);
	}
	attaches = shpte_counter("attaches");
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 3);
	GREW("attaches", attaches, 2 * TABLES);
	at(0, do_fill, 0, LEN, 4);
	each(do_check, 0, LEN, 4);
}

static long page_table_kb(long a, long b, long c)
{
	return own_status("VmPTE");
}

/* Hook: free_pte_range, mm_dec_nr_ptes.  Every sharer counts the table as its own: VmPTE comes and goes with it. */
static void own_page_tables(void)
{
	long one, with, without;

	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		with = at(i, page_table_kb, 0, 0, 0);
		at(i, do_munmap, 0, LEN, 0);
		without = at(i, page_table_kb, 0, 0, 0);
		/* It may have been the only mapping of a higher table, which then goes too. */
		CHECK(with - without >= TABLES, "VmPTE of member %d went from %ld to %ld kB", i, with, without);
		at(i, do_map, 0, LEN, RW);
		at(i, do_check, 0, LEN, 1);
		one = at(i, page_table_kb, 0, 0, 0);
		CHECK(one - without >= TABLES, "VmPTE of member %d went from %ld to %ld kB", i, without, one);
	}
}

/* A thread that reads one word all the time, and says what it saw at last. */
static atomic_int reader_stop;
static atomic_uint reader_saw;

static void *reader(void *page)
{
	pin(1, 0, 0);
	while (!reader_stop)
		reader_saw = *(volatile uint32_t *)page;
	return NULL;
}

/*
 * Another file takes the place at once, by MAP_FIXED, which is munmap and mmap in one; a thread on another
 * CPU that reads on all the time must see it.
 * Rule R4: whoever leaves flushes its own TLBs, and what they know of page tables, before it goes.
 */
static long replace_while_read(long off, long len, long other_fd)
{
	pthread_t thread;

	pin(0, 0, 0);
	CHECK(!pthread_create(&thread, NULL, reader, map + off), "no thread");
	for (int i = 0; i < 20; i++) {
		int fd = i % 2 ? file_fd : other_fd;
		uint32_t want = pattern(off, i % 2 ? 1 : 9);

		SYS(mmap(map + off, len, RW, MAP_SHARED | MAP_FIXED, fd, off));
		(void)*(volatile uint32_t *)(map + off);
		reader_saw = 0;
		for (int n = 0; !reader_saw; n++)
			relax();
		/* What it read before the line above may come late; but not twice. */
		reader_saw = 0;
		while (!reader_saw)
			relax();
		CHECK(reader_saw == want, "round %d: the other CPU sees %08x, not %08x", i, reader_saw, want);
	}
	reader_stop = 1;
	pthread_join(thread, NULL);
	return 0;
}

static void other_cpu(void)
{
	int other = file_in("/tmp", LEN);
	char *kept;

	map = map_shared_aligned(other, 0, LEN, RW);
	do_fill(0, LEN, 9);
	kept = map;
	shared(3, LEN);
	at(1, replace_while_read, span, span, other);
	each(do_check, 0, LEN, 1);
	SYS(munmap(kept, LEN));
}

/* One maps and unmaps all the time while the others go on; each round it must see the others' last words. */
static long unmap_often(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++) {
		do_munmap(0, LEN, 0);
		do_map(0, LEN, RW);
		do_check(i % TABLES * span, span / 8, 1);
	}
	return 0;
}

static long check_often(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++) {
		do_fill(i % TABLES * span + me * span / 4, span / 16, 1);
		do_check(0, LEN, 1);
	}
	return 0;
}

static void often(void)
{
	shared(4, LEN);
	here();
	order(0, unmap_often, 30, 0, 0);
	order(1, unmap_often, 30, 0, 0);
	order(2, check_often, 10, 0, 0);
	order(3, check_often, 10, 0, 0);
	for (int i = 0; i < 4; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
}

/* One munmap() over several mappings of the file and of others, with holes between them. */
static long unmap_all_at_once(long off, long len, long c)
{
	char *p = room(5 * span, 0);

	SYS(mmap(p, 2 * span, RW, MAP_SHARED | MAP_FIXED, file_fd, 0));
	SYS(mmap(p + 2 * span, span / 2, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	SYS(mmap(p + 3 * span, len - 2 * span, RW, MAP_SHARED | MAP_FIXED, file_fd, 2 * span));
	for (char *at = p; at < p + 2 * span; at += pagesz)
		(void)*(volatile char *)at;
	memset(p + 2 * span, 1, pagesz);
	(void)*(volatile char *)(p + 3 * span);
	return SYS(munmap(p + span / 2, 4 * span));
}

static void several_mappings(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(3, at(1, unmap_all_at_once, 0, LEN, 0));
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "whole", whole }, { "first_tables", first_tables }, { "last_tables", last_tables },
		{ "head", head }, { "tail", tail }, { "middle", middle }, { "across_tables", across_tables },
		{ "one_page", one_page }, { "until_last", until_last }, { "own_page_tables", own_page_tables },
		{ "other_cpu", other_cpu }, { "often", often }, { "several_mappings", several_mappings },
	};

	return RUN(cases);
}
