/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests with huge pages: where they are, and how much a process has mapped of them. */
#ifndef GUEST_HUGE_H
#define GUEST_HUGE_H

#include "disk.h"

#define THP "/sys/kernel/mm/transparent_hugepage"
#define HUGE_MNT "/tmp/huge"

/* A huge page and a pte page map the same range: else what is asked here has another answer. */
static void need_thp(void)
{
	char *text = slurp(THP "/hpage_pmd_size");

	if (!text)
		skip("no transparent huge pages");
	if (strtol(text, NULL, 10) != span)
		skip("a huge page is not what a pte page maps");
}

/* Collapsing is for those who ask for it, until the end of the test. */
static void khugepaged_stop(int stop)
{
	static char was[20];
	char *chosen;

	if (!stop) {
		if (was[0])
			spit(THP "/enabled", was);
		return;
	}
	chosen = slurp(THP "/enabled");
	chosen = chosen ? strchr(chosen, '[') : NULL;
	if (chosen && sscanf(chosen, "[%19[a-z]]", was) == 1)
		spit(THP "/enabled", "never");
}

/* An empty tmpfs with huge pages by this policy. */
static void mount_huge(const char *policy)
{
	need_thp();
	mkdir(HUGE_MNT, 0755);
	umount2(HUGE_MNT, MNT_DETACH);
	SYS(mount("tmpfs", HUGE_MNT, "tmpfs", 0, policy));
}

static void remount_huge(const char *policy)
{
	SYS(mount("tmpfs", HUGE_MNT, "tmpfs", MS_REMOUNT, policy));
}

static void unmount_huge(void)
{
	dismiss();
	close(file_fd);
	umount2(HUGE_MNT, MNT_DETACH);
}

/* kB that the calling process has mapped by huge pages: of shmem, of other files, of its own memory. */
static long own_huge(const char *key)
{
	long kb = number_of("/proc/self/smaps_rollup", key);

	CHECK(kb >= 0, "no %s in smaps_rollup", key);
	return kb;
}

static long do_huge_shmem(long a, long b, long c)
{
	return own_huge("ShmemPmdMapped");
}

static long do_huge_file(long a, long b, long c)
{
	return own_huge("FilePmdMapped");
}

static void expect_huge(int who, order_fn kind, long len)
{
	long kb = at(who, kind, 0, 0, 0);

	CHECK(kb == len / 1024, "member %d has %ld kB mapped by huge pages, not %ld", who, kb, len / 1024);
}

/* n members map a file; nobody says whether by tables or by huge pages. */
static void mapped_by(int n, int fd, long len)
{
	file_fd = fd;
	file_len = len;
	team(n);
	each(do_map, 0, len, RW);
	at(0, do_fill, 0, len, 1);
	each(do_check, 0, len, 1);
}

#endif
