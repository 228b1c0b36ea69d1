// SPDX-License-Identifier: GPL-2.0
/*
 * The measurement: N processes map the same tmpfs file of 256 MB (less on a small or slow machine) MAP_SHARED, each for
 * itself and at an address of its own, and touch every page; all hold it when the page tables are counted, and each
 * checks every page.
 *
 * For 1 and for 50 processes the file is empty when they begin, all at the same moment, and they touch by writing.
 * Each begins at another place of the file and goes round: if all began at the first page, they would run in
 * step and wait for the same page all the time, and with shared tables the number of faults would depend on
 * how many of them find an entry missing before the first has put it there.
 * Figures: sharers.<SIZE>.<N>.pagetables_kb	how much PageTables of /proc/meminfo has grown since before the fork
 *	    sharers.<SIZE>.<N>.minor_faults	of all N in their whole lives
 *	    sharers.<SIZE>.<N>.ms			from the starting signal until the last has touched its last page
 *
 * For the numbers between, and for the size that all machines have in common, they read a file that is filled already,
 * which is quick, as the kernel maps the neighbours of a page that is read; the page tables are the same: of these only
 * pagetables_kb is a figure.
 */
#include "guest.h"

#define COMMON (64L << 20)

static long size = 256L << 20;

/*
 * What must hold with shared page tables: next to what n processes have anyhow (own_kb), the file's tables twice, and
 * for each process some tables of the levels above.  (On i386 PAE that is 3000 kB for 50; without, they take 27,000 kB
 * and 3,277,250 faults.)
 */
static long most_kb(int n, long own_kb)
{
	return own_kb + (2 * (size / span) + 5 * n) * (pagesz / 1024);
}

static long most_faults(void)
{
	return 2 * (size / pagesz);
}

static void wait_for_start(void)
{
	while (!guest->word[0])
		futex_wait(&guest->word[0], 0, 1000);
}

static long write_from(long first, long b, long c)
{
	volatile uint32_t *word = (volatile uint32_t *)map;

	wait_for_start();
	for (long i = 0; i < size; i += pagesz) {
		long page = (first + i) % size;

		word[page / 4] = pattern(page, 1);
	}
	return 0;
}

static long verify(long first, long b, long c)
{
	volatile uint32_t *word = (volatile uint32_t *)map;

	wait_for_start();
	for (long i = 0; i < size; i += pagesz) {
		long page = (first + i) % size;

		CHECK(word[page / 4] == pattern(page, 1), "offset 0x%lx has %08x", page, word[page / 4]);
	}
	return minor_faults();
}

/* Gives the growth of the page tables, and leaves the team holding its mappings; *own is what it had before it touched them. */
static long hold(int n, order_fn touch, long *ms, long *own)
{
	long before = settled_tables(), start;

	guest->word[0] = 0;
	team(n);
	each(do_map, 0, size, RW);
	*own = meminfo("PageTables") - before;
	for (int i = 0; i < n; i++)
		order(i, touch, size / pagesz / n * i * pagesz, 0, 0);
	pause_ms(100);
	start = now_ms();
	guest->word[0] = 1;
	futex_wake(&guest->word[0]);
	for (int i = 0; i < n; i++)
		finish(i);
	*ms = now_ms() - start;
	return meminfo("PageTables") - before;
}

static void writing(int n)
{
	long grown, own, faults = 0, ms, mb = size >> 20;

	file_fd = file_in("/tmp", size);
	grown = hold(n, write_from, &ms, &own);
	for (int i = 0; i < n; i++)
		faults += at(i, verify, 0, 0, 0);
	dismiss();
	say("# figure sharers.%ldM.%d.pagetables_kb %ld", mb, n, grown);
	say("# figure sharers.%ldM.%d.minor_faults %ld", mb, n, faults);
	say("# figure sharers.%ldM.%d.ms %ld", mb, n, ms);
	if (n == 50 && shpte_on()) {
		CHECK(grown <= most_kb(n, own), "%d processes have %ld kB of page tables, %ld kB their own", n, grown, own);
		CHECK(faults <= most_faults(), "%d processes took %ld faults", n, faults);
	}
}

/* The file is in memory, once, beside all else.  A quarter of an hour on a slow machine would be too long. */
static void fit(void)
{
	long third = meminfo("MemTotal") / 3 / 1024;

	/* whole tables, which on alpha map 8 MB */
	size = size / slow() & -(8L << 20);
	while (size >> 20 > third)
		size /= 2;
}

static void one(void)
{
	writing(1);
}

static void fifty(void)
{
	writing(50);
}

/* From `first` to `last` processes, ten more each time. */
static void reading(int first, int last)
{
	long grown, own, ms;

	file_fd = file_in("/tmp", size);
	map = map_shared_aligned(file_fd, 0, size, RW);
	guest->word[0] = 1;
	write_from(0, 0, 0);
	SYS(munmap(map, size));
	for (int n = first; n <= last; n += 10) {
		grown = hold(n, verify, &ms, &own);
		dismiss();
		say("# figure sharers.%ldM.%d.pagetables_kb %ld", size >> 20, n, grown);
	}
}

static void between(void)
{
	reading(10, 40);
}

/* What every machine has, whatever fits it otherwise: these figures are held against each other. */
static void common(void)
{
	if (size == COMMON)
		return;			/* the fifty above */
	size = COMMON;
	reading(50, 50);
}

int main(void)
{
	static const struct guest_case cases[] = { { "1", one }, { "10_to_40", between }, { "50", fifty }, { "50_of_64M", common } };

	/* Without shared tables, under an emulator, and with the kernel's own checks, that is minutes. */
	case_seconds = 900;
	say("# limit 1000 s");
	fit();
	return RUN(cases);
}
