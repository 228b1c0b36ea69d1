// SPDX-License-Identifier: GPL-2.0
/* Moving, growing and shrinking one sharer's mapping: page tables move with it, but not those of others. */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)

static char *old_map;

static long do_old_reads(long off, long len, long want)
{
	for_each_page(page, off, len) {
		int sig = probe(old_map + page, 0);

		CHECK(sig == want, "old offset 0x%lx: signal %d, not %ld", page, sig, want);
	}
	return 0;
}

static long old_check(long off, long len, long gen)
{
	char *now = map;

	map = old_map;
	do_check(off, len, gen);
	map = now;
	return 0;
}

/* Moves [off, off + len) to a fresh place that is `shift` bytes off the alignment that sharing needs. */
static long move(long off, long len, long shift)
{
	char *to = room(len, (off + shift) % span), *p;

	p = SYS(mremap(map + off, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to));
	CHECK(p == to, "it moved to %p, not to %p", p, to);
	old_map = map;
	map = p - off;
	return 0;
}

/*
 * What a table that moved with its owner, or stayed behind, would get wrong: a change in place (a hole that is
 * punched) must reach the mapping where it is now.
 */
static void after_move(long off, long len)
{
	at(1, do_old_reads, off, len, SIGSEGV);
	at(1, do_check, off, len, 1);
	at(0, do_fill, 0, LEN, 2);
	at(1, do_check, off, len, 2);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len));
	at(1, do_check, off, len, 0);
	at(1, do_fill, off, len, 3);
	at(0, do_check, off, len, 3);
	at(2, do_check, off, len, 3);
	at(1, do_old_reads, off, len, SIGSEGV);
}

/* Hooks: move_vma and move_page_tables, of which move_normal_pmd takes this case: whole aligned tables. */
static void move_whole(void)
{
	shared(3, LEN);
	LEAVES("leave_mremap", TABLES, at(1, move, 0, LEN, 0));
	after_move(0, LEN);
}

/* move_ptes takes these: the entries are moved one by one, and must be the mover's own. */
static void move_misaligned(void)
{
	shared(3, LEN);
	LEAVES("leave_mremap", TABLES, at(1, move, 0, LEN, 3 * pagesz));
	after_move(0, LEN);
}

static void move_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, move, span / 2, span, 0));
	after_move(span / 2, span);
}

static void move_one_table(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, move, span, span, 0));
	after_move(span, span);
}

/* The maker of the tables moves, then another: the tables that are left belong to who is left. */
static void move_all_in_turn(void)
{
	shared(3, LEN);
	each(move, 0, LEN, 0);
	each(do_check, 0, LEN, 1);
	for (int i = 0; i < 3; i++) {
		at(i, do_fill, 0, LEN, 2 + i);
		each(do_check, 0, LEN, 2 + i);
	}
	each(do_old_reads, 0, LEN, SIGSEGV);
}

/* The place that it moves to is taken, by tables that are shared as well: those are left first. */
static long move_over(long off, long len, long shift)
{
	char *other = map_shared_aligned(file_fd, 0, LEN, RW);

	for (long page = 0; page < LEN; page += pagesz)
		(void)*(volatile char *)(other + page);
	CHECK(mremap(map + off, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, other + off + shift) != MAP_FAILED,
	      "mremap: %s", strerror(errno));
	old_map = map;
	map = other + shift;
	return 0;
}

static void over_shared(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(2, at(1, move_over, 0, span, 0));
	each(do_check, 0, LEN, 1);
	LEAVES_SOMEHOW(2, at(2, move_over, span, span, pagesz));
	at(2, do_check, span, span, 1);
	at(2, do_fill, span, span, 2);
	at(0, do_check, span, span, 2);
	at(1, do_check, span, span, 2);
	at(0, do_check, 0, span, 1);
	at(0, do_check, 2 * span, span, 1);
}

static long resize(long len, long to, long flags)
{
	old_map = map;
	map = SYS(mremap(map, len, to, flags));
	return 0;
}

/* Hook: vma_adjust_trans_huge in vma_shrink and __split_vma; the rest goes by munmap. */
static void shrink(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(2, at(1, resize, LEN, span + span / 2, 0));
	at(1, do_check, 0, span + span / 2, 1);
	at(1, do_reads, span + span / 2, span / 2, SIGSEGV);
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	at(1, do_check, 0, span + span / 2, 2);
}

/* In place where the room behind is free. */
static void grow(void)
{
	shared(3, LEN);
	SYS(ftruncate(file_fd, 2 * LEN));
	at(1, resize, LEN, 2 * LEN, 0);
	at(1, do_check, 0, LEN, 1);
	at(1, do_check, LEN, LEN, 0);
	at(1, do_fill, 0, 2 * LEN, 2);
	at(0, do_check, 0, LEN, 2);
	/* Two that have grown share what is new. */
	at(2, resize, LEN, 2 * LEN, 0);
	at(2, do_check, 0, 2 * LEN, 2);
	at(2, do_fill, 0, 2 * LEN, 3);
	at(1, do_check, 0, 2 * LEN, 3);
	at(0, do_check, 0, LEN, 3);
}

/* A page that keeps the mapping from growing where it is. */
static long block(long off, long b, long c)
{
	SYS(mmap(map + off, pagesz, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	return 0;
}

static void grow_by_move(void)
{
	shared(3, LEN);
	SYS(ftruncate(file_fd, 2 * LEN));
	at(1, block, LEN, 0, 0);
	LEAVES("leave_mremap", TABLES, at(1, resize, LEN, 2 * LEN, MREMAP_MAYMOVE));
	at(1, do_old_reads, 0, LEN, SIGSEGV);
	at(1, do_check, 0, LEN, 1);
	at(1, do_check, LEN, LEN, 0);
	at(1, do_fill, 0, 2 * LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

/* Old size 0 makes a second mapping of the same: with shared tables one more sharer, or two in one process. */
static long duplicate(long a, long b, long c)
{
	char *to = room(LEN, 0);

	old_map = map;
	map = SYS(mremap(map, 0, LEN, MREMAP_MAYMOVE | MREMAP_FIXED, to));
	return 0;
}

static void old_size_0(void)
{
	shared(3, LEN);
	at(1, duplicate, 0, 0, 0);
	at(1, do_check, 0, LEN, 1);
	at(1, old_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	at(1, old_check, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(1, do_munmap, 0, LEN, 0);
	at(1, old_check, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

/* The old mapping stays, emptied, and is filled from the file again. */
static long dont_unmap(long a, long b, long c)
{
	char *to = room(LEN, 0);
	char *p = mremap(map, LEN, LEN, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to);

	if (p == MAP_FAILED && errno == EINVAL)
		return -1;
	CHECK(p == to, "mremap: %s", strerror(errno));
	old_map = map;
	map = p;
	return 0;
}

static void dontunmap(void)
{
	shared(3, LEN);
	if (at(1, dont_unmap, 0, 0, 0))
		skip("this kernel keeps private anonymous mappings only");
	at(1, old_check, 0, LEN, 1);
	at(1, do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	at(1, old_check, 0, LEN, 2);
	at(1, do_check, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

/* To and fro without an end while others write. */
static long move_often(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++) {
		move(0, LEN, i % 3 == 2 ? pagesz : 0);
		do_check(i % TABLES * span, span, 1);
		do_fill(i % TABLES * span, span / 8, 1);
	}
	return 0;
}

static long write_often(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++)
		do_fill(0, LEN, 1);
	return 0;
}

static void while_others_write(void)
{
	shared(4, LEN);
	here();
	for (int i = 0; i < 4; i++)
		order(i, i < 2 ? move_often : write_often, 20, 0, 0);
	for (int i = 0; i < 4; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "move_whole", move_whole }, { "move_misaligned", move_misaligned }, { "move_part", move_part },
		{ "move_one_table", move_one_table }, { "move_all_in_turn", move_all_in_turn },
		{ "over_shared", over_shared }, { "shrink", shrink }, { "grow", grow },
		{ "grow_by_move", grow_by_move }, { "old_size_0", old_size_0 }, { "dontunmap", dontunmap },
		{ "while_others_write", while_others_write },
	};

	return RUN(cases);
}
