// SPDX-License-Identifier: GPL-2.0
/* make's job server. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/log.h"
#include "jobs.h"

static struct {
	int fds[2];			/* as make knows them: they are inherited */
	int take;			/* the same pipe, and reading it never waits */
	bool active;
} server;

long jobs_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? n : 1;
}

static void put(long n)
{
	while (n > 0) {
		if (write(server.fds[1], "+", 1) == 1)
			n--;
		else if (errno != EINTR)
			return;
	}
}

int jobs_begin(void)
{
	_free_ path = NULL;

	if (pipe(server.fds))
		return err("job server: %s", strerror(errno));
	/* A description of its own: make wants to wait for a byte, we must see that we are to stop. */
	path = xasprintf("/proc/self/fd/%d", server.fds[0]);
	server.take = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (server.take < 0) {
		err("%s: %s", path, strerror(errno));
		close(server.fds[0]);
		close(server.fds[1]);
		return -1;
	}
	server.active = true;
	put(jobs_cpus());
	return 0;
}

void jobs_end(void)
{
	if (!server.active)
		return;
	server.active = false;
	close(server.take);
	close(server.fds[0]);
	close(server.fds[1]);
}

static bool get(void)
{
	char byte;

	return read(server.take, &byte, 1) == 1;
}

void jobs_refill(void)
{
	if (!server.active)
		return;
	while (get())
		;
	put(jobs_cpus());
}

static long some(long n)
{
	return n < jobs_cpus() ? n : jobs_cpus();
}

/* All or none: two that wait for the other's share would wait for ever. */
int jobs_take(long n)
{
	/* Not in step with the others. */
	const struct timespec pause = { .tv_nsec = 50000000 + getpid() % 100 * 1000000 };
	long got = 0;

	if (!server.active)
		return 0;
	for (;;) {
		if (run_stopped())
			return -EINTR;
		while (got < some(n) && get())
			got++;
		if (got == some(n))
			return 0;
		put(got);
		got = 0;
		nanosleep(&pause, NULL);
	}
}

void jobs_give(long n)
{
	if (server.active)
		put(some(n));
}

/* Of an emulated machine's CPUs half rest most of the time: one boots alone, and tests wait for each other. */
long jobs_guest(long smp)
{
	return (smp + 1) / 2;
}

void jobs_make(struct run *r)
{
	if (server.active) {
		/* A number among its arguments would be its own. */
		strv_addf(&r->env, "MAKEFLAGS= -j%ld --jobserver-auth=%d,%d", jobs_cpus(), server.fds[0], server.fds[1]);
		return;
	}
	strv_add(&r->env, "MAKEFLAGS=");
	strv_addf(&r->argv, "-j%ld", jobs_cpus());
}
