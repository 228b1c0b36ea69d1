// SPDX-License-Identifier: GPL-2.0
#include <time.h>

#include "tsc.h"

#if defined(__x86_64__) || defined(__i386__)
static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* The counter at a moment that is known well: of some tries the one in which nobody took the CPU from us. */
static unsigned long long sample(long long *at)
{
	unsigned long long best = 0;
	long long shortest = -1;

	for (int i = 0; i < 20; i++) {
		long long before = now_ns();
		unsigned long long tsc = __builtin_ia32_rdtsc();
		long long after = now_ns();

		if (shortest >= 0 && after - before >= shortest)
			continue;
		shortest = after - before;
		*at = before + shortest / 2;
		best = tsc;
	}
	return best;
}

long host_tsc_khz(void)
{
	static long khz;
	long long from, to;
	unsigned long long a, b;

	if (khz)
		return khz;
	a = sample(&from);
	nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	b = sample(&to);
	khz = (double)(b - a) / (to - from) * 1e6;
	return khz;
}
#else
long host_tsc_khz(void)
{
	return 0;
}
#endif
