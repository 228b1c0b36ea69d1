/* SPDX-License-Identifier: GPL-2.0 */
/* A part of guest.h: what stands in the file, and how to look at it, also where that is a fault. */
#ifndef GUEST_CONTENTS_H
#define GUEST_CONTENTS_H

/* A word's value is a pure function of its offset in the file and a generation; generation 0 is a hole. */

static uint32_t pattern(long off, long gen)
{
	uint32_t x = (uint32_t)off * 2654435761u + (uint32_t)gen * 0x9e3779b9u;

	x ^= x >> 15;
	return gen ? x | 1 : 0;
}

/*
 * Which pages of a file carry it: under an emulator every fault is dear, so it is each sixteenth page, and those at
 * every eighth part of a pte page, where the ranges of most cases begin and end.  A case that counts pages
 * says every_page.
 */
static int every_page;

static long carrier(long page)
{
	const long eighth = span / 8;

	for (page = (page + pagesz - 1) & -pagesz; !every_page; page += pagesz)
		if (page % (16 * pagesz) == 0 || page % eighth < 3 * pagesz || page % eighth >= eighth - 3 * pagesz)
			break;
	return page;
}

#define for_each_page(page, off, len) \
	for (long page = carrier(off); page < (off) + (len); page = carrier(page + pagesz))

/* The first, the middle and the last word of such a page. */
static const int word_at[3] = { 0, 2, 4 };
#define WORD(page, k) ((page) + word_at[k] * (pagesz / 4) - (k == 2 ? 4 : 0))

static long do_fill(long off, long len, long gen)
{
	for_each_page(page, off, len)
		for (int k = 0; k < 3; k++)
			*(volatile uint32_t *)(map + WORD(page, k)) = pattern(WORD(page, k), gen);
	return 0;
}

static long do_check(long off, long len, long gen)
{
	for_each_page(page, off, len)
		for (int k = 0; k < 3; k++) {
			uint32_t have = *(volatile uint32_t *)(map + WORD(page, k)), want = pattern(WORD(page, k), gen);

			CHECK(have == want, "offset 0x%lx has %08x, generation %ld is %08x", WORD(page, k), have, gen, want);
		}
	return 0;
}

/* --- faults that are wanted */

static __thread sigjmp_buf probe_env;
static __thread volatile int probing;

static void on_fault(int sig, siginfo_t *si, void *context)
{
	if (probing)
		siglongjmp(probe_env, sig);
	FAIL("%s at %p, offset 0x%lx", strsignal(sig), si->si_addr, (long)((char *)si->si_addr - map));
}

/* 0, or the signal that touching this address gives. */
static int __attribute__((noinline)) probe(volatile void *addr, int write)
{
	volatile uint32_t *p = addr;
	int sig = sigsetjmp(probe_env, 0);

	if (!sig) {
		probing = 1;
		if (write)
			*p = *p;
		else
			(void)*p;
	}
	probing = 0;
	return sig;
}

/* Every page of the range must give this signal (0: none) on reading, or on writing. */
static void expect_signal(long off, long len, int write, int want)
{
	for_each_page(page, off, len) {
		int sig = probe(map + page, write);

		CHECK(sig == want, "%s offset 0x%lx: signal %d, not %d", write ? "writing" : "reading", page, sig, want);
	}
}

static long do_reads(long off, long len, long want)
{
	expect_signal(off, len, 0, want);
	return 0;
}

static long do_writes(long off, long len, long want)
{
	expect_signal(off, len, 1, want);
	return 0;
}

#endif
