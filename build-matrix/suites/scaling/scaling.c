// SPDX-License-Identifier: GPL-2.0
/*
 * What page tables take when 1 to 1,000 processes map the same 256 MB: with shared page tables one copy of the pte pages, and
 * for each process what one has that maps nothing, which is measured in the same run: as many, each of which maps nothing.
 *
 * Figures: scaling.<N>.pagetables_kb	how much PageTables of /proc/meminfo has grown
 *	    scaling.<N>.own_kb		how much by as many that map nothing
 *	    scaling.<N>.percent		of one copy and that
 *	    scaling.<N>.exit_ms		how long it takes until the N are gone, who are killed at once
 * Points:  scaling.pagetables_kb	against N
 */
#include "guest.h"
#include "crowd.h"

#define LEN (256L << 20)
#define BEYOND 5			/* percent */

static const int numbers[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 };

/* What those before left goes when a CPU has time for it: the least that there ever was is what there is without them. */
static long tables_alone(void)
{
	static long least = -1;
	long now = settled_tables();

	if (least < 0 || now < least)
		least = now;
	return least;
}

static long grown_by(int n, long len, long *exit_ms)
{
	long before = tables_alone(), grown;

	guest->word[0] = 0;
	while (crowd->n < n) {
		int ret = crowd_add(len);

		CHECK(!ret, "process %d of %d: %s", crowd->n, n, ret < 0 ? "one died" : strerror(ret));
	}
	CHECK(!crowd_wait(n), "one of %d died", n);
	grown = settled_tables() - before;
	*exit_ms = now_ms();
	crowd_dismiss();
	*exit_ms = now_ms() - *exit_ms;
	return grown;
}

/* Without shared tables, each has a copy; and some memory is to be left. */
static int fits(int n)
{
	long tables_kb = (LEN / span + 20) * (pagesz / 1024);

	return shpte_on() || n * tables_kb < meminfo("MemAvailable") / 10 * 8;
}

static void measure(int n)
{
	long exit_ms, copy = LEN / span * (pagesz / 1024), own = grown_by(n, 0, &exit_ms), all = grown_by(n, LEN, &exit_ms);
	double percent = 100.0 * all / (copy + own);

	say("# point scaling.pagetables_kb %d %ld", n, all);
	say("# figure scaling.%d.pagetables_kb %ld", n, all);
	say("# figure scaling.%d.own_kb %ld", n, own);
	say("# figure scaling.%d.percent %.1f", n, percent);
	say("# figure scaling.%d.exit_ms %ld", n, exit_ms);
	if (shpte_on())
		CHECK(percent <= 100 + BEYOND, "%d have %ld kB of page tables: a copy is %ld kB, and %ld kB their own", n, all, copy,
		      own);
}

static void to_1000(void)
{
	crowd_allow();
	file_fd = file_in("/tmp", LEN);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!fits(numbers[i])) {
			say("# %d processes would not fit into memory: that is the end", numbers[i]);
			break;
		}
		measure(numbers[i]);
	}
}

int main(void)
{
	static const struct guest_case cases[] = { { "to_1000", to_1000 } };

	case_seconds = 900;
	say("# limit 1000 s");
	return RUN(cases);
}
