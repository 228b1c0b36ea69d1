// SPDX-License-Identifier: GPL-2.0
/*
 * What programs do that share nothing: each operation is done for some rounds, and the figure is the median of the rounds.
 * The sort of work that a hook might slow down is here; syscall and read_write are for control.
 *
 * Figures: unshared.<OPERATION>.insns
 */
#include "insns.h"

#define ROUNDS 15
#define SMALL (64 << 10)		/* less than a pte page maps */
#define BIG (16L << 20)			/* whole tables on every machine */

static int file = -1;			/* of BIG bytes, in memory */
static char *ground;			/* a multiple of BIG, with room for BIG behind it */
static volatile char sink;

static void map_and_read(long len, int prot, int flags, int fd)
{
	char *p = MUST(mmap(ground, len, prot, flags | MAP_FIXED, fd, 0));

	for (long i = 0; i < len; i += 4096)
		if (prot & PROT_WRITE)
			*(volatile char *)(p + i) = 1;
		else
			sink = p[i];
	MUST(munmap(p, len));
}

static void do_syscall(void)
{
	syscall(SYS_getppid);
}

static void read_write(void)
{
	static char block[4096];

	MUST(pwrite(file, block, sizeof(block), 0));
	MUST(pread(file, block, sizeof(block), 0));
}

static void anon_faults(void)
{
	map_and_read(BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void private_file(void)
{
	map_and_read(BIG, PROT_READ, MAP_PRIVATE, file);
}

static void shared_file(void)
{
	map_and_read(SMALL, PROT_READ | PROT_WRITE, MAP_SHARED, file);
}

static void whole_table(void)
{
	map_and_read(BIG, PROT_READ | PROT_WRITE, MAP_SHARED, file);
}

static void protect(void)
{
	static char *p;

	if (!p) {
		p = MUST(mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		memset(p, 1, BIG);
	}
	MUST(mprotect(p, BIG, PROT_READ));
	MUST(mprotect(p, BIG, PROT_READ | PROT_WRITE));
}

static void fork_exit(void)
{
	pid_t pid = MUST(fork());

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void exec_static(void)
{
	run("/suite/nothing", NULL);
}

static void exec_dynamic(void)
{
	run("/bin/true", NULL);
}

static void shell_script(void)
{
	run("/bin/sh", "/suite/script");
}

/* In this order: what `mprotect` leaves behind is what makes `fork_big` big. */
static const struct op {
	const char *name;
	void (*fn)(void);
	int times;			/* in a round */
} ops[] = {
	{ "syscall", do_syscall, 1000 },
	{ "read_write", read_write, 200 },
	{ "anon_faults", anon_faults, 1 },
	{ "private_file", private_file, 1 },
	{ "shared_file", shared_file, 20 },
	{ "whole_table", whole_table, 1 },
	{ "fork_exit", fork_exit, 20 },
	{ "exec_static", exec_static, 10 },
	{ "exec_dynamic", exec_dynamic, 10 },
	{ "shell_script", shell_script, 1 },
	{ "mprotect", protect, 1 },
	{ "fork_big", fork_exit, 5 },
};
#define N_OPS (sizeof(ops) / sizeof(ops[0]))

static uint64_t one_round(const struct op *op)
{
	uint64_t start = count();

	for (int i = 0; i < op->times; i++)
		op->fn();
	return count() - start;
}

static void measure(int number, const struct op *op)
{
	uint64_t all[ROUNDS];
	double middle;

	one_round(op);			/* caches are warm then */
	for (int i = 0; i < ROUNDS; i++)
		all[i] = one_round(op);
	middle = median(all, ROUNDS);
	printf("# figure unshared.%s.insns %.0f\n", op->name, middle / op->times);
	printf("# %d rounds, their spread is %.2f %%\n", ROUNDS, (all[ROUNDS - 1] - all[0]) * 100 / middle);
	printf("ok %d %s\n", number, op->name);
}

int main(void)
{
	static char zero[4096];
	char *p = MUST(mmap(NULL, 3 * BIG, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));

	setlinebuf(stdout);
	ground = (char *)(((uintptr_t)p + BIG - 1) & -(uintptr_t)BIG);
	file = MUST(open("/dev/shm/ops", O_RDWR | O_CREAT | O_TRUNC, 0600));
	for (long i = 0; i < BIG; i += sizeof(zero))
		MUST(write(file, zero, sizeof(zero)));
	printf("KTAP version 1\n1..%zu\n", N_OPS);
	for (size_t i = 0; i < N_OPS; i++)
		measure(i + 1, &ops[i]);
	return 0;
}
