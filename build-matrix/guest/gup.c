// SPDX-License-Identifier: GPL-2.0
/* The kernel itself reads and writes what a process has mapped: by the page tables, without that process's faults. */
#include "disk.h"
#include "pipe.h"
#include "force.h"
#include <sys/uio.h>
#include <sys/user.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span - span / 16)		/* across the border of two tables */
#define PART (span / 8)

/* Hooks: follow_pmd_mask and faultin_page of another process, by process_vm_writev() and process_vm_readv(). */
static void vm_write(int who, char *from, long off, long len)
{
	struct iovec local = { from, len }, remote = { (char *)at(who, do_where, 0, 0, 0) + off, len };
	ssize_t n = process_vm_writev(guest->slot[who].pid, &local, 1, &remote, 1, 0);

	if (n < 0 && errno == ENOSYS)
		skip("no process_vm_writev");
	CHECK(n == len, "process_vm_writev: %zd, %s", n, strerror(errno));
}

static void vm_read(int who, char *to, long off, long len)
{
	struct iovec local = { to, len }, remote = { (char *)at(who, do_where, 0, 0, 0) + off, len };
	ssize_t n = process_vm_readv(guest->slot[who].pid, &local, 1, &remote, 1, 0);

	CHECK(n == len, "process_vm_readv: %zd, %s", n, strerror(errno));
}

static void process_vm(void)
{
	char *p;

	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		p = buffer(OFF, PART, 2 + i);
		vm_write(i, p, OFF, PART);
		each(do_check, OFF, PART, 2 + i);
		memset(p, 0, PART);
		vm_read((i + 1) % 3, p, OFF, PART);
		check_buffer(p, OFF, PART, 2 + i);
	}
	/* Into holes, where there are no entries yet. */
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	vm_read(0, p, OFF, PART);
	check_buffer(p, OFF, PART, 0);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	vm_write(1, buffer(OFF, PART, 6), OFF, PART);
	each(do_check, OFF, PART, 6);
}

/* The same way by /proc/PID/mem, which every kernel has. */
static void proc_mem(void)
{
	char path[40], *p = buffer(OFF, PART, 2);
	long where;
	int fd;

	shared(3, LEN);
	snprintf(path, sizeof(path), "/proc/%d/mem", guest->slot[1].pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		skip("no /proc/PID/mem");
	where = at(1, do_where, 0, 0, 0);
	CHECK(pwrite(fd, p, PART, (off_t)(uintptr_t)where + OFF) == PART, "write: %s", strerror(errno));
	each(do_check, OFF, PART, 2);
	at(2, do_fill, OFF, PART, 3);
	CHECK(pread(fd, p, PART, (off_t)(uintptr_t)where + OFF) == PART, "read: %s", strerror(errno));
	check_buffer(p, OFF, PART, 3);
}

/* System calls whose buffers are in the shared mapping: from it into a file, and from a file into it. */
static void buffers_in(int fd)
{
	for (int i = 0; i < 3; i++) {
		at(i, write_out, OFF, PART, fd);
		at((i + 1) % 3, do_fill, OFF, PART, 5);
		at((i + 2) % 3, read_in, OFF, PART, fd);
		each(do_check, OFF, PART, 1 + i);
		at(i, do_fill, OFF, PART, 2 + i);
	}
	/* Into a hole. */
	at(0, write_out, OFF, PART, fd);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	at(1, read_in, OFF, PART, fd);
	each(do_check, OFF, PART, 4);
}

static void read_and_write(void)
{
	int fd = file_in("/tmp", PART);

	shared(3, LEN);
	buffers_in(fd);
}

/* Hooks: gup_fast_pmd_range, gup_fast_pte_range: O_DIRECT takes hold of the very pages. */
static void o_direct(void)
{
	int fd;

	mount_ext2();
	fd = go_direct(file_in(MNT, PART));
	file_fd = -1;
	shared(3, LEN);
	buffers_in(fd);
	leave_ext2(fd);
}

/* While another member leaves, punches, and faults again. */
static long io_often(long rounds, long fd, long c)
{
	for (long i = 0; i < rounds; i++) {
		write_out(OFF, PART, fd);
		read_in(OFF, PART, fd);
	}
	guest->word[0] = 1;
	return 0;
}

static long leave_often(long a, long b, long c)
{
	while (!guest->word[0]) {
		SYS(madvise(map, LEN, MADV_DONTNEED));
		do_check(OFF, PART, 1);
		do_munmap(0, LEN, 0);
		do_map(0, LEN, RW);
		do_check(0, LEN, 1);
	}
	return 0;
}

static void o_direct_and_leaving(void)
{
	int fd;

	mount_ext2();
	fd = go_direct(file_in(MNT, PART));
	shared(3, LEN);
	here();
	order(0, io_often, 40, fd, 0);
	order(1, leave_often, 0, 0, 0);
	finish(0);
	finish(1);
	each(do_check, 0, LEN, 1);
	leave_ext2(fd);
}

/* A futex in a shared file is known by its page, whoever maps it where. */
static long wait_there(long off, long b, long c)
{
	atomic_int *word = (atomic_int *)(map + off);

	guest->word[1 + me] = 1;
	while (!*word) {
		struct timespec ts = { 5, 0 };

		if (syscall(SYS_futex, word, FUTEX_WAIT, 0, &ts, NULL, 0) && errno == ETIMEDOUT)
			FAIL("it was never woken");
	}
	return 0;
}

static long wake_there(long off, long b, long c)
{
	atomic_int *word = (atomic_int *)(map + off);

	*word = 1;
	return syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static long do_set(long off, long value, long c)
{
	*(atomic_int *)(map + off) = value;
	return 0;
}

static void futexes(void)
{
	long off = OFF + 128, woken;

	shared(3, LEN);
	here();
	for (int i = 0; i < 3; i++) {
		at(i, do_set, off, 0, 0);
		for (int j = 0; j < 3; j++)
			guest->word[1 + j] = 0;
		for (int j = 0; j < 3; j++)
			if (j != i)
				order(j, wait_there, off, 0, 0);
		for (int j = 0; j < 3; j++)
			while (j != i && !guest->word[1 + j])
				pause_ms(1);
		pause_ms(20);
		woken = at(i, wake_there, off, 0, 0);
		for (int j = 0; j < 3; j++)
			if (j != i)
				finish(j);
		CHECK(woken == 2, "%ld were woken, not 2", woken);
	}
}

/* A debugger writes into what its subject has mapped: shared, so into the file; or read-only, so by force. */
static void ptrace_shared(void)
{
	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		poke(i, OFF + 128, 0x5a5a00 + i);
		each(do_expect, OFF + 128, 0x5a5a00 + i, 0);
	}
	each(do_check, 0, LEN, 1);
}

/*
 * Hook: __anon_vma_prepare.  A private mapping that may only be read looks as if it could share with others of
 * its kind; a breakpoint that is put there must be the subject's alone.
 */
static void ptrace_private(void)
{
	shared(2, LEN);
	team(3);
	for (int i = 2; i < 5; i++) {
		at(i, do_map_private, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
	}
	for (int i = 2; i < 4; i++) {
		poke(i, OFF + 128, 0x7700 + i);
		at(i, do_expect, OFF + 128, 0x7700 + i, 0);
		at(0, do_expect, OFF + 128, 0, 0);
		at(4, do_expect, OFF + 128, 0, 0);
	}
	at(2, do_expect, OFF + 128, 0x7702, 0);
	each(do_check, 0, LEN, 1);
	at(2, do_madvise, 0, LEN, MADV_DONTNEED);
	at(2, do_expect, OFF + 128, 0, 0);
	at(3, do_expect, OFF + 128, 0x7703, 0);
}

/* What is written to the page before the pipe is read, the reader gets. */
static void spliced(void)
{
	int fds[2];

	shared(2, LEN);
	dismiss();
	SYS(pipe(fds));
	team(2);
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 1);
	at(0, splice_out, OFF, fds[1], 0);
	at(0, do_munmap, 0, LEN, 0);
	at(1, do_fill, OFF, pagesz, 2);
	check_spliced(fds[0], OFF, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "process_vm", process_vm }, { "proc_mem", proc_mem }, { "read_and_write", read_and_write },
		{ "o_direct", o_direct }, { "o_direct_and_leaving", o_direct_and_leaving }, { "futex", futexes },
		{ "ptrace_shared", ptrace_shared }, { "ptrace_private", ptrace_private }, { "vmsplice", spliced },
	};

	return RUN(cases);
}
