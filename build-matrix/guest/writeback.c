// SPDX-License-Identifier: GPL-2.0
/*
 * What is written through a shared table must reach the disk, whoever wrote it, and whoever has it written out.
 *
 * Writing a page out makes its entry clean and read-only, so that the next write is noticed.  With one table
 * for all there is one entry, but a TLB for every sharer: one that was not flushed goes on writing, and nobody
 * knows that the page is dirty again.  The data are lost when the page goes.
 * Hook: page_vma_mkclean_one; rule R3.
 */
#include "disk.h"
#include "counting.h"

#define LEN span

/* The blocks of the disk where the file's pages are; read past every cache. */
static long block_of[64];
static int disk_fd = -1;

static void find_blocks(int pages)
{
	disk_fd = SYS(open(DISK, O_RDONLY | O_DIRECT | O_CLOEXEC));
	for (int i = 0; i < pages; i++) {
		int block = i;

		SYS(ioctl(file_fd, FIBMAP, &block));
		CHECK(block, "page %d has no block on the disk", i);
		block_of[i] = block;
	}
}

static uint32_t on_disk(int page, int word)
{
	static uint32_t *buffer;

	if (!buffer)
		CHECK(!posix_memalign((void **)&buffer, pagesz, pagesz), "no memory");
	CHECK(pread(disk_fd, buffer, pagesz, (off_t)block_of[page] * pagesz) == pagesz, "pread of the disk: %s",
	      strerror(errno));
	return buffer[word];
}

static void check_disk(int pages, int word, uint32_t want, const char *when)
{
	for (int i = 0; i < pages; i++) {
		uint32_t have = on_disk(i, word);

		CHECK(have == want, "%s, page %d of the disk has %u from member %d, not %u", when, i, have, word - 16, want);
	}
}

/* FIBMAP counts in blocks: the image must have blocks of a page's size. */
static void open_disk(int n)
{
	struct stat st;

	mount_ext2();
	shared_on(file_in(MNT, LEN), n, LEN);
	SYS(fsync(file_fd));
	SYS(fstat(file_fd, &st));
	if (st.st_blksize != pagesz)
		skip("the file system's blocks are not of a page's size");
}

static void close_disk(void)
{
	dismiss();
	if (disk_fd > 0)
		close(disk_fd);
	disk_fd = -1;
	close(file_fd);
	SYS(umount(MNT));
}

/*
 * Each writer spins on its CPU, with its TLB full of these pages; when word[0] says so it writes the round's
 * number into its word of each page, and nothing flushes its TLB but the kernel's writing out.
 * word[0]: the round; word[2 + i]: the last round that member i has written.
 */
#define PAGES 3
#define ROUNDS 10

static long write_rounds(long rounds, long b, long c)
{
	pin(1 + me, 0, 0);
	for (int round = 1; round <= rounds; round++) {
		while (guest->word[0] < round)
			relax();
		for (int i = 0; i < PAGES; i++)
			((volatile uint32_t *)(map + i * pagesz))[16 + me] = round;
		guest->word[2 + me] = round;
	}
	return 0;
}

static void everybody_has_written(int round, int from, int to)
{
	for (int i = from; i < to; i++)
		while (guest->word[2 + i] < round) {
			if (guest->failed)
				_exit(1);
			sched_yield();
		}
}

static long do_msync(long off, long len, long flags)
{
	return SYS(msync(map + off, len, flags));
}

/* Members 0 and 1 write; the file is written out by one who has no mapping, by fsync(). */
static void fsync_after_all(void)
{
	open_disk(3);
	here();
	find_blocks(PAGES);
	pin(0, 0, 0);
	for (int i = 0; i < 2; i++)
		order(i, write_rounds, ROUNDS, 0, 0);
	for (int round = 1; round <= ROUNDS; round++) {
		atomic_store(&guest->word[0], round);
		everybody_has_written(round, 0, 2);
		SYS(fsync(file_fd));
		for (int i = 0; i < 2; i++)
			check_disk(PAGES, 16 + i, round, "after fsync");
	}
	for (int i = 0; i < 2; i++)
		finish(i);
	close_disk();
}

/* Only member 1 writes, again and again; member 0, the first of the table, never touches it: it has it written out. */
static long write_alone(long rounds, long b, long c)
{
	pin(1, 0, 0);
	for (int round = 1; round <= rounds; round++) {
		while (guest->word[0] < round)
			relax();
		for (int i = 0; i < PAGES; i++)
			((volatile uint32_t *)(map + i * pagesz))[16 + me] = round;
		guest->word[2 + me] = round;
	}
	return 0;
}

static long sync_rounds(long rounds, long b, long flags)
{
	pin(0, 0, 0);
	for (int round = 1; round <= rounds; round++) {
		while (guest->word[1] < round)
			relax();
		SYS(msync(map, LEN, MS_SYNC));
		guest->word[2 + me] = round;
	}
	return 0;
}

static void msync_by_another(void)
{
	for (int syncer = 0; syncer < 2; syncer++) {
		int writer = !syncer;

		open_disk(3);
		here();
		find_blocks(PAGES);
		for (int i = 0; i < 4; i++)
			guest->word[i] = 0;
		order(writer, write_alone, ROUNDS, 0, 0);
		order(syncer, sync_rounds, ROUNDS, 0, 0);
		pin(2, 0, 0);
		for (int round = 1; round <= ROUNDS; round++) {
			atomic_store(&guest->word[0], round);
			everybody_has_written(round, writer, writer + 1);
			atomic_store(&guest->word[1], round);
			everybody_has_written(round, syncer, syncer + 1);
			check_disk(PAGES, 16 + writer, round, "after msync");
		}
		finish(0);
		finish(1);
		close_disk();
	}
}

/* Two mappings of one process, one writes and the other is written out. */
static long own_second_mapping(long rounds, long b, long c)
{
	char *first = map;

	find_blocks(PAGES);
	do_map(0, LEN, RW);
	do_check(0, LEN, 1);
	for (int round = 1; round <= rounds; round++) {
		for (int i = 0; i < PAGES; i++)
			((volatile uint32_t *)((round % 2 ? map : first) + i * pagesz))[16 + me] = round;
		SYS(msync(round % 2 ? first : map, LEN, MS_SYNC));
		check_disk(PAGES, 16 + me, round, "after msync of the other mapping");
	}
	return 0;
}

static void two_mappings(void)
{
	open_disk(2);
	at(1, own_second_mapping, 10, 0, 0);
	close_disk();
}

/* Writers that don't wait for anybody, and writing out all the time; what is there in the end must be on the disk. */
static void in_the_end(void)
{
	const long len = 16 * pagesz;

	open_disk(3);
	here();
	find_blocks(16);
	count_begin(2, len, 0);
	for (long end = now_ms() + 300; now_ms() < end; )
		SYS(fdatasync(file_fd));
	count_end(2, len);
	SYS(fsync(file_fd));
	do_map(0, LEN, RW);
	for (int i = 0; i < 16; i++)
		for (int word = 16; word < 18; word++) {
			uint32_t want = ((volatile uint32_t *)(map + i * pagesz))[word];

			CHECK(on_disk(i, word) == want, "page %d of the disk has %u from member %d, memory has %u", i,
			      on_disk(i, word), word - 16, want);
		}
	SYS(munmap(map, LEN));
	close_disk();
}

/* The whole file, out of memory and in again. */
static void remounted(void)
{
	int fd;

	mount_ext2();
	fd = SYS(open(MNT "/kept", O_RDWR | O_CREAT | O_TRUNC, 0600));
	SYS(ftruncate(fd, LEN));
	shared_on(fd, 3, LEN);
	for (int i = 0; i < 3; i++) {
		at(i, do_fill, 0, LEN, 2 + i);
		if (i == 1)
			at(2, do_msync, 0, LEN, MS_SYNC);
		at((i + 1) % 3, do_fill, 0, LEN / 2, 12 + i);
		dismiss();
		close(fd);
		remount_ext2();
		fd = file_fd = SYS(open(MNT "/kept", O_RDWR));
		team(3);
		each(do_map, 0, LEN, RW);
		each(do_check, 0, LEN / 2, 12 + i);
		each(do_check, LEN / 2, LEN / 2, 2 + i);
	}
	dismiss();
	close(fd);
	SYS(unlink(MNT "/kept"));
	SYS(umount(MNT));
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "fsync_after_all", fsync_after_all }, { "msync_by_another", msync_by_another },
		{ "two_mappings", two_mappings }, { "in_the_end", in_the_end }, { "remounted", remounted },
	};

	every_page = 1;
	count_every = 1;
	return RUN(cases);
}
