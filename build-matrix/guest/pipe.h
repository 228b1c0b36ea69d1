/* SPDX-License-Identifier: GPL-2.0 */
/* vmsplice(): a pipe keeps hold of the page itself, not of what was in it, and not as a pin. */
#ifndef GUEST_PIPE_H
#define GUEST_PIPE_H

#include "guest.h"
#include <sys/uio.h>

/* A buffer of this process in which the range stands in some generation; `map` points at it meanwhile. */
static char *buffer(long off, long len, long gen)
{
	char *now = map, *p;

	CHECK(!posix_memalign((void **)&p, pagesz, len), "no memory");
	memset(p, 0, len);
	map = p - off;
	do_fill(off, len, gen);
	map = now;
	return p;
}

static void check_buffer(char *p, long off, long len, long gen)
{
	char *now = map;

	map = p - off;
	do_check(off, len, gen);
	map = now;
}

static long splice_out(long off, long fd, long c)
{
	struct iovec part = { map + off, pagesz };

	CHECK(SYS(vmsplice(fd, &part, 1, 0)) == pagesz, "a part was spliced only");
	return 0;
}

/* The page that came from off is read now: it has generation gen. */
static void check_spliced(int fd, long off, long gen)
{
	char *p = buffer(off, pagesz, 0);

	CHECK(read(fd, p, pagesz) == pagesz, "read: %s", strerror(errno));
	check_buffer(p, off, pagesz, gen);
}

#endif
