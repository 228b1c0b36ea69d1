/* SPDX-License-Identifier: GPL-2.0 */
/* A part of guest.h: what the kernel says of itself, and the opening that most cases have. */
#ifndef GUEST_FACTS_H
#define GUEST_FACTS_H

#include <ctype.h>
#include <dirent.h>

#define SHPTE "/sys/kernel/mm/shpte"
/* init turns it off: a fault for a hint leaves a table when nobody expects it. */
#define NUMA_BALANCING "/proc/sys/kernel/numa_balancing"

/* The whole of a small file of /proc or /sys; NULL: there is none. */
static char *slurp(const char *path)
{
	static char text[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC), n, len = 0;

	if (fd < 0)
		return NULL;
	while (len < (int)sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = '\0';
	return text;
}

/* 0, or -1 where there is no such file or it does not take that. */
static int spit(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), n, len = strlen(text);

	if (fd < 0)
		return -1;
	n = write(fd, text, len);
	close(fd);
	return n == len ? 0 : -1;
}

/* The number behind a key at the start of a line; -1: no such line. */
static long number_of(const char *path, const char *key)
{
	char *text = slurp(path), *line;
	size_t len = strlen(key);

	for (line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, key, len) && (line[len] == ':' || line[len] == ' '))
			return strtol(line + len + 1, NULL, 10);
	return -1;
}

/* kB; the counters of all CPUs are folded in first, or a small change does not show. */
static long meminfo(const char *key)
{
	slurp("/proc/sys/vm/stat_refresh");
	return number_of("/proc/meminfo", key);
}

/* Page tables when they have come to rest: they are freed late, by RCU. */
static long settled_tables(void)
{
	long now = meminfo("PageTables"), before;

	do {
		before = now;
		pause_ms(200);
		now = meminfo("PageTables");
	} while (now != before);
	return now;
}

static long vmstat(const char *key)
{
	slurp("/proc/sys/vm/stat_refresh");
	return number_of("/proc/vmstat", key);
}

static long own_status(const char *key)
{
	return number_of("/proc/self/status", key);
}

static long minor_faults(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt;
}

/*
 * How far two addresses must be apart not to share a pte page: the process's page tables grow only then.
 * Intermediate tables cover more, so the first growth is a pte page's.
 */
static long pte_span(void)
{
	const size_t most = sizeof(long) == 8 ? 1UL << 30 : 64UL << 20;
	char *p = mmap(NULL, 2 * most, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), *base;
	size_t distance;
	long before;

	if (p == MAP_FAILED)
		return 512 * pagesz;
	base = (char *)(((uintptr_t)p + most - 1) & -(uintptr_t)most);
	*(volatile char *)base = 1;
	before = own_status("VmPTE");
	for (distance = pagesz; distance < most; distance *= 2) {
		*(volatile char *)(base + distance) = 1;
		if (own_status("VmPTE") != before)
			break;
	}
	munmap(p, 2 * most);
	return distance;
}

/* -1: this kernel has no shared page tables.  A counter that is missing on one that has is a failure. */
static long shpte_counter(const char *name)
{
	char path[100], *text;

	if (access(SHPTE, F_OK))
		return -1;
	snprintf(path, sizeof(path), SHPTE "/%s", name);
	text = slurp(path);
	CHECK(text, "no counter %s", path);
	return strtol(text, NULL, 10);
}

/*
 * A table that was on offer has a record, which goes with it, after a grace period.  How many are there, when those of the tests
 * before have gone?
 */
static long records_now(void)
{
	long now = shpte_counter("records");

	for (int i = 0, same = 0; i < 50 && same < 5; i++) {
		long was = now;

		pause_ms(100);
		now = shpte_counter("records");
		same = now == was ? same + 1 : 0;
	}
	return now;
}

static void no_more_records_than(long before)
{
	for (int i = 0; i < 50 && shpte_counter("records") > before; i++)
		pause_ms(100);
	CHECK(shpte_counter("records") <= before, "%ld records are left", shpte_counter("records") - before);
}

static int shpte_on(void)
{
	return shpte_counter("enabled") > 0;
}

/* The sum of the counters whose names begin like this: "leave_" is all that left, for whatever cause. */
static long shpte_sum(const char *prefix)
{
	DIR *dir = opendir(SHPTE);
	struct dirent *de;
	long sum = 0;

	if (!dir)
		return -1;
	while ((de = readdir(dir)))
		if (!strncmp(de->d_name, prefix, strlen(prefix)))
			sum += shpte_counter(de->d_name);
	closedir(dir);
	return sum;
}

/* With shared page tables, what a counter must have done since it was `before`. */
static void counter_grew(const char *file, int line, const char *name, long before, long least)
{
	long now;

	if (!shpte_on())
		return;
	now = shpte_counter(name);
	if (now - before < least)
		guest_fail(file, line, "%s grew by %ld, not %ld", name, now - before, least);
}

static void sum_grew(const char *file, int line, const char *prefix, long before, long least)
{
	long now;

	if (!shpte_on())
		return;
	now = shpte_sum(prefix);
	if (now - before < least)
		guest_fail(file, line, "%s* grew by %ld, not %ld", prefix, now - before, least);
}

#define GREW(name, before, least) counter_grew(__FILE__, __LINE__, name, before, least)
#define SUM_GREW(prefix, before, least) sum_grew(__FILE__, __LINE__, prefix, before, least)

/* An order's frame for both: `steps` are done, and tables must have been left for this cause. */
#define LEAVES(name, least, steps) do {			\
	long before_ = shpte_counter(name);		\
	steps;						\
	GREW(name, before_, least);			\
} while (0)

/* The same where several causes would be right, as for a part that is split off before it is unmapped. */
#define LEAVES_SOMEHOW(least, steps) do {		\
	long before_ = shpte_sum("leave_");		\
	steps;						\
	SUM_GREW("leave_", before_, least);		\
} while (0)

/*
 * The opening of most cases: n members map a file of len bytes and fill it with generation 1.  The members
 * touch it one after the other, so that with shared page tables all of its full tables must become shared.
 */
static void shared_fd(const char *at_file, int line, int n, int fd, size_t len)
{
	long attaches = shpte_counter("attaches"), tables = shpte_counter("tables_shared");
	int first = members;

	guest->file = at_file;
	guest->line = line;
	file_fd = fd;
	file_len = len;
	team(n);
	for (int i = first; i < members; i++)
		team_at(i, do_map, 0, len, RW);
	team_at(first, do_fill, 0, len, 1);
	for (int i = first; i < members; i++)
		team_at(i, do_check, 0, len, 1);
	counter_grew(at_file, line, "attaches", attaches, (n - 1) * (long)(len / span));
	if (n > 1)
		counter_grew(at_file, line, "tables_shared", tables, len / span);
}

#define shared(n, len) shared_fd(__FILE__, __LINE__, n, file_in("/tmp", len), len)
#define shared_on(fd, n, len) shared_fd(__FILE__, __LINE__, n, fd, len)

#endif
