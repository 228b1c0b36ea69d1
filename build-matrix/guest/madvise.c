// SPDX-License-Identifier: GPL-2.0
/* One sharer's advice about a shared range. */
#include "pagemap.h"
#include <sys/uio.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 4)

/* Everybody sees everything, and each other's writes, after whatever member 1 was told. */
static void as_before(void)
{
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(0, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
}

static long do_count_faults(long off, long len, long gen)
{
	long before = minor_faults();

	do_check(off, len, gen);
	return minor_faults() - before;
}

/* Hook: madvise_dontneed_single_vma, by zap_pte_range: others keep their pages, and their RSS (see rss.c). */
static void dontneed_whole(void)
{
	shared(3, LEN);
	LEAVES("leave_madvise", TABLES, at(1, do_madvise, 0, LEN, MADV_DONTNEED));
	/* Nobody else has to fault for it. */
	CHECK(at(0, do_count_faults, 0, LEN, 1) < 5, "member 0 had to fault again");
	as_before();
}

static void dontneed_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(2, at(1, do_madvise, OFF, span, MADV_DONTNEED));
	CHECK(at(0, do_count_faults, 0, LEN, 1) < 5, "member 0 had to fault again");
	as_before();
}

static void dontneed_each(void)
{
	shared(3, LEN);
	for (int i = 0; i < 3; i++)
		LEAVES("leave_madvise", i < 2 ? TABLES : 0, at(i, do_madvise, 0, LEN, MADV_DONTNEED));
	as_before();
}

static long do_count_young(long off, long len, long c)
{
	return smaps_kb("Referenced");
}

/*
 * Hook: madvise_cold_or_pageout_pte_range ages and reclaims what its owner alone has: what others have by the same table
 * is as young as before, and the table stays shared.  As long as reclaim does not look, nothing else makes it old.
 */
static void cold_range(long off, long len)
{
	long left, young, still;

	shared(3, LEN);
	each(do_check, 0, LEN, 1);
	left = shpte_counter("leave_madvise");
	young = at(0, do_count_young, 0, LEN, 0);
	at(1, do_madvise, off, len, MADV_COLD);
	still = at(0, do_count_young, 0, LEN, 0);
	CHECK(still == young, "%ld kB of what another one has were young, and %ld kB are", young, still);
	CHECK(shpte_counter("leave_madvise") == left, "a shared table was left");
	as_before();
}

static void cold(void)
{
	cold_range(0, LEN);
}

static void cold_part(void)
{
	cold_range(OFF, PART);
}

/* Whoever has it for himself has his way. */
static void cold_alone(void)
{
	shared(1, LEN);
	CHECK(at(0, do_count_young, 0, LEN, 0) > 0, "nothing is young that was read");
	at(0, do_madvise, 0, LEN, MADV_COLD);
	CHECK(!at(0, do_count_young, 0, LEN, 0), "what nobody else has is young");
	each(do_check, 0, LEN, 1);
}

/* Without swap nothing can go; reclaim.c has it with swap. */
static void pageout(void)
{
	shared(3, LEN);
	at(1, do_madvise, 0, LEN, MADV_PAGEOUT);
	as_before();
}

static void pageout_part(void)
{
	shared(3, LEN);
	at(1, do_madvise, OFF, PART, MADV_PAGEOUT);
	as_before();
}

/* What another process advises: its own context is not the one whose tables they are. */
static void by_another(void)
{
#if defined(SYS_process_madvise) && defined(SYS_pidfd_open)
	shared(3, LEN);
	for (int advice = MADV_COLD; advice <= MADV_PAGEOUT; advice++) {
		/* Members map with room() from the same state: only a member knows where. */
		int fd = SYS(syscall(SYS_pidfd_open, guest->slot[1].pid, 0));
		struct iovec part;
		char *maps = NULL, path[64];
		unsigned long start = 0, end;

		snprintf(path, sizeof(path), "/proc/%d/maps", guest->slot[1].pid);
		maps = slurp(path);
		maps = maps ? strstr(maps, "/tmp/shpte-") : NULL;
		while (maps && maps[-1] != '\n')
			maps--;
		CHECK(maps && sscanf(maps, "%lx-%lx", &start, &end) == 2, "no mapping in %s", path);
		part.iov_base = (void *)(start + OFF);
		part.iov_len = PART;
		if (syscall(SYS_process_madvise, fd, &part, 1, advice, 0) < 0 && errno == ENOSYS)
			skip("no process_madvise");
		close(fd);
		each(do_check, 0, LEN, 1);
	}
	as_before();
#else
	skip("no process_madvise in this C library");
#endif
}

/* A hole is everybody's at once. */
static void remove_part(void)
{
	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		at(i, do_madvise, OFF, PART, MADV_REMOVE);
		each(do_check, OFF, PART, 0);
		each(do_check, 0, OFF, 1);
		at(i, do_fill, OFF, PART, 5);
		each(do_check, OFF, PART, 5);
	}
	at(1, do_madvise, 0, LEN, MADV_REMOVE);
	each(do_check, 0, LEN, 0);
}

/* Hook: madvise_update_vma; the flags of a vma are those of all who share with it. */
static long fork_without(long off, long len, long c)
{
	pid_t pid;

	do_madvise(off, len, MADV_DONTFORK);
	pid = SYS(fork());
	if (!pid) {
		expect_signal(off, len, 0, SIGSEGV);
		do_check(0, off, 1);
		do_check(off + len, LEN - off - len, 1);
		_exit(0);
	}
	reap(pid);
	do_check(0, LEN, 1);
	return do_madvise(off, len, MADV_DOFORK);
}

static void dontfork_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, fork_without, OFF, PART, 0));
	as_before();
}

static void dontfork_whole(void)
{
	shared(3, LEN);
	LEAVES("leave_flags", TABLES, at(1, fork_without, 0, LEN, 0));
	as_before();
}

static void read_patterns(void)
{
	static const int advices[] = { MADV_RANDOM, MADV_SEQUENTIAL, MADV_NORMAL, MADV_DONTDUMP, MADV_DODUMP };

	shared(3, LEN);
	for (size_t i = 0; i < ARRAY_SIZE(advices); i++) {
		at(1, do_madvise, i % 2 ? OFF : 0, i % 2 ? PART : LEN, advices[i]);
		each(do_check, 0, LEN, 1);
	}
	as_before();
}

/* Hook: vma_adjust_trans_huge: the split alone takes the full cover from a table. */
static void random_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, do_madvise, OFF, PART, MADV_RANDOM));
	as_before();
	at(1, do_madvise, OFF, PART, MADV_NORMAL);
	each(do_check, 0, LEN, 3);
}

static void willneed(void)
{
	shared(3, LEN);
	at(1, do_madvise, 0, LEN, MADV_WILLNEED);
	as_before();
}

/* Populating is faulting: afterwards nobody who does it, nor who shares, needs a fault. */
static void populate(void)
{
	for (int advice = MADV_POPULATE_READ; advice <= MADV_POPULATE_WRITE; advice++) {
		long faults, first = members;

		file_fd = file_in("/tmp", LEN);
		team(3);
		each(do_map, 0, LEN, RW);
		for (int i = first; i < members; i++)
			at(i, do_madvise, 0, LEN, advice);
		for (int i = first; i < members; i++) {
			faults = at(i, do_count_faults, 0, LEN, 0);
			CHECK(faults < 5, "member %d had %ld faults after populate", i, faults);
		}
		at(first, do_fill, 0, LEN, 1);
		for (int i = first; i < members; i++)
			at(i, do_check, 0, LEN, 1);
		dismiss();
	}
}

static long map_populated(long a, long b, long c)
{
	map = map_shifted(file_fd, 0, LEN, RW, MAP_SHARED | MAP_POPULATE, 0);
	return do_count_faults(0, LEN, 1);
}

static void map_populate(void)
{
	shared(3, LEN);
	for (int i = 0; i < 3; i++) {
		long faults = at(i, map_populated, 0, 0, 0);

		CHECK(faults < 5, "member %d had %ld faults after MAP_POPULATE", i, faults);
	}
	as_before();
}

/* What a shared mapping can't be told. */
static long refused(long off, long len, long c)
{
	FAILS(madvise(map + off, len, MADV_FREE), EINVAL);
	FAILS(madvise(map + off, len, MADV_WIPEONFORK), EINVAL);
	FAILS(madvise(map + off, len, 9999), EINVAL);
	FAILS(madvise(map + off + 1, len, MADV_DONTNEED), EINVAL);
	return 0;
}

static void not_for_shared(void)
{
	shared(3, LEN);
	at(1, refused, OFF, PART, 0);
	as_before();
}

/* One gives its pages up all the time; the others must never notice, in contents or in faults of their own. */
static long dontneed_often(long rounds, long b, long c)
{
	pin(0, 0, 0);
	for (long i = 0; i < rounds; i++) {
		do_madvise(i % TABLES * span + i % 4 * (span / 4), span / 4, MADV_DONTNEED);
		do_check(i % TABLES * span, span, 1);
	}
	guest->word[0] = 1;
	return 0;
}

static long write_on(long off, long len, long c)
{
	pin(1 + me, 0, 0);
	while (!guest->word[0]) {
		do_fill(off, len, 1);
		do_check(0, LEN, 1);
	}
	return 0;
}

static void while_others_write(void)
{
	shared(3, LEN);
	here();
	order(0, dontneed_often, 60, 0, 0);
	order(1, write_on, 0, LEN, 0);
	order(2, write_on, span, span, 0);
	for (int i = 0; i < 3; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "dontneed_whole", dontneed_whole }, { "dontneed_part", dontneed_part },
		{ "dontneed_each", dontneed_each }, { "cold", cold }, { "cold_part", cold_part }, { "cold_alone", cold_alone },
		{ "pageout", pageout }, { "pageout_part", pageout_part }, { "process_madvise", by_another },
		{ "remove", remove_part }, { "dontfork_part", dontfork_part }, { "dontfork_whole", dontfork_whole },
		{ "read_patterns", read_patterns }, { "random_part", random_part }, { "willneed", willneed },
		{ "populate", populate }, { "map_populate", map_populate }, { "not_for_shared", not_for_shared },
		{ "while_others_write", while_others_write },
	};

	return RUN(cases);
}
