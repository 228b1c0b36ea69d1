// SPDX-License-Identifier: GPL-2.0
/* Guard regions: markers in one sharer's entries, which must not get into the others' table. */
#include "guest.h"

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 4)

/* 0, or an errno. */
static long do_guard(long off, long len, long advice)
{
	return madvise(map + off, len, advice) ? errno : 0;
}

static void guard(int i, long off, long len, int advice)
{
	long ret = at(i, do_guard, off, len, advice);

	if (ret == EINVAL)
		skip("no guard regions in mappings of files");
	CHECK(!ret, "madvise %d: %s", advice, strerror(ret));
}

/* Member 1 must not go there, the others see what is there. */
static void guarded(long off, long len, long gen)
{
	at(1, do_reads, off, len, SIGSEGV);
	at(0, do_check, off, len, gen);
	at(2, do_check, off, len, gen);
}

static void over_pages(void)
{
	shared(3, LEN);
	guard(1, OFF, PART, MADV_GUARD_INSTALL);
	guarded(OFF, PART, 1);
	each(do_check, 0, OFF, 1);
	at(0, do_fill, 0, LEN, 2);
	guarded(OFF, PART, 2);
	guard(1, OFF, PART, MADV_GUARD_REMOVE);
	each(do_check, 0, LEN, 2);
}

/* Hook: walk_pte_range: a marker goes into an empty entry without ado. */
static void over_nothing(void)
{
	shared(3, LEN);
	at(0, do_madvise, OFF, PART, MADV_REMOVE);
	guard(1, OFF, PART, MADV_GUARD_INSTALL);
	guarded(OFF, PART, 0);
	each(do_check, 0, OFF, 1);
	at(0, do_fill, OFF, PART, 3);
	guarded(OFF, PART, 3);
	/* What is advised about the pages leaves the markers. */
	at(1, do_madvise, 0, LEN, MADV_DONTNEED);
	guarded(OFF, PART, 3);
	guard(1, OFF, PART, MADV_GUARD_REMOVE);
	each(do_check, OFF, PART, 3);
}

/* The one who has the table to himself: who comes later does not get the markers. */
static void alone(void)
{
	file_fd = file_in("/tmp", LEN);
	team(2);
	at(0, do_map, 0, LEN, RW);
	at(0, do_fill, 0, LEN, 1);
	at(0, do_madvise, OFF, PART, MADV_REMOVE);
	guard(0, OFF, PART, MADV_GUARD_INSTALL);
	at(1, do_map, 0, LEN, RW);
	at(1, do_check, OFF, PART, 0);
	at(0, do_reads, OFF, PART, SIGSEGV);
	each(do_check, 0, OFF, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "over_pages", over_pages }, { "over_nothing", over_nothing }, { "alone", alone },
	};

	return RUN(cases);
}
