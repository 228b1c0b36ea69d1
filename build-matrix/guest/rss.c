// SPDX-License-Identifier: GPL-2.0
/*
 * A process is charged for every page that its page tables map, whoever faulted it in, and for none that
 * somebody else took out.  What is exact the kernel itself checks at exit ("Bad rss-counter"); in between its
 * counters are kept per CPU and in steps, so all of a case runs on one CPU, and a little slack is left.
 */
#include "disk.h"
#include "pagemap.h"

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span + span / 2)
#define PART (span / 4)
#define SLACK 72

static long rss_before, shared_before;
static int on_disk;

/* The third number of statm: pages of files, those of shmem with them. */
static long statm_shared(void)
{
	long shared = -1;
	char *text = slurp("/proc/self/statm");

	sscanf(text ?: "", "%*d %*d %ld", &shared);
	return shared;
}

static long rss(void)
{
	return on_disk ? do_rss_file(0, 0, 0) : do_rss_shmem(0, 0, 0);
}

static long begin(long a, long b, long c)
{
	pin(0, 0, 0);
	rss_before = rss();
	shared_before = statm_shared();
	return 0;
}

/* What is charged is what is there; and if the case knows how much that must be, it is that. */
static long do_true_rss(long off, long len, long want)
{
	long present = do_count_present(0, LEN, 0), charged = rss() - rss_before, shared = statm_shared() - shared_before;

	CHECK(want < 0 || present == want, "%ld pages are mapped, not %ld", present, want);
	CHECK(labs(charged - present) <= SLACK, "%ld pages are mapped, and %ld charged", present, charged);
	CHECK(labs(shared - present) <= SLACK, "%ld pages are mapped, and %ld in statm", present, shared);
	CHECK(smaps_kb("Rss") * 1024 / pagesz == present, "%ld pages are mapped, and %ld kB in smaps", present, smaps_kb("Rss"));
	return present;
}

static long pages(long len)
{
	return len / pagesz;
}

/* n members on CPU 0, who map the file and have touched nothing yet. */
static void open_with(int n, int fd)
{
	pin(0, 0, 0);
	file_fd = fd;
	team(n);
	each(begin, 0, 0, 0);
	each(do_map, 0, LEN, RW);
	each(do_true_rss, 0, 0, 0);
}

static void opened(int n)
{
	long attaches = shpte_counter("attaches");

	open_with(n, file_in("/tmp", LEN));
	at(0, do_fill, 0, LEN, 1);
	at(0, do_true_rss, 0, 0, pages(LEN));
	for (int i = 1; i < n; i++) {
		at(i, do_check, 0, LEN, 1);
		for (int j = 0; j <= i; j++)
			at(j, do_true_rss, 0, 0, pages(LEN));
	}
	GREW("attaches", attaches, (n - 1) * TABLES);
}

static void joining(void)
{
	opened(4);
}

/* Hook: finish_fault, set_pte_range: what one faults in is charged to all who have the table. */
static void faults(void)
{
	open_with(3, file_in("/tmp", LEN));
	for (int t = 0; t < TABLES; t++)
		each(do_fill, t * span, pagesz, 1);
	each(do_true_rss, 0, 0, TABLES);
	for (int i = 0; i < 3; i++) {
		at(i, do_fill, i * span, span, 1);
		each(do_true_rss, 0, 0, -1);
	}
	each(do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
}

/* Hook: filemap_map_pages: so is what comes with it by fault-around. */
static void fault_around(void)
{
	map = NULL;
	open_with(3, file_in("/tmp", LEN));
	for (long page = 0; page < LEN; page += pagesz)
		for (int k = 0; k < 3; k++) {
			uint32_t word = pattern(WORD(page, k), 1);

			SYS(pwrite(file_fd, &word, 4, WORD(page, k)));
		}
	for (int i = 0; i < 3; i++) {
		for (int t = 0; t < TABLES; t++)
			at(i, do_check, t * span + i * PART, pagesz, 1);
		each(do_true_rss, 0, 0, -1);
	}
	for (int i = 0; i < 3; i++) {
		at(i, do_check, i * span, span / 2, 1);
		each(do_true_rss, 0, 0, -1);
	}
	each(do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
}

/* Hook: zap_pte_range in the context of a truncation: all are relieved of what goes. */
static void hole(void)
{
	opened(3);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	each(do_true_rss, 0, 0, pages(LEN - PART));
	at(1, do_fill, OFF, PART, 2);
	each(do_true_rss, 0, 0, -1);
	SYS(ftruncate(file_fd, span));
	each(do_true_rss, 0, 0, pages(span));
	SYS(ftruncate(file_fd, LEN));
	each(do_check, span, LEN - span, 0);
	each(do_true_rss, 0, 0, pages(LEN));
	SYS(ftruncate(file_fd, 0));
	each(do_true_rss, 0, 0, 0);
}

static long do_peak(long a, long b, long c)
{
	long peak = own_status("VmHWM") * 1024 / pagesz;

	CHECK(peak >= pages(LEN) - SLACK, "it had %ld pages, and its peak is %ld", pages(LEN), peak);
	return peak;
}

/* What it had once is its peak, however that went. */
static void peaks(void)
{
	opened(3);
	at(1, do_mprotect, 0, LEN, PROT_READ);
	at(1, do_peak, 0, 0, 0);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, LEN));
	each(do_peak, 0, 0, 0);
}

/* Who leaves is relieved of all that was in the table; who stays, of nothing. */
static void leave_and_stay(void)
{
	opened(4);
	at(1, do_munmap, span, LEN - span, 0);
	at(1, do_true_rss, 0, 0, pages(span));
	at(0, do_true_rss, 0, 0, pages(LEN));
	at(2, do_madvise, 0, LEN, MADV_DONTNEED);
	at(2, do_true_rss, 0, 0, 0);
	at(0, do_true_rss, 0, 0, pages(LEN));
	at(3, do_true_rss, 0, 0, pages(LEN));
	leave_by_exit(3);
	at(0, do_true_rss, 0, 0, pages(LEN));
	/* One page of each table again: with shared tables, that is the whole table. */
	for (int t = 0; t < TABLES; t++)
		at(2, do_check, t * span, pagesz, 1);
	each(do_true_rss, 0, 0, -1);
	leave_by_exit(0);
	each(do_true_rss, 0, 0, -1);
	at(2, do_munmap, 0, LEN, 0);
	at(1, do_true_rss, 0, 0, pages(span));
}

/* The same by the other ways to leave. */
static void ways_to_leave(void)
{
	opened(3);
	at(1, do_mprotect, OFF, PART, PROT_READ);
	each(do_true_rss, 0, 0, -1);
	at(0, do_true_rss, 0, 0, pages(LEN));
	at(1, do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
	at(2, do_madvise, OFF, PART, MADV_RANDOM);
	each(do_true_rss, 0, 0, -1);
	at(2, do_munmap, OFF, PART, 0);
	each(do_true_rss, 0, 0, -1);
	at(0, do_true_rss, 0, 0, pages(LEN));
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, span));
	each(do_true_rss, 0, 0, -1);
	at(0, do_true_rss, 0, 0, pages(LEN - span));
}

static long move(long a, long b, long c)
{
	char *to = room(LEN, c);

	map = SYS(mremap(map, LEN, LEN, MREMAP_MAYMOVE | MREMAP_FIXED, to));
	return 0;
}

static void moved(void)
{
	opened(3);
	at(1, move, 0, 0, 0);
	each(do_true_rss, 0, 0, -1);
	at(2, move, 0, 0, pagesz);
	each(do_true_rss, 0, 0, -1);
	each(do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
}

/* Hook: try_to_unmap_one: what is reclaimed goes from all; what comes back comes to all. */
static void reclaimed(void)
{
	enter_cgroup();
	swap_on();
	opened(3);
	for (int i = 0; i < 2; i++)
		reclaim(LEN);
	CHECK(at(0, do_true_rss, 0, 0, -1) < pages(LEN), "nothing was reclaimed");
	each(do_true_rss, 0, 0, -1);
	at(1, do_check, 0, span, 1);
	each(do_true_rss, 0, 0, -1);
	each(do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
	dismiss();
	SYS(swapoff(SWAP));
}

/* Hooks: try_to_migrate_one, remove_migration_pte: what moves stays charged. */
static void migrated(void)
{
	opened(3);
	if (spit("/proc/sys/vm/compact_memory", "1"))
		skip("no compaction");
	each(do_true_rss, 0, 0, -1);
	each(do_check, 0, LEN, 1);
	each(do_true_rss, 0, 0, pages(LEN));
}

/* Pages of a file system's file are counted elsewhere. */
static void on_ext2(void)
{
	mount_ext2();
	on_disk = 1;
	open_with(3, file_in(MNT, LEN));
	at(0, do_fill, 0, LEN, 1);
	for (int i = 1; i < 3; i++) {
		at(i, do_check, 0, LEN, 1);
		for (int j = 0; j <= i; j++)
			at(j, do_true_rss, 0, 0, pages(LEN));
	}
	at(1, do_madvise, 0, span, MADV_DONTNEED);
	each(do_true_rss, 0, 0, -1);
	SYS(ftruncate(file_fd, span));
	each(do_true_rss, 0, 0, -1);
	at(0, do_true_rss, 0, 0, pages(span));
	leave_ext2(file_fd);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "joining", joining }, { "faults", faults }, { "fault_around", fault_around }, { "hole", hole },
		{ "peaks", peaks },
		{ "leave_and_stay", leave_and_stay }, { "ways_to_leave", ways_to_leave }, { "moved", moved },
		{ "reclaimed", reclaimed }, { "migrated", migrated }, { "ext2", on_ext2 },
	};

	every_page = 1;
	return RUN(cases);
}
