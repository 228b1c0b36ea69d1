// SPDX-License-Identifier: GPL-2.0
/* What is cut out of the file goes from every sharer at once, from its tables and from its CPU's TLB. */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span + span / 2)
#define PART (span / 4)

static void punch(long off, long len)
{
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len));
}

/* Hooks: unmap_mapping_range_tree, zap_pte_range in the context of a truncation: in place, and then all flush. */
static void hole(void)
{
	long zaps;

	shared(4, LEN);
	zaps = shpte_counter("in_place_zaps");
	punch(OFF, PART);
	each(do_check, OFF, PART, 0);
	each(do_check, 0, OFF, 1);
	each(do_check, OFF + PART, LEN - OFF - PART, 1);
	GREW("in_place_zaps", zaps, 1);
	at(2, do_fill, OFF, PART, 2);
	each(do_check, OFF, PART, 2);
}

static void hole_of_everything(void)
{
	shared(3, LEN);
	punch(0, LEN);
	each(do_check, 0, LEN, 0);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

static void hole_across_tables(void)
{
	shared(3, LEN);
	punch(span - 5 * pagesz, span + 10 * pagesz);
	each(do_check, span - 5 * pagesz, span + 10 * pagesz, 0);
	each(do_check, 0, span - 5 * pagesz, 1);
	each(do_check, 2 * span + 5 * pagesz, span - 5 * pagesz, 1);
}

/* Less than a page is zeroed in place. */
static void hole_in_a_page(void)
{
	shared(3, LEN);
	punch(OFF + 8, pagesz / 2);
	for (int i = 0; i < 3; i++) {
		at(i, do_check, 0, OFF, 1);
		at(i, do_check, OFF + pagesz, LEN - OFF - pagesz, 1);
	}
	do_map(0, LEN, RW);
	CHECK(*(uint32_t *)(map + WORD(OFF, 0)) == pattern(WORD(OFF, 0), 1), "the page's first word is lost");
	CHECK(*(uint32_t *)(map + WORD(OFF, 1)) == 0, "the page's middle is not zero");
	CHECK(*(uint32_t *)(map + WORD(OFF, 2)) == pattern(WORD(OFF, 2), 1), "the page's last word is lost");
}

/* Two sharers in one process have two addresses to be flushed. */
static void hole_in_two_mappings(void)
{
	shared(2, LEN);
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 1);
	punch(OFF, PART);
	each(do_check, OFF, PART, 0);
	at(0, do_fill, OFF, PART, 2);
	each(do_check, 0, OFF, 1);
	each(do_check, OFF, PART, 2);
}

static void smaller_and_larger(void)
{
	shared(4, LEN);
	SYS(ftruncate(file_fd, OFF));
	each(do_check, 0, OFF, 1);
	each(do_reads, LEN - PART, PART, SIGBUS);
	each(do_writes, OFF, PART, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	each(do_check, 0, OFF, 1);
	each(do_check, OFF, LEN - OFF, 0);
	at(3, do_fill, OFF, PART, 2);
	each(do_check, OFF, PART, 2);
	SYS(ftruncate(file_fd, 0));
	each(do_reads, 0, span, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	each(do_check, 0, LEN, 0);
	at(0, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
}

/* The page that the new end cuts keeps its head, in everybody's sight, and has zeros behind it. */
static void end_in_a_page(void)
{
	shared(3, LEN);
	SYS(ftruncate(file_fd, OFF + 8));
	each(do_check, 0, OFF, 1);
	each(do_reads, OFF, pagesz, 0);
	each(do_reads, OFF + pagesz, PART, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	do_map(0, LEN, RW);
	CHECK(*(uint32_t *)(map + WORD(OFF, 0)) == pattern(WORD(OFF, 0), 1), "what is before the end is lost");
	CHECK(*(uint32_t *)(map + WORD(OFF, 1)) == 0, "what is behind the end is not zero");
}

/* Sharers that touch all the time while the file's end runs to and fro: a byte is its pattern, or zero, or SIGBUS. */
static long touch_on(long off, long len, long gen)
{
	pin(1 + me % 3, 0, 0);
	while (!guest->word[0])
		for (long page = off; page < off + len; page += pagesz) {
			volatile uint32_t *word = (uint32_t *)(map + WORD(page, 1));
			uint32_t have, want = pattern(WORD(page, 1), gen);
			int sig = sigsetjmp(probe_env, 0);

			if (!sig) {
				probing = 1;
				have = *word;
				CHECK(!have || have == want, "offset 0x%lx has %08x", WORD(page, 1), have);
				if (page % (8 * pagesz) == 0)
					*word = want;
			}
			probing = 0;
			CHECK(!sig || sig == SIGBUS, "signal %d at offset 0x%lx", sig, page);
		}
	return 0;
}

static void while_touching(void)
{
	shared(4, LEN);
	here();
	for (int i = 0; i < 4; i++)
		order(i, touch_on, i % 2 * span, LEN - i % 2 * span, 1);
	for (int i = 0; i < 12; i++) {
		SYS(ftruncate(file_fd, (i * 7 % 16) * (LEN / 16) + i * 100));
		pause_ms(2);
		SYS(ftruncate(file_fd, LEN));
		punch(i * 5 % 16 * (LEN / 16), LEN / 16);
	}
	guest->word[0] = 1;
	for (int i = 0; i < 4; i++)
		finish(i);
	SYS(ftruncate(file_fd, 0));
	each(do_reads, 2 * span, span, SIGBUS);
}

/*
 * The readers run on their own CPUs without a pause, so that no context switch flushes a TLB for us.  After
 * the hole and the write into the fresh page behind it, whoever still sees the old page has a stale entry.
 * word[0]: rounds written; word[1 + i]: rounds that reader i has seen.
 */
#define ROUNDS 12

static long watch(long off, long b, long c)
{
	volatile uint32_t *word = (uint32_t *)(map + off);

	pin(1 + me, 0, 0);
	for (int round = 1; round <= ROUNDS; round++) {
		uint32_t have;

		/* While there is no page, there may be SIGBUS. */
		while (guest->word[0] < round) {
			probe(word, 0);
			relax();
		}
		have = *word;
		CHECK(have == (uint32_t)round, "round %d: this CPU still sees %u", round, have);
		guest->word[1 + me] = round;
	}
	return 0;
}

static void stale(int by_truncate)
{
	const int n = 2;
	int thief = file_in("/tmp", ROUNDS * pagesz);
	char *junk = malloc(pagesz);
	uint32_t round;

	memset(junk, 0xee, pagesz);
	shared(n, LEN);
	here();
	for (int i = 0; i < n; i++)
		order(i, watch, OFF, 0, 0);
	pin(0, 0, 0);
	for (round = 1; round <= ROUNDS; round++) {
		if (by_truncate) {
			SYS(ftruncate(file_fd, LEN - span));
			SYS(ftruncate(file_fd, LEN));
		} else {
			punch(OFF, pagesz);
		}
		/* The page that was freed is the first to be used again: it must not be ours. */
		SYS(pwrite(thief, junk, pagesz, (round - 1) * pagesz));
		SYS(pwrite(file_fd, &round, sizeof(round), OFF));
		atomic_store(&guest->word[0], round);
		for (int i = 0; i < n; i++)
			while (guest->word[1 + i] < (int)round) {
				if (guest->failed)
					_exit(1);
				if (cpus() <= n)
					sched_yield();
			}
	}
	for (int i = 0; i < n; i++)
		finish(i);
}

/* Rule R3: mmu_gather flushes one address space only. */
static void stale_tlb(void)
{
	stale(0);
}

static void stale_tlb_truncate(void)
{
	stale(1);
}

/* Every page at once: a range that is flushed by address must be every sharer's own address. */
static long watch_all(long off, long len, long c)
{
	pin(1 + me, 0, 0);
	for (int round = 1; round <= 6; round++) {
		while (guest->word[0] < round)
			for (long page = off; page < off + len; page += pagesz)
				(void)*(volatile uint32_t *)(map + page);
		for (long page = off; page < off + len; page += pagesz) {
			uint32_t have = *(volatile uint32_t *)(map + page);

			CHECK(have == pattern(page, round), "round %d: offset 0x%lx has %08x, not %08x", round, page, have,
			      pattern(page, round));
		}
		guest->word[1 + me] = round;
	}
	return 0;
}

static void stale_tlb_ranges(void)
{
	const long len = 24 * pagesz;
	const int n = 2;

	shared(n, LEN);
	here();
	for (int i = 0; i < n; i++)
		order(i, watch_all, OFF, len, 0);
	pin(0, 0, 0);
	for (int round = 1; round <= 6; round++) {
		punch(OFF - span, span + len);
		for (long page = OFF; page < OFF + len; page += pagesz) {
			uint32_t word = pattern(page, round);

			SYS(pwrite(file_fd, &word, sizeof(word), page));
		}
		atomic_store(&guest->word[0], round);
		for (int i = 0; i < n; i++)
			while (guest->word[1 + i] < round) {
				if (guest->failed)
					_exit(1);
				sched_yield();
			}
	}
	for (int i = 0; i < n; i++)
		finish(i);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "hole", hole }, { "hole_of_everything", hole_of_everything },
		{ "hole_across_tables", hole_across_tables }, { "hole_in_a_page", hole_in_a_page },
		{ "hole_in_two_mappings", hole_in_two_mappings }, { "smaller_and_larger", smaller_and_larger },
		{ "end_in_a_page", end_in_a_page }, { "while_touching", while_touching },
		{ "stale_tlb", stale_tlb }, { "stale_tlb_truncate", stale_tlb_truncate },
		{ "stale_tlb_ranges", stale_tlb_ranges },
	};

	return RUN(cases);
}
