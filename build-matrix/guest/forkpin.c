// SPDX-License-Identifier: GPL-2.0
/* A page that the kernel has hold of while others have it too: the one for whom it was taken must be the one whose it is. */
#include "disk.h"
#include "pipe.h"
#include "family.h"
#include <sys/uio.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span - span / 16)
#define PART (span / 8)

/* Without holes: to fill one, ext2 writes by way of the page cache. */
static int direct(void)
{
	char *page = calloc(1, pagesz);
	int fd;

	mount_ext2();
	fd = file_in(MNT, PART);
	for (long off = 0; off < PART; off += pagesz)
		CHECK(pwrite(fd, page, pagesz, off) == pagesz, "write: %s", strerror(errno));
	SYS(fsync(fd));
	return go_direct(fd);
}

/*
 * Hooks: gup_fast_pte_range, follow_page_pte.  A pin to read from is a pin: pages of a shared table are pinned when the table
 * is the process's own.
 */
static void read_from(void)
{
	int fd = direct();

	family(3, LEN);
	UNSHARES("leave_fault", 2, at(0, write_out, OFF, PART, fd));
	each(do_check, 0, LEN, 1);
	at(0, do_fill, OFF, PART, 2);
	at(0, write_out, OFF, PART, fd);
	at(1, read_in, OFF, PART, fd);
	at(1, do_check, OFF, PART, 2);
	at(2, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	leave_ext2(fd);
}

static void written_to(void)
{
	int fd = direct();

	family(3, LEN);
	at(0, do_fill, OFF, PART, 2);
	at(0, write_out, OFF, PART, fd);
	UNSHARES("leave_fault", 2, at(1, read_in, OFF, PART, fd));
	at(1, do_check, OFF, PART, 2);
	at(2, do_check, 0, LEN, 1);
	do_check(0, LEN, 1);
	leave_ext2(fd);
}

/* A process that has pinned pages once shares nothing by fork; whom it forks has his own. */
static void pinned_before(void)
{
	int fd = direct();
	long given;

	own_memory(LEN);
	write_out(OFF, PART, fd);
	given = shpte_counter("fork_shared");
	team(2);
	CHECK(shpte_counter("fork_shared") == given, "a process that pinned pages shared %ld tables",
	      shpte_counter("fork_shared") - given);
	at(0, do_fill, 0, LEN, 2);
	only_one(0, 0, LEN, 2);
	leave_ext2(fd);
}

/* What a process gave to a pipe is not what another one writes after that. */
static void spliced(void)
{
	int fds[2];

	SYS(pipe(fds));
	family(2, LEN);
	splice_out(OFF, fds[1], 0);
	at(0, do_fill, OFF, pagesz, 2);
	at(1, do_fill, OFF, pagesz, 3);
	check_spliced(fds[0], OFF, 1);
	do_check(OFF, pagesz, 1);
}

/* Nor is it when he has gone, and the other has all tables for himself. */
static void spliced_and_gone(void)
{
	int fds[2];

	SYS(pipe(fds));
	family(1, LEN);
	at(0, splice_out, OFF, fds[1], 0);
	leave_by_exit(0);
	do_fill(0, LEN, 2);
	check_spliced(fds[0], OFF, 1);
	do_check(0, LEN, 2);
}

/* Nor when he gave it away before there was the other. */
static void spliced_before(void)
{
	int fds[2];

	SYS(pipe(fds));
	own_memory(LEN);
	splice_out(OFF, fds[1], 0);
	team(1);
	SYS(munmap(map, LEN));
	at(0, do_fill, 0, LEN, 2);
	check_spliced(fds[0], OFF, 1);
	at(0, do_check, 0, LEN, 2);
}

/* While a thread has pages pinned all the time, the process forks. */
static void *io_on(void *arg)
{
	long fd = (long)arg;

	while (!guest->word[0] && !guest->failed) {
		write_out(OFF, PART, fd);
		read_in(OFF, PART, fd);
	}
	return NULL;
}

static void while_pinned(void)
{
	long fd = direct();
	pthread_t thread;

	own_memory(LEN);
	CHECK(!pthread_create(&thread, NULL, io_on, (void *)fd), "no thread");
	for (int i = 0; i < 20; i++) {
		pid_t pid = SYS(fork());

		if (!pid) {
			do_check(0, LEN, 1);
			do_fill(0, LEN, 2);
			do_check(0, LEN, 2);
			_exit(0);
		}
		reap(pid);
	}
	guest->word[0] = 1;
	pthread_join(thread, NULL);
	do_check(0, LEN, 1);
	leave_ext2(fd);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "read_from", read_from }, { "written_to", written_to }, { "pinned_before", pinned_before }, { "vmsplice", spliced },
		{ "spliced_and_gone", spliced_and_gone }, { "spliced_before", spliced_before }, { "while_pinned", while_pinned },
	};

	share_small();
	return RUN(cases);
}
