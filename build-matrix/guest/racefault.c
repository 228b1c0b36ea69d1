// SPDX-License-Identifier: GPL-2.0
/*
 * A fault that finds its table, which is another one's when the fault has the lock.  /sys/kernel/mm/shpte/fault_delay_ms has
 * a fault wait between the two.
 */
#include "racing.h"
#include "userfault.h"

#define FAULT_DELAY SHPTE "/fault_delay_ms"

/* Of <linux/userfaultfd.h>, since 6.6. */
struct poison {
	struct uffdio_range range;
	uint64_t mode;
	int64_t updated;
};
#define POISON _IOWR(UFFDIO, 0x08, struct poison)

/* Waits until the process has joined the table, and has it leave again. */
static void *leave_at_once(void *arg)
{
	long attaches = *(long *)arg;

	while (attaches >= 0 && !guest->word[4] && shpte_counter("attaches") == attaches)
		sched_yield();
	SYS(madvise(map, pagesz, MADV_DONTNEED));
	guest->word[3] = 1;
	return NULL;
}

static long join_to_write(long off, long len, long c)
{
	long attaches = shpte_counter("attaches");
	pthread_t thread;

	SYS(madvise(map, LEN, MADV_DONTNEED));
	CHECK(!pthread_create(&thread, NULL, leave_at_once, &attaches), "no thread");
	spit(FAULT_DELAY, "200");
	*(volatile uint32_t *)map = pattern(0, 1);
	spit(FAULT_DELAY, "0");
	guest->word[4] = 1;
	pthread_join(thread, NULL);
	return 0;
}

/* The table's last sharer has it for itself now, and must not write to it. */
static long keep_to_read(long off, long len, long c)
{
	while (!guest->word[3])
		sched_yield();
	SYS(mprotect(map, LEN, PROT_READ));
	while (!guest->word[4])
		sched_yield();
	FAILS(pread(file_fd, map, 4, 0), EFAULT);
	return 0;
}

/*
 * It is his alone now, and he says that a page is broken, which only his mapping may have: whoever meets that entry is killed.
 */
static long keep_to_poison(long off, long len, long c)
{
	struct uffdio_register reg = { .range = { (uintptr_t)map, LEN }, .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct poison poison = { .range = { (uintptr_t)map, pagesz } };
	int uffd = SYS(open_uffd(0));

	while (!guest->word[3])
		sched_yield();
	SYS(ioctl(uffd, UFFDIO_REGISTER, &reg));
	SYS(madvise(map, pagesz, MADV_DONTNEED));
	SYS(ioctl(uffd, POISON, &poison));
	while (!guest->word[4])
		sched_yield();
	close(uffd);
	return 0;
}

/* Does the kernel have it? */
static long do_try_poison(long a, long b, long c)
{
	struct poison poison = { .range = { (uintptr_t)map, pagesz } };
	int uffd = open_uffd(0), known;

	if (uffd < 0)
		return 0;
	/* the range is not registered */
	known = ioctl(uffd, POISON, &poison) && errno == ENOENT;
	close(uffd);
	return known;
}

static long do_map_anew(long off, long len, long c)
{
	do_munmap(0, LEN, 0);
	do_map(0, LEN, RW);
	do_check(0, pagesz, 1);
	return 0;
}

/*
 * A fault has found the table that its process joined, and before it looks at the entry and takes the lock, another thread has
 * the process leave, and the one who is left does with his mapping what he likes.
 */
static void left_by_fault(order_fn keep)
{
	long moved = shpte_counter("fault_moved"), times = 0;

	for (begin(); now_ms() < ends && times < 3; ROUNDS++) {
		at(1, do_map_anew, 0, LEN, 0);
		guest->word[3] = guest->word[4] = 0;
		order(1, keep, 0, 0, 0);
		order(0, join_to_write, 0, 0, 0);
		finish(0);
		finish(1);
		times = shpte_counter("fault_moved") - moved;
	}
	say("# %d times, of these %ld in between", ROUNDS, times);
	GREW("fault_moved", moved, 1);
	at(0, do_check, 0, LEN, 1);
}

/* Hook: handle_pte_fault.  The entry is as it was when the fault has the lock, and not the fault's to change. */
static void leave_fault(void)
{
	if (cpus() == 1)
		skip("one CPU");
	shared(2, LEN);
	left_by_fault(keep_to_read);
}

/* Hook: handle_pte_fault, for an entry that is no page, and is looked at without the lock. */
static void leave_poison(void)
{
	if (cpus() == 1)
		skip("one CPU");
	shared(2, LEN);
	if (!at(1, do_try_poison, 0, 0, 0))
		skip("this kernel has no UFFDIO_POISON");
	left_by_fault(keep_to_poison);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "leave_fault", leave_fault }, { "leave_poison", leave_poison },
	};
	int failed;

	every_page = 1;
	spit(DELAY, "1000");
	failed = RUN(cases);
	spit(DELAY, "0");
	spit(FAULT_DELAY, "0");
	return failed;
}
