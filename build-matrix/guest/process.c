// SPDX-License-Identifier: GPL-2.0
/* What a process can be told of its whole memory, or told once and for all; and what it leaves behind when it dies. */
#include "force.h"
#include "pagemap.h"
#include <link.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 4)

#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

static void as_before(long gen)
{
	for (int i = 0; i < members; i++)
		if (guest->slot[i].pid) {
			each(do_check, 0, LEN, gen);
			at(i, do_fill, 0, LEN, ++gen);
		}
	each(do_check, 0, LEN, gen);
}

/* Locked at the first touch, now and in future: a locked mapping does not share. */
static long lock_all(long flags, long b, long c)
{
	return SYS(mlockall(flags));
}

static void lock_on_fault(void)
{
	long attaches;

	shared(3, LEN);
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, OFF, PART));
	LEAVES("leave_mlock", TABLES, at(1, lock_all, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT, 0, 0));
	CHECK(at(1, do_count_present, OFF, PART, 0) == 0, "a hole was filled by locking it on fault");
	at(0, do_fill, OFF, PART, 1);
	attaches = shpte_counter("attaches");
	as_before(1);
	at(1, do_munmap, 0, LEN, 0);
	at(1, do_map, 0, LEN, RW);
	as_before(4);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "a mapping that is locked on fault shares");
}

/* Hook: vma_modify, by mseal: what one can't change any more, the others still can. */
static long do_seal(long off, long len, long c)
{
	return syscall(SYS_mseal, map + off, len, 0) ? errno : 0;
}

static long refused(long off, long len, long c)
{
	FAILS(munmap(map + off, len), EPERM);
	FAILS(mprotect(map + off, len, PROT_READ), EPERM);
	FAILS(mmap(map + off, len, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EPERM);
	FAILS(mremap(map + off, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, room(len, 0)), EPERM);
	return 0;
}

static void sealed(void)
{
	shared(3, LEN);
	/* Machines of 32 bits have no such flag. */
	if (at(1, do_seal, OFF, PART, 0))
		skip("no mseal");
	at(1, refused, OFF, PART, 0);
	as_before(1);
	at(2, do_seal, 0, LEN, 0);
	at(2, refused, 0, LEN, 0);
	as_before(4);
	at(0, do_mprotect, OFF, PART, PROT_READ);
	at(0, do_munmap, span, span, 0);
	at(1, do_check, 0, LEN, 7);
	at(2, do_fill, 0, LEN, 8);
	at(1, do_check, 0, LEN, 8);
	at(0, do_check, 0, span, 8);
}

/* Hook: vma_modify, by mbind_range: a policy is a vma's own; moving the pages moves them for all. */
static long do_bind(long off, long len, long flags)
{
	unsigned long nodes = 1;

	return syscall(SYS_mbind, map + off, len, 2 /* MPOL_BIND */, &nodes, 8 * sizeof(nodes), flags) ? errno : 0;
}

static void bound(void)
{
	shared(3, LEN);
	if (at(1, do_bind, OFF, PART, 0))
		skip("no mbind");
	as_before(1);
	at(2, do_bind, 0, LEN, 2 /* MPOL_MF_MOVE */);
	as_before(4);
	at(0, do_bind, span, span, 4 /* MPOL_MF_MOVE_ALL */);
	as_before(7);
}

/* --- the dump */

static long dump_core(long a, long b, long c)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	SYS(setrlimit(RLIMIT_CORE, &all));
	CHECK(!spit("/proc/self/coredump_filter", "0x7f"), "coredump_filter: %s", strerror(errno));
	signal(SIGQUIT, SIG_DFL);
	raise(SIGQUIT);
	return 0;
}

/* Where the range stands in the dump: whole, or it is a failure. */
static long in_core(int fd, unsigned long start)
{
	ElfW(Ehdr) eh;
	ElfW(Phdr) ph;

	CHECK(pread(fd, &eh, sizeof(eh), 0) == sizeof(eh) && !memcmp(eh.e_ident, ELFMAG, SELFMAG) && eh.e_type == ET_CORE,
	      "the dump is none");
	for (int i = 0; i < eh.e_phnum; i++) {
		CHECK(pread(fd, &ph, sizeof(ph), eh.e_phoff + i * sizeof(ph)) == sizeof(ph), "the dump is too short");
		if (ph.p_type == PT_LOAD && ph.p_vaddr <= start && start + LEN <= ph.p_vaddr + ph.p_filesz)
			return ph.p_offset + (start - ph.p_vaddr);
	}
	FAIL("the mapping at 0x%lx is not in the dump", start);
}

/* Hook: none: a dump reads page after page, also of tables that are shared, and takes nothing. */
static void dumped(int private)
{
	const char *pattern_path = "/proc/sys/kernel/core_pattern";
	unsigned long where;
	char was[128], core[40];
	int fd;

	if (access(pattern_path, F_OK))
		skip("this kernel writes no core dumps");
	snprintf(was, sizeof(was), "%s", slurp(pattern_path));
	shared(3, LEN);
	if (private) {
		long attaches = shpte_counter("attaches");

		for (int i = 1; i < 3; i++) {
			at(i, do_map_private, 0, LEN, PROT_READ);
			at(i, do_check, 0, LEN, 1);
		}
		GREW("attaches", attaches, TABLES);
	}
	where = at(1, do_where, 0, 0, 0);
	snprintf(core, sizeof(core), "/tmp/core.%d", guest->slot[1].pid);
	CHECK(!spit(pattern_path, "/tmp/core.%p"), "core_pattern: %s", strerror(errno));
	order(1, dump_core, 0, 0, 0);
	CHECK(buried(1) == (SIGQUIT | WCOREFLAG), "it left no dump");
	spit(pattern_path, was);
	fd = SYS(open(core, O_RDONLY | O_CLOEXEC));
	unlink(core);
	map = SYS(mmap(NULL, LEN, PROT_READ, MAP_PRIVATE, fd, in_core(fd, where)));
	do_check(0, LEN, 1);
	at(0, do_check, 0, LEN, 1);
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
}

static void core_of_shared(void)
{
	dumped(0);
}

static void core_of_private(void)
{
	dumped(1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "lock_on_fault", lock_on_fault }, { "sealed", sealed }, { "bound", bound },
		{ "core_of_shared", core_of_shared }, { "core_of_private", core_of_private },
	};

	every_page = 1;
	return RUN(cases);
}
