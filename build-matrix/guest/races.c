// SPDX-License-Identifier: GPL-2.0
/*
 * Two things at once, and wide windows for them to meet in: /sys/kernel/mm/shpte/delay_us has the kernel wait where
 * a table is founded, joined, and left.  Each case has a pair of them, round after round, and looks at the contents
 * after each.  Without the delays, and on other kernels, the same happens with less chance to meet.
 */
#include "disk.h"
#include "moving.h"
#include "racing.h"

/* --- what members do until it is over */

static long leave_by_advice(long off, long len, long c)
{
	while (!OVER) {
		SYS(madvise(map + off, len, MADV_DONTNEED));
		touch(1);
		ROUNDS++;
	}
	return 0;
}

static long leave_by_munmap(long off, long len, long c)
{
	while (!OVER) {
		do_munmap(0, LEN, 0);
		do_map(0, LEN, RW);
		touch(1);
		ROUNDS++;
	}
	return 0;
}

/* The table is no longer shared, and later, when all was flushed, it is again. */
static long leave_by_mprotect(long off, long len, long c)
{
	while (!OVER) {
		SYS(mprotect(map + off, len, PROT_READ));
		touch(1);
		SYS(mprotect(map + off, len, RW));
		SYS(madvise(map + off, len, MADV_DONTNEED));
		touch(1);
		ROUNDS++;
	}
	return 0;
}

/* Who comes and goes as a whole. */
static long leave_by_dying(long off, long len, long c)
{
	while (!OVER) {
		pid_t pid = SYS(fork());

		if (!pid) {
			touch(1);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		ROUNDS++;
	}
	return 0;
}

static const order_fn leaving[] = { leave_by_advice, leave_by_munmap, leave_by_mprotect, leave_by_dying };

static void set_leaving(int n)
{
	for (int i = 0; i < n; i++)
		order(i, leaving[i % ARRAY_SIZE(leaving)], 0, LEN, 0);
}

/* Leaves, and joins again by no more than it takes. */
static long leave_and_join(long off, long len, long c)
{
	pin(0, 0, 0);
	while (!OVER) {
		SYS(madvise(map, LEN, MADV_DONTNEED));
		for (long at = 0; at < LEN; at += span)
			do_check(at + ROUNDS % 16 * pagesz, pagesz, 1);
		ROUNDS++;
	}
	return 0;
}

/*
 * Hook: map_pte, page_vma_mapped_walk.  Reclaim looks at a sharer's pmd, and while it waits for the table's lock the
 * sharer leaves: what it cuts then it must charge to those who are still there, and flush from their TLBs.  The sharer
 * is the first that a walk through a page's mappings comes to, and leaves by advice, which leaves his mapping where it
 * is.  Who says that he won't use the file again is not asked whether he has: asking would wait for the lock, too, and
 * do no harm.  Clean pages of a disk's file go and come without much ado, so that most of the time is that of the walk.
 */
static void leave_reclaim(void)
{
	enter_cgroup();
	mount_ext2();
	shared_on(file_in(MNT, LEN), 4, LEN);
	SYS(fsync(file_fd));
	posix_fadvise(file_fd, 0, 0, POSIX_FADV_NOREUSE);
	pin(1, 0, 0);
	at(1, pin, 1, 0, 0);
	begin();
	order(0, leave_and_join, 0, 0, 0);
	for (ends += ROUND_MS; now_ms() < ends && !guest->failed; reclaim(LEN / 2))
		at(1, do_check, 0, LEN, 1);
	end(1);
	each(do_check, 0, LEN, 1);
	leave_ext2(file_fd);
}

/* The same with pages that go to swap, and whatever way to leave. */
static void leave_swap(void)
{
	enter_cgroup();
	swap_on();
	shared(6, LEN);
	begin();
	set_leaving(4);
	for (; now_ms() < ends && !guest->failed; reclaim(LEN / 4))
		at(4, do_check, 0, LEN, 1);
	end(4);
	each(do_check, 0, LEN, 1);
	dismiss();
	SYS(swapoff(SWAP));
}

/* And with migration, which comes twice: to take the entry and to put the new one. */
static void leave_move(void)
{
	shared_on(scattered("/tmp", LEN), 6, LEN);
	begin();
	set_leaving(4);
	while (now_ms() < ends && !guest->failed)
		move_pages_of(4, LEN);
	end(4);
	each(do_check, 0, LEN, 1);
}

/* And with writeback, which takes the write right. */
static void leave_writeback(void)
{
	mount_ext2();
	shared_on(file_in(MNT, LEN), 5, LEN);
	begin();
	set_leaving(4);
	for (long i = 0; now_ms() < ends && !guest->failed; i++) {
		at(4, do_fill, i % TABLES * span, span / 4, 1);
		SYS(fdatasync(file_fd));
	}
	end(4);
	each(do_check, 0, LEN, 1);
	leave_ext2(file_fd);
}

/* All kinds of leaving and joining against each other. */
static void leave_leave(void)
{
	shared(6, LEN);
	begin();
	set_leaving(6);
	while (now_ms() < ends && !guest->failed)
		pause_ms(20);
	end(6);
	each(do_check, 0, LEN, 1);
}

/* Where the file is cut meanwhile there is the pattern or a hole. */
static long join_and_look(long off, long len, long c)
{
	while (!OVER) {
		do_munmap(0, LEN, 0);
		do_map(0, LEN, RW);
		for (long page = ROUNDS % 7 * pagesz; page < LEN && !OVER; page += 29 * pagesz) {
			volatile uint32_t *word = (uint32_t *)(map + page);
			int sig = sigsetjmp(probe_env, 0);

			if (!sig) {
				uint32_t have;

				probing = 1;
				have = *word;
				probing = 0;
				CHECK(!have || have == pattern(page, 1), "offset 0x%lx has %08x", page, have);
			}
			probing = 0;
			CHECK(!sig || sig == SIGBUS, "signal %d at offset 0x%lx", sig, page);
		}
		ROUNDS++;
	}
	return 0;
}

/* Hook: zap_pte_range by truncation, while somebody joins, and others leave. */
static void join_truncate(void)
{
	shared(5, LEN);
	begin();
	for (int i = 0; i < 4; i++)
		order(i, join_and_look, 0, LEN, 0);
	while (now_ms() < ends && !guest->failed) {
		SYS(ftruncate(file_fd, span / 2));
		SYS(ftruncate(file_fd, LEN));
		at(4, do_fill, 0, LEN / 2, 1);
		SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, span / 4, span));
		at(4, do_fill, span / 2, span, 1);
	}
	end(4);
	at(4, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* --- a walk through all mappings of a page */

#define BETWEEN 1500		/* so many mappings are visited after the first and before the last */

/* Waits for the start of the round, and for so many us more, and then has the table that the last one has. */
static long join_in_the_middle(long us, long len, long round)
{
	atomic_fetch_add(&guest->word[3], 1);
	spin_until(&guest->word[2], round);
	for (long long until = now_us() + us; now_us() < until; )
		;
	(void)*(volatile uint32_t *)map;
	atomic_store(&guest->word[4], round);
	return 0;
}

static long leave_to_the_first(long off, long len, long round)
{
	atomic_fetch_add(&guest->word[3], 1);
	spin_until(&guest->word[4], round);
	return SYS(madvise(map, LEN, MADV_DONTNEED));
}

/* What the disk has of the first word of the file. */
static uint32_t on_disk(int fd, char *page)
{
	CHECK(pread(fd, page, pagesz, 0) == pagesz, "read: %s", strerror(errno));
	return *(uint32_t *)page;
}

static long do_write_first(long off, long len, long value)
{
	*(volatile uint32_t *)map = value;
	return 0;
}

/* Member 0, the first of all mappings, and member 1, the last, who alone has the table. */
static long writeback_round(long round, long us, char *between)
{
	long long start;

	at(1, do_write_first, 0, 0, 2 * round);
	at(0, do_madvise, 0, LEN, MADV_DONTNEED);
	for (long i = 0; i < BETWEEN; i++)
		((volatile uint32_t *)(between + i * pagesz))[1] = round;
	guest->word[3] = 0;
	order(0, join_in_the_middle, us, 0, round);
	order(1, leave_to_the_first, 0, 0, round);
	while (guest->word[3] < 2 && !guest->failed)
		sched_yield();
	start = now_us();
	guest->word[2] = round;
	SYS(fsync(file_fd));
	us = now_us() - start;
	finish(0);
	finish(1);
	return us;
}

/*
 * Rule R8.  Writeback takes the write right from a page's mappings, one after the other, so that it hears of the next write; the
 * first one, which it has seen without a table, has then the last one's, which is there no more when it gets there.  With the
 * write right still in there nobody would hear of what the first one writes.
 */
static void join_writeback(void)
{
	char path[40], *between, *page = SYS(mmap(NULL, pagesz, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	long us = 1000;
	int disk;

	mount_ext2();
	file_fd = file_in(MNT, LEN);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file_fd);
	disk = go_direct(SYS(open(path, O_RDONLY | O_CLOEXEC)));
	team(2);
	at(0, do_map, 0, LEN, RW);
	between = room(BETWEEN * pagesz, 0);
	for (long i = 0; i < BETWEEN; i++)
		SYS(mmap(between + i * pagesz, pagesz, RW, MAP_SHARED | MAP_FIXED, file_fd, 0));
	at(1, do_map, 0, LEN, RW);
	begin();
	for (long round = 1; now_ms() < ends; round++, ROUNDS++) {
		us = writeback_round(round, us * (round % 8) / 8, between);
		at(0, do_write_first, 0, 0, 2 * round + 1);
		SYS(fsync(file_fd));
		CHECK(on_disk(disk, page) == 2 * round + 1, "round %ld: the disk has %u of what was written last", round,
		      on_disk(disk, page));
	}
	end(0);
	SYS(munmap(between, BETWEEN * pagesz));
	close(disk);
	leave_ext2(file_fd);
}

/* --- the first ones */

/* Each maps a file that nobody has mapped, and writes words of his own as soon as word[2] says so. */
static long do_first(long off, long len, long round)
{
	do_map(0, LEN, RW);
	atomic_fetch_add(&guest->word[3], 1);
	spin_until(&guest->word[2], round);
	for (long page = 0; page < LEN; page += 31 * pagesz)
		*COUNTER(page) = pattern(page, round + me);
	return 0;
}

static long do_check_first(long off, long n, long round)
{
	for (long page = 0; page < LEN; page += 31 * pagesz)
		for (long i = 0; i < n; i++)
			CHECK(*COUNTER_OF(i, page) == pattern(page, round + i), "offset 0x%lx: the word of member %ld is lost", page, i);
	do_munmap(0, LEN, 0);
	return 0;
}

/* Two tables for one place are no error, but neither may get lost, nor what was written through it. */
static void first_first(void)
{
	const int n = 3;

	file_fd = file_in("/tmp", LEN);
	team(n);
	begin();
	for (int round = 1; now_ms() < ends; round++) {
		long attaches = shpte_counter("attaches");

		guest->word[3] = 0;
		for (int i = 0; i < n; i++)
			order(i, do_first, 0, LEN, round);
		while (guest->word[3] < n && !guest->failed)
			sched_yield();
		guest->word[2] = round;
		for (int i = 0; i < n; i++)
			finish(i);
		GREW("attaches", attaches, (n - 1) * TABLES);
		each(do_check_first, 0, n, round);
		SYS(ftruncate(file_fd, 0));
		SYS(ftruncate(file_fd, LEN));
	}
}

/* --- private mappings */

/* What one thread of a process writes into a private, read-only mapping, as a debugger does, while another reads. */
struct poke {
	char *map;
	int fd, round;
	atomic_int go;
};

#define POKED(round) ((((round) * 37L) % (LEN / pagesz)) * pagesz)

static void *poke_thread(void *arg)
{
	struct poke *p = arg;
	uint32_t word = ~pattern(POKED(p->round), 1);

	spin_until(&p->go, 1);
	CHECK(pwrite(p->fd, &word, 4, (off_t)(uintptr_t)(p->map + POKED(p->round))) == 4, "/proc/self/mem: %s", strerror(errno));
	return NULL;
}

static void poke_round(struct poke *p)
{
	long poked = POKED(p->round);
	pthread_t thread;

	p->map = map_shifted(file_fd, 0, LEN, PROT_READ, MAP_PRIVATE, 0);
	p->go = 0;
	CHECK(!pthread_create(&thread, NULL, poke_thread, p), "no thread");
	p->go = 1;
	for (long page = 0; page < LEN; page += 61 * pagesz)
		if (page != poked)
			CHECK(*(volatile uint32_t *)(p->map + page) == pattern(page, 1), "offset 0x%lx is wrong", page);
	pthread_join(thread, NULL);
	for (long page = 0; page < LEN; page += pagesz) {
		uint32_t have = *(volatile uint32_t *)(p->map + page), want = pattern(page, 1);

		CHECK(have == (page == poked ? ~want : want), "offset 0x%lx has %08x, page 0x%lx was written", page, have, poked);
	}
	SYS(munmap(p->map, LEN));
}

static long do_poke(long off, long len, long c)
{
	struct poke p = { .fd = SYS(open("/proc/self/mem", O_RDWR | O_CLOEXEC)), .round = 100 * me };

	for (; !OVER; p.round++, ROUNDS++)
		poke_round(&p);
	close(p.fd);
	return 0;
}

static long do_watch(long off, long len, long c)
{
	map = map_shifted(file_fd, 0, LEN, PROT_READ, MAP_PRIVATE, 0);
	while (!OVER) {
		do_check(0, LEN, 1);
		SYS(madvise(map, LEN, MADV_DONTNEED));
		touch(1);
	}
	return 0;
}

/* Hook: wp_page_copy, do_cow_fault: nobody else sees what a process writes for itself, whoever joins meanwhile. */
static void join_cow(void)
{
	shared(1, LEN);
	team(3);
	begin();
	order(1, do_poke, 0, LEN, 0);
	order(2, do_poke, 0, LEN, 0);
	order(3, do_watch, 0, LEN, 0);
	while (now_ms() < ends && !guest->failed)
		pause_ms(20);
	guest->word[0] = 1;
	for (int i = 1; i < 4; i++)
		finish(i);
	CHECK(ROUNDS > 0, "not once did it happen");
	at(0, do_check, 0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "leave_reclaim", leave_reclaim }, { "leave_swap", leave_swap }, { "leave_move", leave_move },
		{ "leave_writeback", leave_writeback }, { "leave_leave", leave_leave }, { "join_truncate", join_truncate },
		{ "join_writeback", join_writeback },
		{ "first_first", first_first }, { "join_cow", join_cow },
	};
	int failed;

	every_page = 1;
	spit(DELAY, "1000");
	failed = RUN(cases);
	spit(DELAY, "0");
	return failed;
}
