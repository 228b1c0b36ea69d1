// SPDX-License-Identifier: GPL-2.0
/*
 * fork() of a process with much private memory, all of it touched; each figure is the median of some rounds, in instructions.
 *
 * Figures: fork.<N>M.insns		fork(), until the parent goes on; all of it was written to since the fork before
 *	    fork.<N>M.again.insns	the same, but nothing was written to since
 *	    fork.256M.by_entries.insns	the same as the first, where there is a choice: the entries are protected, not the pmds
 *	    fork.<N>M.exit.insns	fork() and the child's exit, until the parent knows of it
 *	    fork.unshare.insns		what is paid a table later: the first write to a table less a second one to it.  Where
 *					fork copies: what it paid a table
 *	    fork.both_write.insns	fork, then the child and after it the parent write to each page of 64 MB
 *	    fork.entries.<K>.shared.insns	a table with K entries in a fork that shares it, whatever fork_min_entries says
 *	    fork.entries.<K>.copied.insns	in one that copies it: where both meet is what fork_min_entries should be
 *	    fork.small.insns		fork and exit of this program with nothing but itself
 *	    fork.small_exec.insns	fork and exec and exit of a small static program
 * Points:  fork.insns			against MB
 */
#include "insns.h"

#define ROUNDS 7
#define PAGE 4096
#define MB (1L << 20)

static const long sizes[] = { 16, 64, 256, 512, 1024 };

static char *memory;
static long mapped;
static int tests;
static long span = 2 * MB;		/* of a pte page */

static void figure(const char *name, uint64_t *all, double times)
{
	printf("# figure fork.%s.insns %.0f\n", name, median(all, ROUNDS) / times);
	printf("# %d rounds, from %.0f to %.0f\n", ROUNDS, all[0] / times, all[ROUNDS - 1] / times);
	printf("ok %d %s\n", ++tests, name);
}

static void touch(long len)
{
	for (long i = 0; i < len; i += PAGE)
		memory[i]++;
}

static void have(long len)
{
	char *p;

	if (mapped)
		MUST(munmap(memory, mapped));
	mapped = len;
	if (!len)
		return;
	p = MUST(mmap(NULL, len + 4 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	MUST(munmap(p, len + 4 * MB));
	p = (char *)(((uintptr_t)p + 4 * MB - 1) & -(uintptr_t)(4 * MB));
	memory = MUST(mmap(p, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	/* as a program's heap is where huge pages are for those who ask */
	madvise(memory, len, MADV_NOHUGEPAGE);
	touch(len);
}

/* The child's exit is not counted: it waits for the end of the measurement. */
static uint64_t fork_only(void)
{
	int gate[2];
	uint64_t start;
	char c;
	pid_t pid;

	MUST(pipe(gate));
	start = count();
	pid = MUST(fork());
	if (!pid) {
		close(gate[1]);
		_exit(read(gate[0], &c, 1) != 0);
	}
	start = count() - start;
	close(gate[1]);
	close(gate[0]);
	wait_for(pid);
	return start;
}

static uint64_t fork_exit(void)
{
	uint64_t start = count();
	pid_t pid = MUST(fork());

	if (!pid)
		_exit(0);
	wait_for(pid);
	return count() - start;
}

/* Forks of memory that is written to before each. */
static void forks_of_written(long len, uint64_t *all)
{
	for (int i = 0; i < ROUNDS; i++) {
		touch(len);
		all[i] = fork_only();
	}
}

static void per_fork(long mb)
{
	uint64_t all[ROUNDS];
	char name[40];

	forks_of_written(mb * MB, all);
	snprintf(name, sizeof(name), "%ldM", mb);
	figure(name, all, 1);
	printf("# point fork.insns %ld %.0f\n", mb, (double)all[ROUNDS / 2]);
	for (int i = 0; i < ROUNDS; i++)
		all[i] = fork_only();
	snprintf(name, sizeof(name), "%ldM.again", mb);
	figure(name, all, 1);
	touch(mb * MB);
	for (int i = 0; i < ROUNDS; i++)
		all[i] = fork_exit();
	snprintf(name, sizeof(name), "%ldM.exit", mb);
	figure(name, all, 1);
}

/* In a child: the first writes to some tables, less as many second ones. */
static uint64_t first_writes(long tables)
{
	uint64_t *result = MUST(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)), insns;
	pid_t pid = MUST(fork());

	if (!pid) {
		uint64_t first = count(), second;

		for (long i = 0; i < tables; i++)
			memory[i * span]++;
		second = count();
		for (long i = 0; i < tables; i++)
			memory[i * span + PAGE]++;
		*result = 2 * second - first - count();
		_exit(0);
	}
	wait_for(pid);
	insns = *result;
	MUST(munmap(result, PAGE));
	return insns;
}

static int shares(void)
{
	return !access("/sys/kernel/mm/shpte/fork", F_OK);
}

static void unshare(void)
{
	const long tables = 64;
	uint64_t all[ROUNDS], less[ROUNDS];

	have(tables * span);
	for (int i = 0; i < ROUNDS; i++) {
		touch(tables * span);
		all[i] = shares() ? first_writes(tables) : fork_only();
	}
	have(0);
	for (int i = 0; i < ROUNDS; i++)
		less[i] = shares() ? 0 : fork_only();
	for (int i = 0; i < ROUNDS; i++)
		all[i] -= less[ROUNDS / 2];
	figure("unshare", all, tables);
}

static void write_to(const char *path, int value)
{
	char text[20];
	int fd = MUST(open(path, O_WRONLY)), n = snprintf(text, sizeof(text), "%d", value);

	if (write(fd, text, n) != n)
		printf("# %s: %s\n", path, strerror(errno));
	close(fd);
}

static void set(const char *name, int value)
{
	char path[100];

	snprintf(path, sizeof(path), "/sys/kernel/mm/shpte/%s", name);
	write_to(path, value);
}

/* A fork of tables with so many entries, all written to since the fork before; less that of a process without them. */
static void few_entries(int entries, const char *how, uint64_t less)
{
	const long tables = 64;
	uint64_t all[ROUNDS];
	char name[40];

	for (int i = 0; i < ROUNDS; i++) {
		for (long t = 0; t < tables; t++)
			for (int k = 0; k < entries; k++)
				memory[t * span + k * PAGE]++;
		all[i] = fork_only() - less;
	}
	snprintf(name, sizeof(name), "entries.%d.%s", entries, how);
	figure(name, all, tables);
}

static const int counts[] = { 1, 16, 32, 64, 128, 256, 512 };

/* Of a kernel that can do both. */
static void entries(void)
{
	const size_t n = sizeof(counts) / sizeof(counts[0]);
	uint64_t less[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		less[i] = fork_only();
	median(less, ROUNDS);
	set("fork_min_entries", 1);
	set("fork_min_tables", 0);
	for (size_t i = 0; i < 2 * n; i++) {
		have(64 * span);
		MUST(madvise(memory, 64 * span, MADV_DONTNEED));
		set("fork", i % 2);
		few_entries(counts[i / 2], i % 2 ? "shared" : "copied", less[ROUNDS / 2]);
	}
	have(0);
}

static int has_choice(void)
{
	return !access("/sys/kernel/mm/shpte/fork_pmd", F_OK);
}

/* As on a machine whose pmds have no write right to take. */
static void by_entries(void)
{
	uint64_t all[ROUNDS];

	have(256 * MB);
	set("fork_pmd", 0);
	forks_of_written(256 * MB, all);
	set("fork_pmd", 1);
	figure("256M.by_entries", all, 1);
	have(0);
}

static void both_write(void)
{
	const long len = 64 * MB;
	uint64_t all[ROUNDS];

	have(len);
	for (int i = 0; i < ROUNDS; i++) {
		pid_t pid;

		touch(len);
		all[i] = count();
		pid = MUST(fork());
		if (!pid) {
			touch(len);
			_exit(0);
		}
		wait_for(pid);
		touch(len);
		all[i] = count() - all[i];
	}
	figure("both_write", all, 1);
	have(0);
}

static void small(void)
{
	const int times = 20;
	uint64_t all[ROUNDS] = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		all[i] = 0;
		for (int k = 0; k < times; k++)
			all[i] += fork_exit();
	}
	figure("small", all, times);
	for (int i = 0; i < ROUNDS; i++) {
		all[i] = count();
		for (int k = 0; k < times; k++)
			run("/tests/nothing", NULL);
		all[i] = count() - all[i];
	}
	figure("small_exec", all, times);
}

int main(void)
{
	const size_t n = sizeof(sizes) / sizeof(sizes[0]), both = sizeof(counts) / sizeof(counts[0]) * 2;

	setlinebuf(stdout);
	/* where a program is loaded is chance, and with it the number of its page tables */
	write_to("/proc/sys/kernel/randomize_va_space", 0);
	printf("KTAP version 1\n1..%zu\n", 3 * n + 4 + (shares() ? both : 0) + has_choice());
	small();
	for (size_t i = 0; i < n; i++) {
		have(sizes[i] * MB);
		per_fork(sizes[i]);
	}
	unshare();
	both_write();
	if (has_choice())
		by_entries();
	if (shares())
		entries();
	return 0;
}
