// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdio.h>

#include "../lib/str.h"
#include "delay.h"

#define NSEC 1e9

/* Nanoseconds on a CPU and in its queue; both are 0 if that cannot be read. */
static void read_schedstat(pid_t pid, const char *thread, unsigned long long *ran, unsigned long long *waited)
{
	_free_ path = xasprintf("/proc/%d/task/%s/schedstat", pid, thread);
	FILE *f = fopen(path, "re");

	if (!f || fscanf(f, "%llu %llu", ran, waited) != 2)
		*ran = *waited = 0;
	if (f)
		fclose(f);
}

double run_delay(pid_t pid)
{
	_free_ path = xasprintf("/proc/%d/task", pid);
	unsigned long long most = 0, delay = 0, ran, waited;
	DIR *threads = opendir(path);
	struct dirent *d;

	if (!threads)
		return 0;
	while ((d = readdir(threads))) {
		if (d->d_name[0] == '.')
			continue;
		read_schedstat(pid, d->d_name, &ran, &waited);
		if (ran < most)
			continue;
		most = ran;
		delay = waited;
	}
	closedir(threads);
	return delay / NSEC;
}
