// SPDX-License-Identifier: GPL-2.0
/*
 * Something else is mapped over a part of what is shared.  This is Ray Bryant's finding of 2006: a child's
 * MAP_FIXED over part of a shared table changed the parent's page table entries.
 */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span + span / 4)
#define PART (span / 4)

/* Member `who` has something of its own in the part, in generation gen; the others have the file there. */
static void apart(int who, long gen)
{
	for (int i = 0; i < members; i++) {
		at(i, do_check, 0, OFF, 1);
		at(i, do_check, OFF, PART, i == who ? gen : 1);
		at(i, do_check, OFF + PART, LEN - OFF - PART, 1);
	}
	/* All of them write to all of it: what was apart stays apart. */
	at(who, do_fill, OFF, PART, 5);
	for (int i = 0; i < members; i++)
		if (i != who)
			at(i, do_check, OFF, PART, 1);
	at(!who, do_fill, OFF, PART, 6);
	at(who, do_check, OFF, PART, 5);
	at(who, do_fill, 0, OFF, 7);
	at(!who, do_check, 0, OFF, 7);
	at(!who, do_fill, OFF + PART, LEN - OFF - PART, 8);
	at(who, do_check, OFF + PART, LEN - OFF - PART, 8);
}

static long map_anon(long off, long len, long flags)
{
	SYS(mmap(map + off, len, RW, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	do_check(off, len, 0);
	do_fill(off, len, 2);
	return 0;
}

/* Hooks: zap_pte_range in own context, vma_adjust_trans_huge. */
static void private_anon(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_anon, OFF, PART, MAP_PRIVATE));
	apart(1, 2);
}

static void by_the_maker(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(0, map_anon, OFF, PART, MAP_PRIVATE));
	apart(0, 2);
}

static void shared_anon(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_anon, OFF, PART, MAP_SHARED));
	apart(1, 2);
}

static long map_other_file(long off, long len, long flags)
{
	int fd = file_in("/tmp", LEN);

	SYS(mmap(map + off, len, RW, flags | MAP_FIXED, fd, off));
	do_check(off, len, 0);
	do_fill(off, len, 2);
	return 0;
}

static void other_file(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_other_file, OFF, PART, MAP_SHARED));
	apart(1, 2);
}

static void other_file_private(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_other_file, OFF, PART, MAP_PRIVATE));
	apart(1, 2);
}

/* Whole tables, with nothing to split at their ends but the vma. */
static void whole_table(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_anon, span, span, MAP_PRIVATE));
	at(0, do_fill, span, span, 3);
	at(1, do_check, span, span, 2);
	at(2, do_check, span, span, 3);
	each(do_check, 0, span, 1);
	each(do_check, 2 * span, span, 1);
}

static void everything(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(TABLES, at(1, map_anon, 0, LEN, MAP_PRIVATE));
	at(0, do_fill, 0, LEN, 3);
	at(1, do_check, 0, LEN, 2);
	at(2, do_check, 0, LEN, 3);
}

/* The parent maps over its part before or after the child, which has everything by fork, at the same address. */
static void parent_and_child(void)
{
	for (int parent_first = 0; parent_first < 2; parent_first++) {
		int me_too = members;

		file_fd = file_in("/tmp", LEN);
		do_map(0, LEN, RW);
		do_fill(0, LEN, 1);
		team(1);
		at(me_too, do_check, 0, LEN, 1);
		if (parent_first) {
			map_anon(OFF, PART, MAP_PRIVATE);
			at(me_too, do_check, 0, LEN, 1);
			at(me_too, do_fill, 0, LEN, 3);
			do_check(OFF, PART, 2);
			do_check(0, OFF, 3);
		} else {
			at(me_too, map_anon, OFF, PART, MAP_PRIVATE);
			do_check(0, LEN, 1);
			do_fill(0, LEN, 3);
			at(me_too, do_check, OFF, PART, 2);
			at(me_too, do_check, 0, OFF, 3);
		}
		do_munmap(0, LEN, 0);
	}
}

/* The same file, one span further on: what belongs to other offsets must not appear in the others. */
static long map_shifted_on(long off, long len, long by)
{
	SYS(mmap(map + off, len, RW, MAP_SHARED | MAP_FIXED, file_fd, off + by));
	for_each_page(page, off, len)
		CHECK(*(volatile uint32_t *)(map + page) == pattern(page + by, 1), "offset 0x%lx is not that of 0x%lx on",
		      page, by);
	return 0;
}

static void same_file_elsewhere(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, map_shifted_on, OFF, PART, span));
	LEAVES_SOMEHOW(1, at(2, map_shifted_on, 0, span, 2 * span));
	at(0, do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	at(1, do_check, 0, OFF, 2);
	at(2, do_check, span, LEN - span, 2);
}

/* remap_file_pages() is MAP_FIXED in other clothes. */
static long remap_pages(long off, long len, long to)
{
	SYS(remap_file_pages(map + off, len, 0, to / pagesz, 0));
	for_each_page(page, 0, len)
		CHECK(*(volatile uint32_t *)(map + off + page) == pattern(to + page, 1), "offset 0x%lx is not remapped", off + page);
	return 0;
}

static void remap_file_pages_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, remap_pages, OFF, PART, 2 * span + PART));
	at(0, do_check, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	at(1, do_check, 0, OFF, 1);
	at(1, do_check, OFF + PART, LEN - OFF - PART, 1);
}

/* The same part of the same file again, as if nothing had been: it may share anew. */
static long map_again(long off, long len, long c)
{
	SYS(mmap(map + off, len, RW, MAP_SHARED | MAP_FIXED, file_fd, off));
	do_check(0, LEN, 1);
	return 0;
}

static void back_again(void)
{
	shared(3, LEN);
	at(1, map_anon, OFF, PART, MAP_PRIVATE);
	at(1, map_again, OFF, PART, 0);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(0, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "private_anon", private_anon }, { "by_the_maker", by_the_maker }, { "shared_anon", shared_anon },
		{ "other_file", other_file }, { "other_file_private", other_file_private },
		{ "whole_table", whole_table }, { "everything", everything }, { "parent_and_child", parent_and_child },
		{ "same_file_elsewhere", same_file_elsewhere }, { "remap_file_pages", remap_file_pages_part },
		{ "back_again", back_again },
	};

	return RUN(cases);
}
