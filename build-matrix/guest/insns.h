/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the programs of suites that count instructions: under `-icount shift=0` one nanosecond of the guest's clock, and one
 * unit of the CPU's counter, is one instruction, the kernel's own included.
 */
#ifndef GUEST_INSNS_H
#define GUEST_INSNS_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define MUST(call) ({						\
	__typeof__(call) ret_ = (call);				\
	if ((long)ret_ == -1) {					\
		printf("Bail out! %s: %s\n", #call, strerror(errno)); \
		exit(1);					\
	}							\
	ret_;							\
})

static uint64_t count(void)
{
#if defined(__i386__) || defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
#endif
}

static void wait_for(pid_t pid)
{
	int status;

	MUST(waitpid(pid, &status, 0));
	if (!status)
		return;
	printf("Bail out! a child ended with 0x%x\n", status);
	exit(1);
}

static void run(const char *path, const char *arg)
{
	pid_t pid = MUST(fork());

	if (!pid) {
		execl(path, path, arg, NULL);
		_exit(127);
	}
	wait_for(pid);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts them, too. */
static uint64_t median(uint64_t *all, int n)
{
	qsort(all, n, sizeof(*all), by_size);
	return all[n / 2];
}

#endif
