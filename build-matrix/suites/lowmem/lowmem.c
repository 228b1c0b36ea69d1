// SPDX-License-Identifier: GPL-2.0
/*
 * As many processes as there is memory for, each of which maps the same 512 MB and touches one byte of each pte page: until a
 * fork fails, or the OOM killer comes.  Of the file no more than that many pages are there, so that what fills the memory is
 * what the kernel needs for a process, and its page tables.
 *
 * Figures: lowmem.processes		how many there were
 *	    lowmem.lowmem_kb_each	how much lowmem (where all memory is mapped: memory) each has taken
 *	    lowmem.pagetables_kb	of all together
 *	    lowmem.ms			until then
 *	    lowmem.exit_ms		until all are gone, who are killed at once
 * Points:  lowmem.lowfree_kb, lowmem.pagetables_kb	against the number of processes
 */
#include "guest.h"
#include "crowd.h"

#define LEN (512L << 20)
#define STRIDE 100

/* Not us, but one of those who have the page tables; they begin with what we have when they are forked. */
static int add_mortal(int adj)
{
	int ret;

	SYS(write(adj, "500", 3));
	ret = crowd_add(LEN);
	SYS(write(adj, "-1000", 5));
	return ret;
}

static long low_free(void)
{
	long kb = meminfo("LowFree");

	return kb >= 0 ? kb : number_of("/proc/meminfo", "MemFree");
}

static long point(void)
{
	long low = low_free();

	say("# point lowmem.lowfree_kb %d %ld", crowd->n, low);
	say("# point lowmem.pagetables_kb %d %ld", crowd->n, number_of("/proc/meminfo", "PageTables"));
	return low;
}

static void until_full(void)
{
	int adj = SYS(open("/proc/self/oom_score_adj", O_WRONLY)), ret, n;
	long low, start, kills = vmstat("oom_kill");

	spit("/proc/sys/vm/oom_dump_tasks", "0");
	crowd_allow();
	file_fd = file_in("/tmp", LEN);
	start = now_ms();
	low = point();
	while (!(ret = add_mortal(adj)))
		if (crowd->n % STRIDE == 0)
			point();
	/* Those that had all they wanted, without the one that had to go. */
	n = atomic_load(&guest->word[0]);
	if (n > crowd->n - (ret < 0))
		n = crowd->n - (ret < 0);
	say("# %d processes, then %s", n, ret < 0 ? "one was killed" : strerror(ret));
	CHECK(ret > 0 || vmstat("oom_kill") > kills, "one of %d died, and not of the OOM killer", n);
	say("# figure lowmem.processes %d", n);
	say("# figure lowmem.lowmem_kb_each %.1f", n ? (double)(low - point()) / n : 0);
	say("# figure lowmem.pagetables_kb %ld", number_of("/proc/meminfo", "PageTables"));
	say("# figure lowmem.ms %ld", now_ms() - start);
	CHECK(n > 0, "there was no memory for a single one");
	start = now_ms();
	crowd_dismiss();
	say("# figure lowmem.exit_ms %ld", now_ms() - start);
}

int main(void)
{
	static const struct guest_case cases[] = { { "until_full", until_full } };

	case_seconds = 3000;
	say("# limit 3100 s");
	return RUN(cases);
}
