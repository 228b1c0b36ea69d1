/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests that look at a process's page table entries and what it is charged for. */
#ifndef GUEST_PAGEMAP_H
#define GUEST_PAGEMAP_H

#include "guest.h"

#define PM_PRESENT (1ULL << 63)
#define PM_PFN ((1ULL << 55) - 1)

/* /proc/self/pagemap of a range: one word a page. */
static uint64_t *pagemap(long off, long len)
{
	long n = len / pagesz;
	uint64_t *pm = malloc(n * sizeof(*pm));
	int fd = SYS(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	ssize_t want = n * sizeof(*pm);

	CHECK(pread(fd, pm, want, (off_t)((uintptr_t)(map + off) / pagesz) * sizeof(*pm)) == want, "pagemap: %s",
	      strerror(errno));
	close(fd);
	return pm;
}

/* Page table entries that are present in a range of this process's mapping. */
static long do_count_present(long off, long len, long c)
{
	uint64_t *pm = pagemap(off, len);
	long n = 0;

	for (long i = 0; i < len / pagesz; i++)
		n += !!(pm[i] & PM_PRESENT);
	free(pm);
	return n;
}

/* What the process is charged for, in pages. */
static long do_rss_shmem(long a, long b, long c)
{
	return own_status("RssShmem") * 1024 / pagesz;
}

static long do_rss_file(long a, long b, long c)
{
	return own_status("RssFile") * 1024 / pagesz;
}

#endif
