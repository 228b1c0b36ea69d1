// SPDX-License-Identifier: GPL-2.0
/*
 * Storms: processes and threads that do to one file, and to their mappings of it, whatever they can, at once.
 * What is in the file is a pure function of the offset, or zero where there is or was a hole: any other byte is
 * somebody else's page.  Each actor's way is made from the seed, which is printed; seed= on the kernel's command
 * line sets it.  The order of events between the actors is the scheduler's.
 */
#include "disk.h"

#define TABLES 3
#define LEN (TABLES * span)
#define STORM_MS 800

static uint64_t seed;

struct actor {
	uint64_t random;
	char *map;			/* its own mapping, or its process's */
	int holes;			/* the file's end and holes may be anywhere: SIGBUS and zeros are right */
	int fixed;			/* other threads have the mapping, too: it must stay where it is, and mapped */
};

static uint32_t any(struct actor *a, uint32_t below)
{
	a->random ^= a->random << 13;
	a->random ^= a->random >> 7;
	a->random ^= a->random << 17;
	return (a->random >> 20) % below;
}

static long any_page(struct actor *a)
{
	return any(a, LEN / pagesz) * pagesz;
}

/* A range of pages, mostly short, sometimes of whole tables. */
static void any_range(struct actor *a, long *off, long *len)
{
	if (any(a, 4) == 0) {
		*off = any(a, TABLES) * span;
		*len = span;
		return;
	}
	*off = any_page(a);
	*len = (1 + any(a, 40)) * pagesz;
	if (*off + *len > LEN)
		*len = LEN - *off;
}

/* One word: read, or write what it should be.  A fault is right where there may be none of the file. */
static void touch(struct actor *a, long off, int write)
{
	volatile uint32_t *word = (uint32_t *)(a->map + off);
	int sig = sigsetjmp(probe_env, 0);

	if (!sig) {
		uint32_t have;

		probing = 1;
		have = *word;
		CHECK(have == pattern(off, 1) || (!have && a->holes), "offset 0x%lx has %08x, not %08x, seed %llu", off, have,
		      pattern(off, 1), (unsigned long long)seed);
		if (write)
			*word = pattern(off, 1);
	}
	probing = 0;
	if (sig == SIGSEGV && !a->fixed)
		FAIL("SIGSEGV at offset 0x%lx, seed %llu", off, (unsigned long long)seed);
	CHECK(!sig || a->holes || (sig == SIGSEGV && a->fixed), "signal %d at offset 0x%lx", sig, off);
}

static void touch_range(struct actor *a)
{
	long off, len, write = any(a, 2);

	any_range(a, &off, &len);
	for (long page = off; page < off + len; page += pagesz)
		touch(a, page + 4 * any(a, pagesz / 4), write && a->holes < 2);
}

static void map_anew(struct actor *a, int aligned)
{
	map = a->map = map_shifted(file_fd, 0, LEN, RW, MAP_SHARED, aligned ? 0 : pagesz);
}

/* What an actor does to its own mapping. */
static void act_on_mapping(struct actor *a)
{
	static const int advices[] = { MADV_DONTNEED, MADV_DONTNEED, MADV_COLD, MADV_PAGEOUT,
		MADV_WILLNEED };
	long off, len;
	char *to;

	any_range(a, &off, &len);
	switch (any(a, a->fixed ? 4 : 9)) {
	case 0:
		madvise(a->map + off, len, advices[any(a, ARRAY_SIZE(advices))]);
		break;
	case 1:
		SYS(mprotect(a->map + off, len, PROT_READ));
		if (!a->fixed)
			touch(a, off, 0);
		SYS(mprotect(a->map + off, len, RW));
		break;
	case 2:
		SYS(mmap(a->map + off, len, RW, MAP_SHARED | MAP_FIXED, file_fd, off));
		break;
	case 3:
		if (!mlock(a->map + off, len))
			SYS(munlock(a->map + off, len));
		break;
	case 4:
		/* In one piece again, or mremap would not have it. */
		SYS(mmap(a->map, LEN, RW, MAP_SHARED | MAP_FIXED, file_fd, 0));
		to = room(LEN, any(a, 2) ? 0 : pagesz);
		SYS(mremap(a->map, LEN, LEN, MREMAP_MAYMOVE | MREMAP_FIXED, to));
		map = a->map = to;
		break;
	case 5:
		SYS(munmap(a->map + off, len));
		SYS(munmap(a->map, LEN));
		map_anew(a, any(a, 4));
		break;
	case 6:
		SYS(mmap(a->map + off, len, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
		memset(a->map + off, 0xee, len);
		SYS(mmap(a->map + off, len, RW, MAP_SHARED | MAP_FIXED, file_fd, off));
		break;
	case 7:
		if (any(a, 4))
			break;
		if (!fork()) {
			touch_range(a);
			_exit(0);
		}
		break;
	case 8:
		madvise(a->map + off, len, any(a, 2) ? MADV_RANDOM : MADV_NORMAL);
		break;
	}
}

static void act_until(struct actor *a, long end)
{
	while (now_ms() < end && !guest->failed) {
		for (int i = any(a, 4); i >= 0; i--)
			touch_range(a);
		act_on_mapping(a);
		while (!a->fixed && waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

static struct actor *new_actor(long number, int holes, int fixed)
{
	struct actor *a = calloc(1, sizeof(*a));

	a->random = seed * 0x9e3779b97f4a7c15ull + number * 0xd1342543de82ef95ull + 1;
	a->holes = holes;
	a->fixed = fixed;
	a->map = map;
	for (int i = 0; i < 10; i++)
		any(a, 2);
	return a;
}

/* A process of its own. */
static long storm(long holes, long end, long c)
{
	act_until(new_actor(me, holes, 0), end);
	return 0;
}

static void *storm_thread(void *actor)
{
	act_until(actor, guest->word[0]);
	return NULL;
}

/* A process of several threads, which all have its one mapping. */
static long storm_threads(long holes, long end, long n)
{
	pthread_t thread[4];

	guest->word[0] = end;
	for (long i = 0; i < n; i++)
		CHECK(!pthread_create(&thread[i], NULL, storm_thread, new_actor(100 + 10 * me + i, holes, 1)), "no thread");
	for (long i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

/* Processes that come, touch, and go in whatever way. */
static long come_and_go(long holes, long end, long c)
{
	struct actor *a = new_actor(50 + me, holes, 0);

	while (now_ms() < end && !guest->failed) {
		pid_t pid = SYS(fork());

		if (!pid) {
			any(a, 2);
			map_anew(a, 1);
			for (int i = 0; i < 20; i++)
				touch_range(a);
			_exit(0);
		}
		a->random += pid;
		if (any(a, 2)) {
			usleep(any(a, 3000));
			kill(pid, SIGKILL);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}

/* What is done to the file itself, by the conductor, until the end. */
static void act_on_file(struct actor *a, long end, int compact)
{
	long off, len;

	while (now_ms() < end && !guest->failed) {
		any_range(a, &off, &len);
		switch (any(a, compact ? 5 : 4)) {
		case 0:
			fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len);
			break;
		case 1:
			SYS(ftruncate(file_fd, off));
			usleep(any(a, 500));
			SYS(ftruncate(file_fd, LEN));
			break;
		case 2:
			slurp("/proc/self/smaps");
			spit("/proc/sys/vm/drop_caches", "1");
			break;
		case 3:
			usleep(any(a, 3000));
			break;
		case 4:
			if (any(a, 6) == 0)
				spit("/proc/sys/vm/compact_memory", "1");
			else
				reclaim(64 * pagesz);
			break;
		}
	}
}

static void begin(void)
{
	const char *text = getenv("seed");

	seed = text ? strtoull(text, NULL, 0) : 1;
	say("# seed %llu", (unsigned long long)seed);
	every_page = 1;
}

/* Every word of every page, so that whatever is read has a right value. */
static void fill_all(void)
{
	do_map(0, LEN, RW);
	for (long off = 0; off < LEN; off += 4)
		*(uint32_t *)(map + off) = pattern(off, 1);
}

/* Nothing happens to the file: what is read is always what was written. */
static void mappings(void)
{
	long end, attaches = shpte_counter("attaches");

	begin();
	file_fd = file_in("/tmp", LEN);
	fill_all();
	team(5);
	each(do_map, 0, LEN, RW);
	here();
	end = now_ms() + STORM_MS;
	for (int i = 0; i < 3; i++)
		order(i, storm, 0, end, 0);
	order(3, storm_threads, 0, end, 3);
	order(4, come_and_go, 0, end, 0);
	for (int i = 0; i < 5; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
	GREW("attaches", attaches, TABLES);
}

static void file_and_mappings(void)
{
	long end;

	begin();
	file_fd = file_in("/tmp", LEN);
	fill_all();
	team(5);
	each(do_map, 0, LEN, RW);
	here();
	end = now_ms() + STORM_MS;
	for (int i = 0; i < 3; i++)
		order(i, storm, 1, end, 0);
	order(3, storm_threads, 1, end, 3);
	order(4, come_and_go, 1, end, 0);
	act_on_file(new_actor(99, 1, 0), end, 0);
	for (int i = 0; i < 5; i++)
		finish(i);
}

/* With the kernel taking pages away and moving them; nothing else happens to the file. */
static void pressure(void)
{
	long end;

	begin();
	enter_cgroup();
	swap_on();
	file_fd = file_in("/tmp", LEN);
	fill_all();
	team(4);
	each(do_map, 0, LEN, RW);
	here();
	end = now_ms() + STORM_MS;
	for (int i = 0; i < 2; i++)
		order(i, storm, 0, end, 0);
	order(2, storm_threads, 0, end, 2);
	order(3, come_and_go, 0, end, 0);
	while (now_ms() < end && !guest->failed) {
		reclaim(64 * pagesz);
		spit("/proc/sys/vm/compact_memory", "1");
		usleep(1000);
	}
	for (int i = 0; i < 4; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
	dismiss();
	SYS(swapoff(SWAP));
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "mappings", mappings }, { "file_and_mappings", file_and_mappings }, { "pressure", pressure },
	};

	return RUN(cases);
}
