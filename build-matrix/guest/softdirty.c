// SPDX-License-Identifier: GPL-2.0
/*
 * Who clears its soft-dirty bits learns from then on which pages it writes itself.  What others write to the file does not
 * mark them, and the others notice nothing.
 */
#include "disk.h"
#include "family.h"
#include "pagemap.h"

#define TABLES 2
#define LEN (TABLES * span)
#define PAGES (LEN / pagesz)
#define PART (span / 4)

/* Clears the bits of all pages of this process. */
static long do_clear(long a, long b, long c)
{
	CHECK(!spit("/proc/self/clear_refs", "4"), "clear_refs: %s", strerror(errno));
	return 0;
}

static long do_count_marked(long off, long len, long c)
{
	return count_bit(off, len, PM_SOFT_DIRTY);
}

/* So many of these pages must be marked. */
static long do_marked(long off, long len, long want)
{
	long have = count_bit(off, len, PM_SOFT_DIRTY);

	CHECK(have == want, "%ld pages from 0x%lx are soft-dirty, not %ld", have, off, want);
	return 0;
}

/* Without the bits a page that was just written has none. */
static void begin(int fd, int n)
{
	shared_on(fd, n, LEN);
	if (!at(0, do_count_marked, 0, LEN, 0))
		skip("this kernel has no soft-dirty bits");
	each(do_marked, 0, LEN, PAGES);
}

/* Hook: clear_refs_write: whoever is tracked leaves first, or all would lose their write rights and be tracked with him. */
static void tracked(int fd)
{
	long attaches;

	begin(fd, 3);
	LEAVES("leave_flags", TABLES, at(1, do_clear, 0, 0, 0));
	attaches = shpte_counter("attaches");
	at(1, do_marked, 0, LEN, 0);
	at(1, do_check, 0, LEN, 1);
	at(1, do_marked, 0, LEN, 0);
	CHECK(shpte_counter("attaches") == attaches, "who is tracked shares tables");
	/* His own writes, and others'. */
	at(1, do_fill, PART, PART, 2);
	at(1, do_marked, 0, LEN, PART / pagesz);
	at(1, do_marked, PART, PART, PART / pagesz);
	at(0, do_fill, 2 * PART, PART, 2);
	at(2, do_fill, span, span, 2);
	at(1, do_marked, 0, LEN, PART / pagesz);
	at(1, do_check, 2 * PART, PART, 2);
	at(1, do_check, span, span, 2);
	at(1, do_marked, 0, LEN, PART / pagesz);
	each(do_check, PART, 2 * PART, 2);
	at(0, do_marked, 0, LEN, PAGES);
	at(2, do_marked, 0, LEN, PAGES);
	/* And once more. */
	at(1, do_clear, 0, 0, 0);
	at(1, do_marked, 0, LEN, 0);
	at(0, do_fill, 0, LEN, 3);
	at(1, do_check, 0, LEN, 3);
	at(1, do_marked, 0, LEN, 0);
	at(1, do_fill, 0, LEN, 4);
	at(1, do_marked, 0, LEN, PAGES);
	each(do_check, 0, LEN, 4);
}

static void on_tmpfs(void)
{
	tracked(file_in("/tmp", LEN));
}

static void on_ext2(void)
{
	mount_ext2();
	tracked(file_in(MNT, LEN));
	leave_ext2(file_fd);
}

/* Several who are tracked, each for himself. */
static void each_for_himself(void)
{
	begin(file_in("/tmp", LEN), 4);
	for (int i = 0; i < 3; i++)
		at(i, do_clear, 0, 0, 0);
	for (int i = 0; i < 3; i++)
		at(i, do_fill, i * PART, PART, 2 + i);
	at(3, do_fill, span, span, 2);
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 3; k++)
			at(i, do_check, k * PART, PART, 2 + k);
		at(i, do_check, span, span, 2);
		at(i, do_marked, i * PART, PART, PART / pagesz);
		at(i, do_marked, 0, LEN, PART / pagesz);
	}
	at(3, do_marked, 0, LEN, PAGES);
}

/* Who was tracked can share again by a new mapping, which is marked as a whole. */
static void new_mapping(void)
{
	begin(file_in("/tmp", LEN), 3);
	at(1, do_clear, 0, 0, 0);
	at(1, do_check, 0, LEN, 1);
	at(1, do_munmap, 0, LEN, 0);
	at(1, do_map, 0, LEN, RW);
	at(1, do_check, 0, LEN, 1);
	at(1, do_marked, 0, LEN, PAGES);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* A new mapping where one was before. */
static long do_map_here(long off, long len, long prot)
{
	SYS(mmap(map + off, len, prot, MAP_SHARED | MAP_FIXED, file_fd, off));
	return 0;
}

/* Who is tracked is merged with what was not: all of it is tracked from then on. */
static void merged(void)
{
	begin(file_in("/tmp", LEN), 3);
	at(1, do_mprotect, span, span, PROT_READ);
	at(1, do_clear, 0, 0, 0);
	at(1, do_map_here, 0, span, RW);
	at(1, do_check, 0, span, 1);
	at(1, do_mprotect, span, span, RW);
	/* A page that another one brings must not come with a right that lets the first write go unseen. */
	at(0, do_madvise, PART, PART, MADV_REMOVE);
	at(0, do_check, PART, PART, 0);
	at(1, do_fill, PART, PART, 2);
	at(1, do_marked, PART, PART, PART / pagesz);
	each(do_check, PART, PART, 2);
}

static long do_grow(long off, long from, long to)
{
	CHECK(SYS(mremap(map + off, from, to, 0)) == map + off, "it moved");
	return 0;
}

/* The same where no flag changes: it grows until it meets the next one. */
static void grown(void)
{
	begin(file_in("/tmp", LEN), 3);
	at(1, do_munmap, span - PART, PART, 0);
	at(1, do_clear, 0, 0, 0);
	at(1, do_map_here, span, span, RW);
	at(1, do_check, span, span, 1);
	at(1, do_grow, 0, span - PART, span);
	at(0, do_madvise, span + PART, PART, MADV_REMOVE);
	at(0, do_check, span + PART, PART, 0);
	at(1, do_fill, span + PART, PART, 2);
	at(1, do_marked, span + PART, PART, PART / pagesz);
	each(do_check, span + PART, PART, 2);
}

/*
 * A private mapping of /dev/zero has a file, and its pages are in none: what a fork shared of it goes on with the fork's
 * tables, whatever happens to the mapping before it, which is tracked.  Hook: vma_modify.
 */
static void beside_dev_zero(void)
{
	int zero = SYS(open("/dev/zero", O_RDWR | O_CLOEXEC));
	char *area = room(span + LEN, 0), *page = area + span - pagesz;
	long given = shpte_counter("fork_shared");

	share_small();
	file_fd = file_in("/tmp", pagesz);
	SYS(mmap(page, pagesz, RW, MAP_SHARED | MAP_FIXED, file_fd, 0));
	do_clear(0, 0, 0);
	map = SYS(mmap(area + span, LEN, RW, MAP_PRIVATE | MAP_FIXED, zero, 0));
	do_fill(0, LEN, 1);
	if (!count_bit(0, LEN, PM_SOFT_DIRTY))
		skip("this kernel has no soft-dirty bits");
	SYS(mprotect(map, LEN, PROT_READ));
	team(2);
	FORK_GREW("fork_shared", given, TABLES);
	SYS(mprotect(page, pagesz, PROT_NONE));
	each(do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	dismiss();
	SYS(munmap(page, pagesz + LEN));
	close(zero);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "tmpfs", on_tmpfs }, { "ext2", on_ext2 }, { "each_for_himself", each_for_himself },
		{ "new_mapping", new_mapping }, { "merged", merged }, { "grown", grown },
		{ "beside_dev_zero", beside_dev_zero },
	};

	every_page = 1;
	return RUN(cases);
}
