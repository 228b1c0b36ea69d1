/* SPDX-License-Identifier: GPL-2.0 */
/* A part of guest.h: a case's members, their orders, and what they map. */
#ifndef GUEST_TEAM_H
#define GUEST_TEAM_H

static long do_nothing(long a, long b, long c)
{
	return 0;
}

static long __attribute__((noreturn)) do_exit(long status, long b, long c)
{
	_exit(status);
}

static void __attribute__((noreturn)) member(int number)
{
	struct slot *s = &guest->slot[number];
	int seen = 0;

	me = number;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		while (atomic_load(&s->order) == seen)
			futex_wait(&s->order, seen, 1000);
		seen++;
		s->result = s->fn(s->off, s->len, s->gen);
		atomic_store(&s->done, seen);
		futex_wake(&s->done);
	}
}

/* Forks n more members; each has what the conductor has at this moment. */
static void team(int n)
{
	for (; n; n--, members++) {
		pid_t pid;

		guest->slot[members] = (struct slot){ 0 };
		pid = SYS(fork());
		if (!pid)
			member(members);
		guest->slot[members].pid = pid;
	}
}

static void order(int i, order_fn fn, long off, long len, long gen)
{
	struct slot *s = &guest->slot[i];

	s->fn = fn;
	s->off = off;
	s->len = len;
	s->gen = gen;
	atomic_fetch_add(&s->order, 1);
	futex_wake(&s->order);
}

/* Waits until member i has carried out its order, and gives the result. */
static long finish(int i)
{
	struct slot *s = &guest->slot[i];
	int done, status;

	while ((done = atomic_load(&s->done)) != atomic_load(&s->order)) {
		futex_wait(&s->done, done, 50);
		if (guest->failed)
			_exit(1);
		if (s->pid && waitpid(s->pid, &status, WNOHANG) == s->pid) {
			if (guest->failed)
				_exit(1);
			FAIL("member %d died: status 0x%x", i, status);
		}
	}
	return s->result;
}

/* Waits for a child that is no member and wants it to have ended well. */
static void reap(pid_t pid)
{
	int status;

	SYS(waitpid(pid, &status, 0));
	if (guest->failed)
		_exit(1);
	CHECK(!status, "a child ended with 0x%x", status);
}

/* Waits for the end of member i, which was killed or told to exit, and gives its wait status. */
static int buried(int i)
{
	int status;

	SYS(waitpid(guest->slot[i].pid, &status, 0));
	guest->slot[i].pid = 0;
	if (guest->failed)
		_exit(1);
	return status;
}

static void leave_by_exit(int i)
{
	order(i, do_exit, 0, 0, 0);
	CHECK(buried(i) == 0, "member %d: bad exit", i);
}

static void leave_by_kill(int i)
{
	kill(guest->slot[i].pid, SIGKILL);
	CHECK(buried(i) == SIGKILL, "member %d was not killed", i);
}

/* The end of a case: who is left exits. */
static void dismiss(void)
{
	if (me < 0)
		for (int i = 0; i < members; i++)
			if (guest->slot[i].pid)
				leave_by_exit(i);
	members = 0;
}

static long team_at(int i, order_fn fn, long off, long len, long gen)
{
	order(i, fn, off, len, gen);
	return finish(i);
}

/* One after the other: nobody is in the middle of a fault when the next one looks for a table to share. */
static void team_each(order_fn fn, long off, long len, long gen)
{
	for (int i = 0; i < members; i++)
		if (guest->slot[i].pid)
			team_at(i, fn, off, len, gen);
}

static void team_all(order_fn fn, long off, long len, long gen)
{
	for (int i = 0; i < members; i++)
		if (guest->slot[i].pid)
			order(i, fn, off, len, gen);
	for (int i = 0; i < members; i++)
		if (guest->slot[i].pid)
			finish(i);
}

#define here() (guest->file = __FILE__, guest->line = __LINE__)
#define at(...) (here(), team_at(__VA_ARGS__))		/* one member */
#define each(...) (here(), team_each(__VA_ARGS__))	/* all members in turn */
#define all(...) (here(), team_all(__VA_ARGS__))	/* all members at once */

/* --- mapping */

/*
 * Address space for len bytes, at an address that is `shift` bytes above a multiple of span.  Each member
 * gets another address, as programs do whose address space is randomized.
 */
static char *room(size_t len, long shift)
{
	size_t skip = (me + 2) * span, all = 2 * len + skip + 3 * span;	/* with room to grow */
	char *p = SYS(mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	char *start = (char *)(((uintptr_t)p + skip + span - 1) & -(uintptr_t)span) + shift;

	SYS(munmap(p, all));
	return start;
}

/*
 * Maps [off, off + len) of fd so that an offset and its address have the same place in a pte page, or,
 * with a shift, so that they don't.  Gives where the file's offset 0 is.
 */
static char *map_shifted(int fd, long off, size_t len, int prot, int flags, long shift)
{
	char *p = room(len, off % span + shift);

	return (char *)SYS(mmap(p, len, prot, flags | MAP_FIXED, fd, off)) - off;
}

static char *map_shared_aligned(int fd, long off, size_t len, int prot)
{
	return map_shifted(fd, off, len, prot, MAP_SHARED, 0);
}

static long do_map(long off, long len, long prot)
{
	map = map_shared_aligned(file_fd, off, len, prot);
	return 0;
}

static long do_map_private(long off, long len, long prot)
{
	map = map_shifted(file_fd, off, len, prot, MAP_PRIVATE, 0);
	return 0;
}

static long do_munmap(long off, long len, long c)
{
	return SYS(munmap(map + off, len));
}

static long do_madvise(long off, long len, long advice)
{
	return SYS(madvise(map + off, len, advice));
}

static long do_mprotect(long off, long len, long prot)
{
	return SYS(mprotect(map + off, len, prot));
}

/* A nameless file in a folder, of len bytes, all a hole. */
static int file_in(const char *folder, long len)
{
	char name[100];
	int fd;

	snprintf(name, sizeof(name), "%s/shpte-XXXXXX", folder);
	fd = SYS(mkstemp(name));
	SYS(unlink(name));
	SYS(ftruncate(fd, len));
	return fd;
}

#define RW (PROT_READ | PROT_WRITE)

#endif
