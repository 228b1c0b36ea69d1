// SPDX-License-Identifier: GPL-2.0
/* Pages that move to another place in memory while they are mapped through shared tables. */
#include "disk.h"
#include "moving.h"

#define TABLES 1
#define LEN (TABLES * span)

/* Hooks: try_to_migrate_one, remove_migration_pte: entries change in the one table, and no TLB keeps the old. */
static void at_rest(void)
{
	long moved, migrations;

	shared_on(scattered("/tmp", LEN), 3, LEN);
	migrations = shpte_sum("in_place_");
	moved = move_pages_of(2, LEN);
	each(do_check, 0, LEN, 1);
	SUM_GREW("in_place_", migrations, 1);
	/* All look at the same new places. */
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(2, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
	say("# %ld of %ld pages moved", moved, LEN / pagesz / count_every);
}

static void under_writers(void)
{
	for (int i = 0; i < 2; i++) {
		long moved;

		shared_on(scattered("/tmp", LEN), 4, LEN);
		here();
		count_begin(2, LEN, 0);
		moved = move_pages_of(3, LEN);
		count_end(2, LEN);
		each(do_check, 0, LEN, 1);
		dismiss();
		close(file_fd);
		say("# %ld of %ld pages moved", moved, LEN / pagesz / count_every);
	}
}

static void ext2_under_writers(void)
{
	long moved;

	mount_ext2();
	shared_on(scattered(MNT, LEN), 4, LEN);
	here();
	count_begin(2, LEN, 0);
	moved = move_pages_of(3, LEN);
	count_end(2, LEN);
	each(do_check, 0, LEN, 1);
	leave_ext2(file_fd);
	say("# %ld of %ld pages moved", moved, LEN / pagesz / count_every);
}

static long map_second(long off, long len, long shift)
{
	char *first = map;

	map = map_shifted(file_fd, 0, LEN, RW, MAP_SHARED, shift);
	do_check(0, LEN, 1);
	map = first;
	return 0;
}

/* A page that is mapped through several tables: one that is shared, and some that are not. */
static void several_tables(void)
{
	shared_on(scattered("/tmp", LEN), 3, LEN);
	at(0, map_second, 0, LEN, pagesz);
	at(1, map_second, 0, LEN, 0);
	at(2, map_second, 0, LEN, span / 2);
	move_pages_of(2, LEN);
	each(do_check, 0, LEN, 1);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* Members come and go, unmap and fault, while pages move: no migration entry may be left behind. */
static long come_and_go(long off, long len, long c)
{
	pin(1 + me, 0, 0);
	while (!guest->word[0]) {
		do_munmap(0, LEN, 0);
		do_map(0, LEN, RW);
		do_check(me % TABLES * span, span, 1);
		SYS(madvise(map, LEN, MADV_DONTNEED));
		do_fill(0, span / 4, 1);
	}
	return 0;
}

static void coming_and_going(void)
{
	shared_on(scattered("/tmp", LEN), 4, LEN);
	guest->word[0] = 0;
	here();
	order(0, come_and_go, 0, LEN, 0);
	order(1, come_and_go, 0, LEN, 0);
	move_pages_of(2, LEN);
	compact();
	guest->word[0] = 1;
	finish(0);
	finish(1);
	each(do_check, 0, LEN, 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "at_rest", at_rest }, { "under_writers", under_writers }, { "ext2_under_writers", ext2_under_writers },
		{ "several_tables", several_tables }, { "coming_and_going", coming_and_going },
	};

	every_page = 1;
	return RUN(cases);
}
