// SPDX-License-Identifier: GPL-2.0
/* Who may share a table with whom, and who must not. */
#include "guest.h"

#define TABLES 2
#define LEN (TABLES * span)

static long do_count_faults(long off, long len, long gen)
{
	long before = minor_faults();

	do_check(off, len, gen);
	return minor_faults() - before;
}

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

/* Hook: __handle_mm_fault.  Pages that one has faulted in, none of the others has to. */
static void forked(void)
{
	long faults;

	shared(3, LEN);
	coherent();
	team(1);
	at(3, do_map, 0, LEN, RW);
	faults = at(3, do_count_faults, 0, LEN, 12);
	if (shpte_on())
		CHECK(faults <= TABLES + 8, "a new sharer had %ld faults", faults);
}

/*
 * Hook: handle_pte_fault.  Who joins a table finds the entry that he faulted for as it should be, as one does whose TLB has it as
 * it was before another one changed it: it is flushed.
 */
static void nothing_to_do(void)
{
	long spurious;

	shared(1, LEN);
	team(1);
	at(1, do_map, 0, LEN, RW);
	spurious = shpte_counter("fault_spurious");
	at(1, do_check, 0, LEN, 1);
	GREW("fault_spurious", spurious, TABLES);
}

/* Two programs that know nothing of each other but the file. */
static long exec_self(long off, long len, long gen)
{
	char text[3][20];

	snprintf(text[0], sizeof(text[0]), "%d", file_fd);
	snprintf(text[1], sizeof(text[1]), "%ld", len);
	snprintf(text[2], sizeof(text[2]), "%ld", gen);
	execl("/proc/self/exe", "attach", "--sharer", text[0], text[1], text[2], NULL);
	FAIL("execl: %s", strerror(errno));
}

/* The other side of it: checks generation gen, writes the next one, and says by its exit status what went wrong. */
static int sharer(int fd, long len, long gen)
{
	static struct guest_state own;
	long before;

	guest = &own;
	pagesz = sysconf(_SC_PAGESIZE);
	span = pte_span();
	me = 20 + gen;
	map = map_shared_aligned(fd, 0, len, RW);
	before = minor_faults();
	do_check(0, len, gen);
	if (shpte_on() && minor_faults() - before > len / span + 20)
		return 2;
	do_fill(0, len, gen + 1);
	return 0;
}

static void execed(void)
{
	long attaches;
	int status;

	shared(1, LEN);
	attaches = shpte_counter("attaches");
	for (int i = 1; i < 4; i++) {
		team(1);
		order(i, exec_self, 0, LEN, i);
		status = buried(i);
		CHECK(status == 0, "the sharer that was exec'd ended with 0x%x", status);
		at(0, do_check, 0, LEN, i + 1);
	}
	GREW("attaches", attaches, 3 * TABLES);
}

/* Two mappings in one process share as two processes do. */
static long map_twice(long off, long len, long gen)
{
	char *first = map;

	do_map(0, len, RW);
	do_check(0, len, gen);
	do_fill(0, len, gen + 1);
	for_each_page(page, 0, len)
		CHECK(*(volatile uint32_t *)(first + page) == pattern(page, gen + 1), "the first mapping differs at 0x%lx", page);
	SYS(munmap(first, len / 2));
	do_check(0, len, gen + 1);
	return 0;
}

static void two_mappings(void)
{
	long attaches;

	shared(1, LEN);
	attaches = shpte_counter("attaches");
	at(0, map_twice, 0, LEN, 1);
	GREW("attaches", attaches, TABLES);
	team(1);
	at(1, do_map, 0, LEN, RW);
	coherent();
}

/* Who may only read shares with others who may only read, never with those who may write. */
static void ro_and_rw(void)
{
	long attaches;

	shared(2, LEN);
	attaches = shpte_counter("attaches");
	team(1);
	at(2, do_map, 0, LEN, PROT_READ);
	at(2, do_check, 0, LEN, 1);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "a reader shares with writers");
	team(1);
	at(3, do_map, 0, LEN, PROT_READ);
	at(3, do_check, 0, LEN, 1);
	GREW("attaches", attaches, TABLES);
	for (int i = 2; i < 4; i++) {
		at(0, do_fill, 0, LEN, i);
		at(i, do_writes, 0, LEN, SIGSEGV);
		each(do_check, 0, LEN, i);
	}
}

/* A file opened for reading only: the kernel takes VM_SHARED from such a mapping. */
static void opened_for_reading(void)
{
	char path[40];

	shared(2, LEN);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file_fd);
	file_fd = SYS(open(path, O_RDONLY));
	team(2);
	for (int i = 2; i < 4; i++) {
		at(i, do_map, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
		at(i, do_writes, 0, span / 4, SIGSEGV);
	}
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* A private mapping sees the file until it writes; what it writes nobody else sees. */
static void private_cow(void)
{
	shared(2, LEN);
	team(2);
	for (int i = 2; i < 4; i++) {
		at(i, do_map_private, 0, LEN, RW);
		at(i, do_check, 0, LEN, 1);
	}
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	at(2, do_fill, 0, LEN, 3);
	at(0, do_check, 0, LEN, 2);
	at(1, do_check, 0, LEN, 2);
	at(3, do_check, 0, LEN, 2);
	at(1, do_fill, 0, LEN, 4);
	at(3, do_check, 0, LEN, 4);
	at(2, do_check, 0, LEN, 3);
}

/* An address that has another place in its pte page than the file's offset in its own. */
static long map_misaligned(long off, long len, long shift)
{
	map = map_shifted(file_fd, off, len, RW, MAP_SHARED, shift);
	return 0;
}

static void misaligned(void)
{
	long attaches;

	shared(2, LEN);
	team(3);
	attaches = shpte_counter("attaches");
	at(2, map_misaligned, 0, LEN, pagesz);
	at(3, map_misaligned, 0, LEN, span / 2);
	at(4, map_misaligned, 0, LEN, 3 * pagesz);
	for (int i = 2; i < 5; i++)
		at(i, do_check, 0, LEN, 1);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "tables are shared that can't be");
	coherent();
}

/* Two that are both off by the same may share: only the middle, which they cover whole. */
static void alike_but_odd(void)
{
	long attaches;

	shared(1, LEN);
	team(2);
	attaches = shpte_counter("attaches");
	for (int i = 1; i < 3; i++)
		at(i, map_misaligned, 0, LEN, span / 4);
	for (int i = 1; i < 3; i++)
		at(i, do_check, 0, LEN, 1);
	GREW("attaches", attaches, TABLES - 1);
	coherent();
}

static void too_small(void)
{
	long attaches = shpte_counter("attaches"), len = span / 2;

	file_fd = file_in("/tmp", LEN);
	team(3);
	each(do_map, span / 4, len, RW);
	at(0, do_fill, span / 4, len, 1);
	each(do_check, span / 4, len, 1);
	if (shpte_on())
		CHECK(shpte_counter("attaches") == attaches, "tables are shared that nobody covers");
	at(2, do_fill, span / 4, len, 2);
	each(do_check, span / 4, len, 2);
}

/* Neighbours at both ends belong to the same pte pages, and are not the file's. */
static void head_and_tail(void)
{
	long off = span / 2, len = 3 * span;

	file_fd = file_in("/tmp", 4 * span);
	team(3);
	each(do_map, off, len, RW);
	at(0, do_fill, off, len, 1);
	each(do_check, off, len, 1);
	at(1, do_fill, off, len, 2);
	each(do_check, off, len, 2);
	at(2, do_munmap, off + span, span, 0);
	at(2, do_check, off, span, 2);
	at(2, do_fill, off + 2 * span, span, 3);
	at(0, do_check, off + 2 * span, span, 3);
	at(0, do_check, off, 2 * span, 2);
}

/* The switch: off means no new sharing; what is shared stays so, and is right. */
static void switched_off(void)
{
	long attaches;

	shared(3, LEN);
	if (shpte_on()) {
		CHECK(!spit(SHPTE "/enabled", "0"), "enabled: %s", strerror(errno));
		attaches = shpte_counter("attaches");
		team(1);
		at(3, do_map, 0, LEN, RW);
		at(3, do_check, 0, LEN, 1);
		coherent();
		CHECK(shpte_counter("attaches") == attaches, "switched off, it still attaches");
		CHECK(!spit(SHPTE "/enabled", "1"), "enabled: %s", strerror(errno));
		team(1);
		at(4, do_map, 0, LEN, RW);
		at(4, do_check, 0, LEN, 13);
		GREW("attaches", attaches, TABLES);
	}
	coherent();
}

/* Hundreds of mappings that can't be shared stand before the ones that can: it must stay right, shared or not. */
static long map_many(long n, long b, long c)
{
	for (long i = 0; i < n; i++)
		(void)*(volatile char *)map_shifted(file_fd, 0, span, RW, MAP_SHARED, (1 + i % 7) * pagesz);
	return 0;
}

static void among_many(void)
{
	file_fd = file_in("/tmp", LEN);
	team(1);
	at(0, map_many, 100, 0, 0);
	team(2);
	for (int i = 1; i < 3; i++)
		at(i, do_map, 0, LEN, RW);
	at(1, do_fill, 0, LEN, 1);
	at(2, do_check, 0, LEN, 1);
	at(2, do_fill, 0, LEN, 2);
	at(1, do_check, 0, LEN, 2);
}

/* Hook: __get_unmapped_area: where the kernel chooses, it chooses a place where tables can be shared. */
static void placed(void)
{
	int fd = file_in("/tmp", 3 * span);
	char *odd = SYS(mmap(NULL, pagesz, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)), *at;

	for (int i = 0; i < 3; i++) {
		at = SYS(mmap(NULL, 2 * span, RW, MAP_SHARED, fd, i * pagesz));
		if (shpte_on())
			CHECK(((long)at - i * pagesz) % span == 0, "page %d of a file was mapped at %p", i, at);
		*at = 1;
		SYS(munmap(at, 2 * span));
	}
	SYS(munmap(odd, pagesz));
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "forked", forked }, { "execed", execed }, { "two_mappings", two_mappings }, { "ro_and_rw", ro_and_rw },
		{ "opened_for_reading", opened_for_reading }, { "private_cow", private_cow },
		{ "misaligned", misaligned }, { "alike_but_odd", alike_but_odd }, { "too_small", too_small },
		{ "head_and_tail", head_and_tail }, { "switched_off", switched_off }, { "among_many", among_many },
		{ "placed", placed }, { "nothing_to_do", nothing_to_do },
	};

	if (argc == 5 && !strcmp(argv[1], "--sharer"))
		return sharer(atoi(argv[2]), atol(argv[3]), atol(argv[4]));
	return RUN(cases);
}
