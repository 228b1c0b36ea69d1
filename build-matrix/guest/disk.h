/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests that need a disk, swap or a memory cgroup: all of it in RAM disks. */
#ifndef GUEST_DISK_H
#define GUEST_DISK_H

#include "guest.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/swap.h>

#define DISK "/dev/ram0"
#define SWAP "/dev/ram1"
#define MNT "/mnt"

static long long device_size(const char *path)
{
	unsigned long long size = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (ioctl(fd, BLKGETSIZE64, &size))
		size = 0;
	close(fd);
	return size;
}

/* The empty ext2 of the initramfs is copied to the RAM disk once; files without a name leave it empty again. */
static void make_ext2(void)
{
	static char chunk[65536];
	int from = open("/ext2.img", O_RDONLY | O_CLOEXEC), to;
	long n;

	if (from < 0)
		skip("no /ext2.img");
	if (device_size(DISK) < lseek(from, 0, SEEK_END))
		skip("no " DISK ", or too small: ramdisk_size=65536");
	to = SYS(open(DISK, O_WRONLY | O_CLOEXEC));
	lseek(from, 0, SEEK_SET);
	while ((n = SYS(read(from, chunk, sizeof(chunk)))) > 0)
		CHECK(write(to, chunk, n) == n, "write " DISK ": %s", strerror(errno));
	SYS(fsync(to));
	close(to);
	close(from);
}

static void mount_ext2(void)
{
	mkdir(MNT, 0755);
	umount2(MNT, MNT_DETACH);
	if (!mount(DISK, MNT, "ext2", MS_SILENT, NULL))
		return;
	if (errno == ENODEV)
		skip("this kernel has no ext2");
	make_ext2();
	SYS(mount(DISK, MNT, "ext2", 0, NULL));
}

/* To the disk and out of memory, and back: what is read now is what was written there. */
static void remount_ext2(void)
{
	SYS(umount(MNT));
	SYS(mount(DISK, MNT, "ext2", 0, NULL));
}

/* The end of a case with a file there. */
static void leave_ext2(int fd)
{
	dismiss();
	close(fd);
	SYS(umount(MNT));
}

static int go_direct(int fd)
{
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_DIRECT))
		skip("no O_DIRECT");
	return fd;
}

/* From what is mapped into a file, and back. */
static long write_out(long off, long len, long fd)
{
	CHECK(pwrite(fd, map + off, len, 0) == len, "write: %s", strerror(errno));
	return 0;
}

static long read_in(long off, long len, long fd)
{
	CHECK(pread(fd, map + off, len, 0) == len, "read: %s", strerror(errno));
	return 0;
}

/* mkswap and swapon */
static void swap_on(void)
{
	struct {
		char boot[1024];
		uint32_t version, last_page, bad_pages;
	} head = { .version = 1 };
	char *first = calloc(1, pagesz);
	long long size = device_size(SWAP);
	int fd;

	if (size < 16 << 20)
		skip("no " SWAP ", or too small: ramdisk_size=65536");
	swapoff(SWAP);
	head.last_page = size / pagesz - 1;
	memcpy(first, &head, sizeof(head));
	memcpy(first + pagesz - 10, "SWAPSPACE2", 10);
	fd = SYS(open(SWAP, O_WRONLY | O_CLOEXEC));
	CHECK(write(fd, first, pagesz) == pagesz, "write " SWAP ": %s", strerror(errno));
	SYS(fsync(fd));
	close(fd);
	free(first);
	if (swapon(SWAP, 0)) {
		if (errno == ENOSYS)
			skip("this kernel has no swap");
		FAIL("swapon: %s", strerror(errno));
	}
}

#define GROUP "/sys/fs/cgroup/shpte"

/* This process and all that it forks from now on, and the pages that they are the first to touch. */
static void enter_cgroup(void)
{
	char text[20];

	if (access("/sys/fs/cgroup/cgroup.procs", F_OK))
		skip("no cgroup2");
	mkdir(GROUP, 0755);
	if (access(GROUP "/memory.current", F_OK))
		skip("no memory cgroups");
	snprintf(text, sizeof(text), "%d", getpid());
	CHECK(!spit(GROUP "/cgroup.procs", text), "cgroup.procs: %s", strerror(errno));
}

/* Asks for so many bytes back; kernels before 5.19 can't be asked, but can be squeezed. */
static void reclaim(long bytes)
{
	char text[32];

	/*
	 * Brings the group's statistics up to date: reclaim decides by them whether active pages may age.  The second is for kernels
	 * where each controller has its own.
	 */
	slurp(GROUP "/cpu.stat");
	slurp(GROUP "/memory.stat");
	if (!access(GROUP "/memory.reclaim", F_OK)) {
		snprintf(text, sizeof(text), "%ld", bytes);
		spit(GROUP "/memory.reclaim", text);	/* EAGAIN: it was less */
		return;
	}
	snprintf(text, sizeof(text), "%ld", strtol(slurp(GROUP "/memory.current") ?: "0", NULL, 10) - bytes);
	spit(GROUP "/memory.high", text[0] == '-' ? "0" : text);
	spit(GROUP "/memory.high", "max");
}

/* How many pages of the mapping are in memory, mapped or not. */
static long resident(long off, long len)
{
	unsigned char *vec = malloc(len / pagesz);
	long n = 0;

	SYS(mincore(map + off, len, vec));
	for (long i = 0; i < len / pagesz; i++)
		n += vec[i] & 1;
	free(vec);
	return n;
}

static long do_resident(long off, long len, long c)
{
	return resident(off, len);
}

#endif
