// SPDX-License-Identifier: GPL-2.0
/*
 * The measurement: N processes map the same tmpfs file of 256 MB MAP_SHARED, each for itself and at an address of
 * its own, and touch every page; all hold it when the page tables are counted, and each checks every page.
 *
 * For 1 and for 50 processes the file is empty when they begin, all at the same moment, and they touch by writing.
 * Each begins at another place of the file and goes round: if all began at the first page, they would run in
 * step and wait for the same page all the time, and with shared tables the number of faults would depend on
 * how many of them find an entry missing before the first has put it there.
 * Figures: sharers.256M.<N>.pagetables_kb	how much PageTables of /proc/meminfo has grown since before the fork
 *	    sharers.256M.<N>.minor_faults	of all N in their whole lives
 *	    sharers.256M.<N>.ms			from the starting signal until the last has touched its last page
 *
 * For the numbers between they read a file that is filled already, which is quick, as the kernel maps the
 * neighbours of a page that is read; the page tables are the same: of these only pagetables_kb is a figure.
 */
#include "guest.h"

#define SIZE (256L << 20)

/* What must hold with shared page tables.  (Without, 50 processes take 26,956 kB and 3,277,250 faults.) */
#define MOST_KB 3000
#define MOST_FAULTS 120000

static void wait_for_start(void)
{
	while (!guest->word[0])
		futex_wait(&guest->word[0], 0, 1000);
}

static long write_from(long first, long b, long c)
{
	volatile uint32_t *word = (volatile uint32_t *)map;

	wait_for_start();
	for (long i = 0; i < SIZE; i += pagesz) {
		long page = (first + i) % SIZE;

		word[page / 4] = pattern(page, 1);
	}
	return 0;
}

static long verify(long first, long b, long c)
{
	volatile uint32_t *word = (volatile uint32_t *)map;

	wait_for_start();
	for (long i = 0; i < SIZE; i += pagesz) {
		long page = (first + i) % SIZE;

		CHECK(word[page / 4] == pattern(page, 1), "offset 0x%lx has %08x", page, word[page / 4]);
	}
	return minor_faults();
}

/* PageTables when it has come to rest: tables are freed late, by RCU. */
static long settled_tables(void)
{
	long now = meminfo("PageTables"), before;

	do {
		before = now;
		pause_ms(200);
		now = meminfo("PageTables");
	} while (now != before);
	return now;
}

/* Gives the growth of the page tables, and leaves the team holding its mappings. */
static long hold(int n, order_fn touch, long *ms)
{
	long before = settled_tables(), start;

	guest->word[0] = 0;
	team(n);
	each(do_map, 0, SIZE, RW);
	for (int i = 0; i < n; i++)
		order(i, touch, SIZE / pagesz / n * i * pagesz, 0, 0);
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
	long grown, faults = 0, ms;

	file_fd = file_in("/tmp", SIZE);
	grown = hold(n, write_from, &ms);
	for (int i = 0; i < n; i++)
		faults += at(i, verify, 0, 0, 0);
	dismiss();
	say("# figure sharers.256M.%d.pagetables_kb %ld", n, grown);
	say("# figure sharers.256M.%d.minor_faults %ld", n, faults);
	say("# figure sharers.256M.%d.ms %ld", n, ms);
	if (n == 50 && shpte_on()) {
		CHECK(grown <= MOST_KB, "%d processes have %ld kB of page tables", n, grown);
		CHECK(faults <= MOST_FAULTS, "%d processes took %ld faults", n, faults);
	}
}

static void one(void)
{
	writing(1);
}

static void fifty(void)
{
	writing(50);
}

static void between(void)
{
	long grown, ms;

	file_fd = file_in("/tmp", SIZE);
	map = map_shared_aligned(file_fd, 0, SIZE, RW);
	guest->word[0] = 1;
	write_from(0, 0, 0);
	SYS(munmap(map, SIZE));
	for (int n = 10; n <= 40; n += 10) {
		grown = hold(n, verify, &ms);
		dismiss();
		say("# figure sharers.256M.%d.pagetables_kb %ld", n, grown);
	}
}

int main(void)
{
	static const struct guest_case cases[] = { { "1", one }, { "10_to_40", between }, { "50", fifty } };

	/* Without shared tables, under an emulator, and with the kernel's own checks, that is minutes. */
	case_seconds = 900;
	say("# limit 1000 s");
	return RUN(cases);
}
