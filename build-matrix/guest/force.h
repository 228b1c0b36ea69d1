/* SPDX-License-Identifier: GPL-2.0 */
/* Writing by force into what a process has mapped, as a debugger does: where it may only read, it gets a page of its own. */
#ifndef GUEST_FORCE_H
#define GUEST_FORCE_H

#include "guest.h"
#include <sys/ptrace.h>

/* Where another member has the file: members tell by the result of this order. */
static long do_where(long a, long b, long c)
{
	return (long)map;
}

static void poke(int who, long off, long value)
{
	pid_t pid = guest->slot[who].pid;
	long where = at(who, do_where, 0, 0, 0);

	SYS(ptrace(PTRACE_ATTACH, pid, NULL, NULL));
	SYS(waitpid(pid, NULL, 0));
	SYS(ptrace(PTRACE_POKEDATA, pid, (void *)(where + off), (void *)value));
	SYS(ptrace(PTRACE_DETACH, pid, NULL, NULL));
}

/* By /proc/PID/mem, for which nobody has to stand still. */
static long force_at(const char *path, char *where, long value)
{
	int fd = SYS(open(path, O_RDWR | O_CLOEXEC));

	CHECK(pwrite(fd, &value, sizeof(value), (off_t)(uintptr_t)where) == sizeof(value), "%s: %s", path, strerror(errno));
	return close(fd);
}

static long force(int who, long off, long value)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/mem", guest->slot[who].pid);
	return force_at(path, (char *)at(who, do_where, 0, 0, 0) + off, value);
}

static long do_force(long off, long value, long c)
{
	return force_at("/proc/self/mem", map + off, value);
}

static long do_expect(long off, long value, long c)
{
	long have = *(volatile long *)(map + off);

	CHECK(have == value, "offset 0x%lx has %lx, not %lx", off, have, value);
	return 0;
}

#endif
