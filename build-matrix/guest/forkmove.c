// SPDX-License-Identifier: GPL-2.0
/* Pages of tables that a fork shared, which are put elsewhere: one process's wish, or the kernel's own. */
#include "family.h"
#include "moving.h"
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span - span / 8)
#define PART (span / 4)

/* Headers older than 6.8 have none of it. */
struct move {
	uint64_t dst, src, len, mode;
	int64_t moved;
};
#define MOVE_FEATURE (1ULL << 16)
#define MOVE _IOWR(0xAA, 0x05, struct move)

/*
 * Hook: move_pages_pte.  UFFDIO_MOVE moves a page that is one process's alone to another place of that process: what has
 * been shared by a fork is nobody's alone.  The result: what the kernel said.
 */
static long do_uffd_move(long off, long len, long c)
{
	char *to = SYS(mmap(NULL, len, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	struct uffdio_api api = { .api = UFFD_API, .features = MOVE_FEATURE };
	struct uffdio_register reg = { .range = { (uintptr_t)to, len }, .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct move move = { (uintptr_t)to, (uintptr_t)map + off, len, 0, 0 };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK), err = 0;

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		return ENOSYS;
	SYS(ioctl(fd, UFFDIO_REGISTER, &reg));
	if (ioctl(fd, MOVE, &move))
		err = errno;
	close(fd);
	return err;
}

static void moved_by_one(void)
{
	long err;

	family(3, LEN);
	err = at(0, do_uffd_move, OFF, PART, 0);
	if (err == ENOSYS)
		skip("no UFFDIO_MOVE");
	CHECK(err == EBUSY, "UFFDIO_MOVE of a page that others have: %s", strerror(err));
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	leave_by_exit(1);
	at(2, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
}

/*
 * Hook: collapse_huge_page.  One thread has small pages made huge ones, by MADV_COLLAPSE, while another one forks: a table that
 * was the process's own when its entries were looked at is the child's as well when it is taken out.
 */
#define MANY (8 * span)
/* Rounds; more where the thread that makes huge pages comes too late each time, and no more than so many. */
#define ROUNDS 12
#define MOST 120

static atomic_int starved;	/* no room for a huge page; what went before may have left none */

static long collapse_all(void)
{
	long n = 0;

	for (long off = 0; off < MANY; off += span)
		if (!madvise(map + off, span, MADV_COLLAPSE))
			n++;
		else if (errno == ENOMEM)
			starved = 1;
	return n;
}

static void *collapse_on(void *n)
{
	for (int round = 1; !guest->word[1]; round++) {
		while (guest->word[0] < round && !guest->word[1] && !guest->failed)
			sched_yield();
		*(atomic_long *)n += collapse_all();
		guest->word[2] = round;
	}
	return NULL;
}

static void collapsed(void)
{
	atomic_long n = 0;
	pthread_t thread;

	own_memory(MANY);
	spit("/proc/sys/vm/drop_caches", "3");
	spit("/proc/sys/vm/compact_memory", "1");
	if (!collapse_all())
		skip("no huge page was to be had");
	CHECK(!pthread_create(&thread, NULL, collapse_on, &n), "no thread");
	for (int round = 1; round <= ROUNDS || (!n && !starved && round <= MOST); round++) {
		pid_t pid;

		SYS(madvise(map, MANY, MADV_DONTNEED));
		do_fill(0, MANY, 1);
		guest->word[0] = round;
		for (volatile int spin = ((round - 1) % ROUNDS + 1) * 2000; spin > 0; spin--)
			;
		pid = SYS(fork());
		if (!pid) {
			do_check(0, MANY, 1);
			do_fill(0, span, 2);
			do_check(span, MANY - span, 1);
			_exit(0);
		}
		while (guest->word[2] < round && !guest->failed)
			sched_yield();
		do_check(0, MANY, 1);
		reap(pid);
	}
	guest->word[1] = 1;
	pthread_join(thread, NULL);
	say("# %ld huge pages were made", n);
	if (!n && starved)
		skip("no more huge pages were to be had");
	CHECK(n > 0, "no huge page was made");
}

/* Hooks: try_to_migrate_one, remove_migration_pte: once, for all of them. */
static void migrated(void)
{
	family(3, LEN);
	for (long page = OFF; page < OFF + 8 * pagesz; page += pagesz)
		if (madvise(map + page, pagesz, MADV_SOFT_OFFLINE)) {
			if (errno == EINVAL)
				skip("no MADV_SOFT_OFFLINE");
			say("# %s", strerror(errno));
		}
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	only_one(1, 0, LEN, 2);
}

/* While members read, and now and then one writes, pages move. */
static long read_on(long gen, long b, long c)
{
	while (!guest->word[0])
		do_check(0, LEN, gen);
	return 0;
}

static void migrated_under_readers(void)
{
	family(4, LEN);
	here();
	guest->word[0] = 0;
	for (int i = 0; i < 3; i++)
		order(i, read_on, 1, 0, 0);
	for (long page = 0; page < LEN; page += LEN / 24 & -pagesz)
		if (madvise(map + page, pagesz, MADV_SOFT_OFFLINE) && errno == EINVAL)
			break;
	at(3, do_fill, 0, LEN, 2);
	spit("/proc/sys/vm/compact_memory", "1");
	guest->word[0] = 1;
	for (int i = 0; i < 3; i++)
		finish(i);
	only_one(3, 0, LEN, 2);
}

/*
 * Hook: try_to_map_unused_to_zeropage.  A huge page of which little was written, mapped by a table, is split: what is all zeros
 * goes, from all who have the table.
 */
#define SPLIT "/sys/kernel/debug/split_huge_pages"

static void split_up(void)
{
	const long kept = span / 16;
	char text[100];
	long before, kb;

	if (access(SPLIT, F_OK))
		skip("no " SPLIT);
	map = SYS(mmap(room(span, 0), span, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	do_fill(0, kept, 1);
	if (madvise(map, span, MADV_COLLAPSE))
		skip("no huge page was to be had");
	SYS(madvise(map + span - pagesz, pagesz, MADV_DONTNEED));	/* a table maps it then */
	team(2);
	before = at(0, do_rss, 0, 0, 0);
	snprintf(text, sizeof(text), "%d,0x%lx,0x%lx", getpid(), (long)map, (long)map + span);
	CHECK(!spit(SPLIT, text), SPLIT ": %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		kb = at(i, do_rss, 0, 0, 0);
		say("# member %d had %ld kB, has %ld", i, before, kb);
		CHECK(kb >= kept / 1024, "member %d has only %ld kB", i, kb);
	}
	each(do_check, 0, kept, 1);
	each(do_check, kept, span - kept, 0);
	at(0, do_fill, 0, span, 2);
	at(1, do_check, 0, kept, 1);
	do_check(kept, span - kept, 0);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "moved_by_one", moved_by_one }, { "collapsed", collapsed }, { "migrated", migrated },
		{ "migrated_under_readers", migrated_under_readers }, { "split_up", split_up },
	};

	share_small();
	return RUN(cases);
}
