// SPDX-License-Identifier: GPL-2.0
/* Huge pages made by the kernel behind everybody's back, of a program's text, and in the place of a shared table. */
#include "family.h"
#include "huge.h"

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PATIENCE_MS (8000 * slow())
#define KNOB(name) THP "/khugepaged/" name

static char before[4][32];		/* how khugepaged was, to leave it so */
static const char *const knobs[4] = { KNOB("scan_sleep_millisecs"), KNOB("alloc_sleep_millisecs"),
	KNOB("pages_to_scan"), KNOB("max_ptes_none") };

/* Stopped and started: in the first minutes of a machine's life it does not wake up for a new setting. */
static void hurry(void)
{
	static const char *const now[4] = { "0", "0", "65536", "511" };

	khugepaged_stop(1);
	for (int i = 0; i < 4; i++) {
		snprintf(before[i], sizeof(before[i]), "%s", slurp(knobs[i]) ?: "");
		if (spit(knobs[i], now[i]))
			FAIL("%s: %s", knobs[i], strerror(errno));
	}
	khugepaged_stop(0);
}

static void as_ever(void)
{
	for (int i = 0; i < 4; i++)
		spit(knobs[i], before[i]);
}

/*
 * A file of small pages on a file system that has become one of huge pages: its mappings are from then on
 * khugepaged's business.
 */
static void small_pages(int n)
{
	mount_huge("huge=never");
	file_fd = file_in(HUGE_MNT, LEN);
	file_len = LEN;
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	SYS(munmap(map, LEN));
	CHECK(meminfo("ShmemHugePages") == 0, "there are huge pages already");
	remount_huge("huge=always");
	team(n);
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 1);
}

/* Until all of the file is in huge pages; what members do meanwhile, they do. */
static void wait_for_huge(long kb)
{
	for (long end = now_ms() + PATIENCE_MS; meminfo("ShmemHugePages") < kb; pause_ms(5))
		if (now_ms() > end)
			FAIL("%ld kB of %ld are in huge pages", meminfo("ShmemHugePages"), kb);
}

/* Hooks: retract_page_tables: every sharer's table goes, although nobody asked. */
static void at_rest(void)
{
	small_pages(4);
	hurry();
	wait_for_huge(LEN / 1024);
	each(do_check, 0, LEN, 1);
	as_ever();
	for (int i = 0; i < 4; i++)
		expect_huge(i, do_huge_shmem, LEN);
	at(2, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	leave_by_exit(0);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, span));
	each(do_check, OFF, span, 0);
	each(do_check, 0, OFF, 2);
	each(do_check, OFF + span, LEN - OFF - span, 2);
	unmount_huge();
}

/*
 * Writers write what is there, and must find it there.  They rest in between: whoever waits for a page that is
 * being collapsed keeps hold of it, and so prevents it.
 */
static long write_on(long off, long len, long give_up)
{
	while (!guest->word[0]) {
		do_check(off, len, 1);
		do_fill(off, len, 1);
		if (give_up)
			SYS(madvise(map + off, len, MADV_DONTNEED));
		pause_ms(30 + 10 * me);
	}
	return 0;
}

static void under_writers(void)
{
	small_pages(4);
	hurry();
	here();
	for (int i = 0; i < 4; i++)
		order(i, write_on, i % TABLES * span, span, i == 3);
	wait_for_huge(LEN / 1024);
	pause_ms(100);
	guest->word[0] = 1;
	for (int i = 0; i < 4; i++)
		finish(i);
	as_ever();
	each(do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	unmount_huge();
}

/* A hole is punched in what khugepaged puts together, again and again. */
static void under_holes(void)
{
	small_pages(3);
	hurry();
	for (int i = 0; i < 8; i++) {
		long off = i % 16 * (LEN / 16);

		pause_ms(20);
		SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, LEN / 16));
		each(do_check, off, LEN / 16, 0);
		at(i % 3, do_fill, off, LEN / 16, 1);
		each(do_check, 0, LEN, 1);
	}
	as_ever();
	unmount_huge();
}

/* The text of a program on a disk, which nobody writes. */
static long map_text(long off, long len, long c)
{
	map = map_shifted(file_fd, off, len, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
	return 0;
}

/* 0, or the error. */
static long do_try_collapse(long off, long len, long c)
{
	return madvise(map + off, len, MADV_COLLAPSE) ? errno : 0;
}

static long do_see(long off, long byte, long c)
{
	CHECK(((volatile char *)map)[off] == byte, "offset 0x%lx has 0x%x", off, map[off]);
	return 0;
}

static void fill_text(const char *path)
{
	int fd = SYS(open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));

	SYS(ftruncate(fd, LEN));
	map = map_shared_aligned(fd, 0, LEN, RW);
	do_fill(0, LEN, 1);
	SYS(munmap(map, LEN));
	SYS(fsync(fd));
	close(fd);
}

/* Who opens it for writing has the huge pages dropped under everybody. */
static void text_on_disk(void)
{
	const char *path = MNT "/shpte-text";
	int fd;

	need_thp();
	mount_ext2();
	fill_text(path);
	file_fd = SYS(open(path, O_RDONLY | O_CLOEXEC));
	file_len = LEN;
	team(3);
	each(map_text, 0, LEN, 0);
	each(do_check, 0, LEN, 1);
	if (at(1, do_try_collapse, 0, LEN, 0) == EINVAL)
		skip("this kernel has no huge pages of text");
	expect_huge(1, do_huge_file, LEN);
	each(do_check, 0, LEN, 1);
	for (int i = 0; i < 3; i++)
		expect_huge(i, do_huge_file, LEN);
	fd = SYS(open(path, O_RDWR | O_CLOEXEC));
	each(do_check, 0, LEN, 1);
	for (int i = 0; i < 3; i++)
		expect_huge(i, do_huge_file, 0);
	CHECK(pwrite(fd, "x", 1, OFF + 128) == 1, "write: %s", strerror(errno));
	each(do_see, OFF + 128, 'x', 0);
	each(do_check, 0, LEN, 1);
	close(fd);
	dismiss();
	close(file_fd);
	SYS(unlink(path));
	SYS(umount(MNT));
}

/*
 * A table that once was on offer, now its last sharer's own, is filled with anonymous memory piece by piece, so
 * that it never goes, until one anonymous mapping covers it and becomes a huge page.  Then the table waits beside
 * the huge page and goes by another way than tables go; its record must go with it.
 * Hooks: collapse_huge_page, zap_deposited_table, and split_huge_pmd, which takes it into use again.
 */
static long fill_with_anon(long in_the_end, long b, long c)
{
	do_mprotect(0, span, PROT_READ);
	do_check(0, span, 1);
	for (long off = 0; off < span; off += span / 8) {
		SYS(mmap(map + off, span / 8, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
		do_fill(off, span / 8, 2);
	}
	do_check(0, span, 2);
	do_check(span, span, 1);
	SYS(madvise(map, span, MADV_COLLAPSE));
	CHECK(own_huge("AnonHugePages") == span / 1024, "%ld kB are huge", own_huge("AnonHugePages"));
	do_check(0, span, 2);
	if (in_the_end == 1) {
		do_mprotect(OFF, pagesz, PROT_READ);
		do_check(0, span, 2);
		do_fill(0, OFF, 3);
		do_check(OFF, span - OFF, 2);
	} else if (in_the_end == 2) {
		_exit(0);
	}
	do_munmap(0, span, 0);
	do_check(span, span, 1);
	return 0;
}

static void anon_in_its_place(void)
{
	long records = records_now();

	need_thp();
	for (int in_the_end = 0; in_the_end < 3; in_the_end++) {
		int first = members;

		shared(2, LEN);
		leave_by_exit(first);
		if (in_the_end == 2) {
			order(first + 1, fill_with_anon, in_the_end, 0, 0);
			CHECK(buried(first + 1) == 0, "it did not exit");
		} else {
			at(first + 1, fill_with_anon, in_the_end, 0, 0);
		}
		dismiss();
		no_more_records_than(records);
	}
}

/* khugepaged looks at a process that wanted huge pages once, of memory that it used. */
static long do_want_huge(long a, long b, long c)
{
	char *elsewhere = SYS(mmap(NULL, LEN, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	*(volatile char *)elsewhere = 1;
	SYS(madvise(elsewhere, LEN, MADV_HUGEPAGE));
	SYS(munmap(elsewhere, LEN));
	return 0;
}

/* Until it has been everywhere; the first round may have begun long ago. */
static void wait_for_rounds(int n)
{
	long last = n + strtol(slurp(KNOB("full_scans")) ?: "", NULL, 10);

	for (long end = now_ms() + PATIENCE_MS; strtol(slurp(KNOB("full_scans")) ?: "", NULL, 10) < last; pause_ms(5))
		if (now_ms() > end)
			FAIL("khugepaged has not gone round %d times", n);
}

/*
 * Pages of a table that a fork shared are shared, although each has one mapping only: a huge page is no gain, and the table would be
 * copied for nothing.  Hook: hpage_collapse_scan_pmd.
 */
static void forked(void)
{
	long left;

	need_thp();
	share_small();
	family(2, LEN);
	do_want_huge(0, 0, 0);
	each(do_want_huge, 0, 0, 0);
	hurry();
	left = shpte_counter("leave_collapse");
	khugepaged_stop(1);
	SYS(spit(THP "/enabled", "always"));
	wait_for_rounds(3);
	khugepaged_stop(0);
	as_ever();
	CHECK(shpte_counter("leave_collapse") == left, "%ld tables were left for nothing", shpte_counter("leave_collapse") - left);
	CHECK(own_huge("AnonHugePages") == 0, "%ld kB are huge", own_huge("AnonHugePages"));
	only_one(-1, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "at_rest", at_rest }, { "under_writers", under_writers }, { "under_holes", under_holes },
		{ "text_on_disk", text_on_disk }, { "anon_in_its_place", anon_in_its_place }, { "forked", forked },
	};

	return RUN(cases);
}
