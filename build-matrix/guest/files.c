// SPDX-License-Identifier: GPL-2.0
/* The kinds of files whose tables can be shared, and what is special to them. */
#include "disk.h"
#include <sys/ipc.h>
#include <sys/shm.h>

#define TABLES 2
#define LEN (TABLES * span)

/* Everybody sees what anybody writes. */
static void coherent(void)
{
	for (int i = 0; i < members; i++) {
		if (!guest->slot[i].pid)
			continue;
		at(i, do_fill, 0, LEN, 10 + i);
		each(do_check, 0, LEN, 10 + i);
	}
}

static void on_memfd(void)
{
	int fd = SYS(memfd_create("shpte", 0));

	SYS(ftruncate(fd, LEN));
	shared_on(fd, 3, LEN);
	coherent();
}

static void on_dev_shm(void)
{
	shared_on(file_in("/dev/shm", LEN), 3, LEN);
	coherent();
}

static void on_ext2(void)
{
	mount_ext2();
	shared_on(file_in(MNT, LEN), 3, LEN);
	coherent();
	/* And by read() and write(), which know no page tables. */
	for_each_page(page, 0, LEN) {
		uint32_t word = pattern(WORD(page, 1), 2), have;

		SYS(pread(file_fd, &have, 4, WORD(page, 1)));
		CHECK(have == pattern(WORD(page, 1), 12), "read() gives %08x at 0x%lx", have, WORD(page, 1));
		SYS(pwrite(file_fd, &word, 4, WORD(page, 1)));
	}
	do_map(0, LEN, RW);
	CHECK(*(uint32_t *)(map + WORD(span, 1)) == pattern(WORD(span, 1), 2), "what write() wrote is not there");
	dismiss();
	SYS(munmap(map, LEN));
	close(file_fd);
	SYS(umount(MNT));
}

/* Whose page breaks, and who asked for it, gets SIGBUS. */
static long do_break(long off, long len, long c)
{
	int sig = sigsetjmp(probe_env, 1);

	probing = !sig;
	if (!sig)
		SYS(madvise(map + off, len, MADV_HWPOISON));
	probing = 0;
	return sig;
}

/* A page that broke is broken for those who had it; whoever maps the file later has what is on the disk, a good page. */
static void broken_page(void)
{
	if (access("/proc/sys/vm/memory_failure_recovery", F_OK))
		skip("no CONFIG_MEMORY_FAILURE");
	mount_ext2();
	shared_on(file_in(MNT, LEN), 2, LEN);
	SYS(fsync(file_fd));
	/* written to: of a clean one there is nothing to be sorry for */
	at(0, do_fill, 0, pagesz, 1);
	at(0, do_break, 0, pagesz, 0);
	team(1);
	at(2, do_map, 0, LEN, RW);
	at(2, do_check, 0, LEN, 1);
	at(1, do_munmap, 0, LEN, 0);
	at(1, do_map, 0, LEN, RW);
	at(1, do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	leave_ext2(file_fd);
}

static int shm_id;

static long attach_shm(long off, long len, long flags)
{
	map = SYS(shmat(shm_id, room(len, 0), flags));
	return 0;
}

static long detach_shm(long a, long b, long c)
{
	return SYS(shmdt(map));
}

static void on_sysv(void)
{
	long attaches = shpte_counter("attaches");

	shm_id = SYS(shmget(IPC_PRIVATE, LEN, IPC_CREAT | 0600));
	team(4);
	for (int i = 0; i < 4; i++)
		at(i, attach_shm, 0, LEN, i < 3 ? 0 : SHM_RDONLY);
	SYS(shmctl(shm_id, IPC_RMID, NULL));
	at(0, do_fill, 0, LEN, 1);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, 2 * TABLES);
	at(3, do_writes, 0, span / 8, SIGSEGV);
	LEAVES("leave_munmap", TABLES, at(1, detach_shm, 0, 0, 0));
	at(1, do_reads, 0, span / 8, SIGSEGV);
	at(2, do_fill, 0, LEN, 2);
	at(0, do_check, 0, LEN, 2);
	at(3, do_check, 0, LEN, 2);
}

/* Without a name, handed on by fork: all have it at the same address. */
static void on_anon(void)
{
	long attaches = shpte_counter("attaches");

	map = map_shifted(-1, 0, LEN, RW, MAP_SHARED | MAP_ANONYMOUS, 0);
	do_fill(0, LEN, 1);
	team(3);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, 3 * TABLES);
	coherent();
	do_check(0, LEN, 12);
}

static void on_dev_zero(void)
{
	int fd = open("/dev/zero", O_RDWR);

	if (fd < 0)
		skip("no /dev/zero");
	map = map_shifted(fd, 0, LEN, RW, MAP_SHARED, 0);
	do_fill(0, LEN, 1);
	team(3);
	each(do_check, 0, LEN, 1);
	coherent();
	do_check(0, LEN, 12);
}

/* Nobody has written: everybody reads zeros, and the first write is everybody's. */
static void holes(void)
{
	file_fd = file_in("/tmp", LEN);
	team(3);
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 0);
	coherent();
	mount_ext2();
	file_fd = file_in(MNT, LEN);
	dismiss();
	team(3);
	each(do_map, 0, LEN, RW);
	each(do_check, 0, LEN, 0);
	coherent();
	leave_ext2(file_fd);
}

static void beyond_the_end(void)
{
	shared(3, LEN);
	SYS(ftruncate(file_fd, span + pagesz));
	each(do_map, 0, LEN, RW);
	each(do_check, 0, span + pagesz, 1);
	each(do_reads, LEN - span / 2, span / 4, SIGBUS);
	SYS(ftruncate(file_fd, LEN));
	each(do_check, span + pagesz, span - pagesz, 0);
	coherent();
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "memfd", on_memfd }, { "dev_shm", on_dev_shm }, { "ext2", on_ext2 }, { "sysv", on_sysv },
		{ "anon", on_anon }, { "dev_zero", on_dev_zero }, { "holes", holes },
		{ "beyond_the_end", beyond_the_end }, { "broken_page", broken_page },
	};

	return RUN(cases);
}
