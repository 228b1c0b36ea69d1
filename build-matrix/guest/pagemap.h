/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests that look at a process's page table entries and what it is charged for. */
#ifndef GUEST_PAGEMAP_H
#define GUEST_PAGEMAP_H

#include "guest.h"

#define PM_PRESENT (1ULL << 63)
#define PM_SWAP (1ULL << 62)
#define PM_EXCLUSIVE (1ULL << 56)
#define PM_SOFT_DIRTY (1ULL << 55)
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

/* Pages of a range of this process's mapping with this bit. */
static long count_bit(long off, long len, uint64_t bit)
{
	uint64_t *pm = pagemap(off, len);
	long n = 0;

	for (long i = 0; i < len / pagesz; i++)
		n += !!(pm[i] & bit);
	free(pm);
	return n;
}

static long do_count_present(long off, long len, long c)
{
	return count_bit(off, len, PM_PRESENT);
}

/* Is the line of smaps the first one of the case's memory, or of another mapping's?  -1: of none. */
static int smaps_begins(const char *line)
{
	unsigned long start, end;

	if (sscanf(line, "%lx-%lx ", &start, &end) != 2)
		return -1;
	return strstr(line, "/shpte-") || ((unsigned long)map >= start && (unsigned long)map < end);
}

/* The sum of these lines, such as "Rss", of all mappings of the case's file, or of its memory, which are counted by looking at the tables. */
static long smaps_kb(const char *key)
{
	char *text = slurp("/proc/self/smaps"), *line;
	size_t n = strlen(key);
	long sum = 0;
	int ours = 0;

	if (!text)
		return -1;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		int begins = smaps_begins(line);

		if (begins >= 0)
			ours = begins;
		else if (ours && !strncmp(line, key, n) && line[n] == ':')
			sum += atol(line + n + 1);
	}
	return sum;
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
