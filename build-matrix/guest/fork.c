// SPDX-License-Identifier: GPL-2.0
/* Trees of processes, and threads: who shares an address space shares its tables in another way, and both at once. */
#include "guest.h"

#define TABLES 2
#define LEN (TABLES * span)

/*
 * Hook: copy_pmd_range, vma_needs_copy: a shared file mapping is not copied at fork; the child attaches where it
 * touches.  Each process forks two, to a depth; all of them check and write the same.
 */
static void tree(int depth)
{
	pid_t pid[2];

	do_check(0, LEN, 1);
	for (int i = 0; depth && i < 2; i++) {
		pid[i] = SYS(fork());
		if (!pid[i]) {
			tree(depth - 1);
			_exit(0);
		}
	}
	do_fill((depth & 1) * span, span / 4, 1);
	for (int i = 0; depth && i < 2; i++)
		reap(pid[i]);
	do_check(0, LEN, 1);
}

static void fork_tree(void)
{
	long attaches = shpte_counter("attaches");

	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	tree(3);
	/* Some may have come when a sharer was busy; that all do is not to be had. */
	GREW("attaches", attaches, TABLES);
}

/* A child's own faults are its parent's, and the other way round. */
static void faults_for_each_other(void)
{
	long before, mine;

	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	for (int t = 0; t < TABLES; t++)
		do_fill(t * span, pagesz, 1);
	team(1);
	for (int t = 0; t < TABLES; t++)
		at(0, do_check, t * span, pagesz, 1);
	at(0, do_fill, 0, span, 1);
	before = minor_faults();
	do_check(0, span, 1);
	mine = minor_faults() - before;
	if (shpte_on())
		CHECK(mine < 5, "the parent had %ld faults for what the child had touched", mine);
	do_fill(span, span, 1);
	at(0, do_check, 0, LEN, 1);
}

/* Short lives: fork, touch, exit; the parent goes on writing all the time. */
static void *write_on(void *stop)
{
	while (!*(atomic_int *)stop)
		do_fill(0, LEN, 1);
	return NULL;
}

static void short_lives(void)
{
	atomic_int stop = 0;
	pthread_t thread;

	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	CHECK(!pthread_create(&thread, NULL, write_on, &stop), "no thread");
	for (int i = 0; i < 25; i++) {
		pid_t pid = SYS(fork());

		if (!pid) {
			do_check(0, LEN, 1);
			_exit(0);
		}
		if (i % 2)
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		CHECK(!guest->failed, "a child failed");
	}
	stop = 1;
	pthread_join(thread, NULL);
	do_check(0, LEN, 1);
}

/*
 * Threads of one process fault in the same table at once, and two processes do: of all who find no table, one
 * makes it or attaches it, and the others must see that.
 */
static pthread_barrier_t *start_line;

static void *touch_all(void *arg)
{
	long from = (long)arg;

	pin(from, 0, 0);
	if (start_line)
		pthread_barrier_wait(start_line);
	for (long i = 0; i < LEN / pagesz; i++) {
		long page = (i * 5 + from * 3) % (LEN / pagesz) * pagesz;

		do_fill(page, pagesz, 1);
	}
	return NULL;
}

static long threads_touch(long n, long b, long c)
{
	pthread_barrier_t barrier;
	pthread_t thread[8];

	pthread_barrier_init(&barrier, NULL, n);
	start_line = &barrier;
	for (long i = 0; i < n; i++)
		CHECK(!pthread_create(&thread[i], NULL, touch_all, (void *)i), "no thread");
	for (long i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	do_check(0, LEN, 1);
	return 0;
}

static void threads_fault(void)
{
	for (int round = 0; round < 4; round++) {
		file_fd = file_in("/tmp", LEN);
		team(3);
		each(do_map, 0, LEN, RW);
		all(threads_touch, 2 + round % 3, 0, 0);
		each(do_check, 0, LEN, 1);
		dismiss();
		close(file_fd);
	}
}

/* While threads touch one part, another unmaps or gives up other parts of the same tables. */
static long threads_and_holes(long rounds, long b, long c)
{
	atomic_int stop = 0;
	pthread_t thread;
	char *whole = map;

	CHECK(!pthread_create(&thread, NULL, touch_all, (void *)1L), "no thread");
	for (long i = 0; i < rounds; i++) {
		SYS(madvise(whole + i % 8 * (span / 8), span / 8, MADV_DONTNEED));
		SYS(madvise(whole, LEN, i % 2 ? MADV_RANDOM : MADV_NORMAL));
		do_check(span / 2, span / 8, 1);
	}
	pthread_join(thread, NULL);
	stop = 0;
	CHECK(!pthread_create(&thread, NULL, touch_all, (void *)2L), "no thread");
	for (long i = 0; i < rounds; i++) {
		/* Unmapped and mapped again in one: the thread must never find nothing there. */
		SYS(mmap(whole + i % 4 * (span / 4), span / 4, RW, MAP_SHARED | MAP_FIXED, file_fd, i % 4 * (span / 4)));
	}
	pthread_join(thread, NULL);
	(void)stop;
	do_check(0, LEN, 1);
	return 0;
}

static void threads_unmap(void)
{
	start_line = NULL;
	shared(3, LEN);
	here();
	all(threads_and_holes, 30, 0, 0);
	each(do_check, 0, LEN, 1);
}

/* A process made by clone(CLONE_VM) without CLONE_THREAD: two processes, one address space, one sharer. */
static int clone_child(void *arg)
{
	do_fill(0, span, 2);
	munmap(map + span, span);
	_exit(0);
}

static long clone_vm(long a, long b, long c)
{
	char *stack = malloc(65536);
	pid_t pid = SYS(clone(clone_child, stack + 65536, CLONE_VM | SIGCHLD, NULL));

	reap(pid);
	do_check(0, span, 2);
	do_reads(span, span / 8, SIGSEGV);
	return 0;
}

static void cloned(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, clone_vm, 0, 0, 0));
	at(0, do_check, 0, span, 2);
	at(2, do_check, span, span, 1);
}

/* The whole range's children are forked while another process changes the parent's file. */
static void fork_while_punched(void)
{
	shared(2, LEN);
	for (int i = 0; i < 8; i++) {
		pid_t pid;

		do_map(0, LEN, RW);
		(void)*(volatile char *)(map + span);
		pid = SYS(fork());
		if (!pid) {
			for (long page = 0; page < LEN; page += pagesz) {
				uint32_t have = *(volatile uint32_t *)(map + page);

				CHECK(!have || have == pattern(page, 1), "offset 0x%lx has %08x", page, have);
			}
			_exit(0);
		}
		SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, i * (LEN / 8), LEN / 8));
		each(do_check, i * (LEN / 8), LEN / 8, 0);
		at(i % 2, do_fill, i * (LEN / 8), LEN / 8, 1);
		reap(pid);
		SYS(munmap(map, LEN));
	}
	each(do_check, 0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "tree", fork_tree }, { "faults_for_each_other", faults_for_each_other }, { "short_lives", short_lives },
		{ "threads_fault", threads_fault }, { "threads_unmap", threads_unmap }, { "clone_vm", cloned },
		{ "while_punched", fork_while_punched },
	};

	return RUN(cases);
}
