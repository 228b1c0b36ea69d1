/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model's memory: what every page of every file holds, and what every process has mapped where.
 *
 * A page holds two versions, one in eight words (its stamp) and one in all others (its body).  A write is of the
 * stamp alone, or of the whole page; so a copy of a page can be told from the page, and a half-done copy from both.
 * Version 0 is a hole.  No version is given out twice.
 *
 * Cells and entries are sequence locks: who changes the page, or what is mapped, owns the word `seq`; who reads
 * looks at it before and after, and what has changed meanwhile proves nothing.  An owner may be killed at any
 * point: whoever reaps it repairs what it owned.  Order of locks: view, entry, size of a file, cells by rising page.
 */
#ifndef GUEST_MODEL_H
#define GUEST_MODEL_H

#include "disk.h"
#include "pagemap.h"

#define WORKERS 8
#define LANES 4			/* a worker's threads; the last lane is the process that it has forked */
#define CHILD (LANES - 1)
#define CONDUCTOR 0
#define ACTORS (1 + WORKERS * LANES)
#define STARERS 1		/* of the workers: they mostly look at the spot, and do it alone */
#define VIEWS (2 * WORKERS)	/* each worker's, and each one's child's */
#define FILES 6
#define ANON FILES		/* as an entry's file: private memory of no file */
#define PAGES_MAX 4096
#define REGIONS 5
#define ROOM 4			/* spans of a region */
#define STAMPS 8
#define OWNER 0xffu
#define NOTES 128
#define KINDS 64

/* What an entry is. */
enum {
	MAPPED = 1, SHARED = 2, R = 4, W = 8, COPIED = 16,	/* a private page of its own */
	FREED = 32,		/* MADV_FREE: as it was, or zeros */
	NOFORK = 64,
	ANY = 128,		/* somebody died while he wrote it */
};

struct cell {
	atomic_uint seq;		/* the owner in the low byte, 0: none; above it, how often it was owned */
	uint32_t stamp, body;
	atomic_uint cuts;		/* how often truncation took it: it takes private copies as well */
};

struct entry {
	atomic_uint seq;
	uint32_t stamp, body, cuts;	/* of a private copy */
	uint16_t page;			/* of the file; of ANON, where it was mapped first */
	uint8_t file, flags;
};

/* What a process has mapped.  All of them can be seen by all: a process may reach into another's memory. */
struct view {
	atomic_int writer;
	_Atomic char reading[ACTORS];
	atomic_int pid, dying;
	char *base;
	struct entry e[];
};

struct model_file {
	const char *name;
	int fd, shmid;			/* -1: none */
	char *map;			/* where there is no fd, everybody's own */
	int there, cuttable;
	long max;			/* pages that it has at most */
	atomic_int pages, target;	/* and now; and soon, -1: it stays so */
	atomic_uint sizing;		/* the owner of its size */
	struct cell cell[PAGES_MAX];
};

struct note {
	uint32_t ticket, step;
	uint8_t kind, file, flags, how;
	int32_t idx, n, page, result;
};

struct model {
	int turns;			/* one at a time */
	int stormy, squeezing, sharing;
	int families;			/* mostly private memory, and children */
	atomic_int stop, telling;
	atomic_uint spot;		/* file and page where many look at and many strike, at this time */
	atomic_int go[ACTORS], live[ACTORS];
	uint64_t dice, history;		/* whose turn comes next; of all turns, to compare two runs */
	atomic_uint version[ACTORS], life[WORKERS], ticket;
	atomic_int child[WORKERS], born;	/* the child's pid; negative: it is being born */
	atomic_int quit[WORKERS];		/* the child is told to exit */
	atomic_ulong kind[KINDS], steps, reads, words, unsure, writes, signals, forks, kills, attached;
	struct model_file file[FILES];
	struct note note[ACTORS][NOTES];
};

static struct model *model;
static struct view *view_of[VIEWS];
static long region_pages, view_pages, page_words;
static uint64_t seed;
static int case_number;

static __thread struct self {
	int id, worker, lane;
	struct view *view;
	uint64_t random;
	uint32_t step, life, notes;
	int kind;
	char *suspect;		/* the page where something was found */
} self;

#define LANE_ID(worker, lane) (1 + (worker) * LANES + (lane))
#define MINE ((uint32_t)self.id + 1)

/* --- chance: what a step does follows from the seed, the case, the actor, which life of his it is, and the step */

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

static uint32_t any(uint32_t below)
{
	self.random += 0x9e3779b97f4a7c15ull;
	return (mix(self.random) >> 32) % below;
}

static int chance(int percent)
{
	return any(100) < (uint32_t)percent;
}

static void begin_step(void)
{
	self.step++;
	self.random = mix(seed + 0x9e3779b97f4a7c15ull * case_number) ^ mix(((uint64_t)self.id << 32) + self.life) ^
		      mix(self.step * 0xd1342543de82ef95ull);
}

static uint32_t new_version(void)
{
	return MINE << 24 | ((atomic_fetch_add(&model->version[self.id], 1) + 1) & 0xffffff);
}

/* --- what a page holds */

static uint32_t version_base(int file, long page, uint32_t version)
{
	return mix(((uint64_t)version << 32) + ((uint64_t)file << 24) + page);
}

static uint32_t version_word(int file, long page, uint32_t version, long i)
{
	return version ? (version_base(file, page, version) + (uint32_t)i * 0x85ebca6bu) | 1 : 0;
}

static long stamp_at(long page, int k)
{
	const long part = page_words / STAMPS;

	return k * part + (page * 7 + k * 3) % part;
}

static int is_stamp(long page, long i)
{
	return stamp_at(page, i / (page_words / STAMPS)) == i;
}

/* --- locks */

static void nap(int *tries)
{
	if (guest->failed)
		_exit(1);
	if (++*tries < 20)
		sched_yield();
	else
		usleep(100);
}

static void own(atomic_uint *seq)
{
	int tries = 0;

	for (;;) {
		uint32_t s = atomic_load(seq);

		if (!(s & OWNER) && atomic_compare_exchange_strong(seq, &s, s | MINE))
			return;
		if (s & OWNER)
			nap(&tries);
	}
}

static void disown(atomic_uint *seq)
{
	atomic_store(seq, (atomic_load(seq) & ~OWNER) + OWNER + 1);
}

/* Any number of readers, in whose presence no mapping of the view changes. */
static void enter(struct view *v)
{
	int tries = 0;

	for (;; nap(&tries)) {
		atomic_store(&v->reading[self.id], 1);
		if (!atomic_load(&v->writer))
			return;
		atomic_store(&v->reading[self.id], 0);
	}
}

static void leave(struct view *v)
{
	atomic_store(&v->reading[self.id], 0);
}

static void seize(struct view *v)
{
	int nobody = 0, tries = 0;

	for (; !atomic_compare_exchange_strong(&v->writer, &nobody, MINE); nobody = 0)
		nap(&tries);
	for (int i = 0; i < ACTORS; i++)
		while (atomic_load(&v->reading[i]))
			nap(&tries);
}

static void release(struct view *v)
{
	atomic_store(&v->writer, 0);
}

static struct cell *cell_at(int file, long page)
{
	return file == ANON ? NULL : &model->file[file].cell[page];
}

/* Has the entry a page of its own? */
static int copied(const struct entry *e)
{
	struct cell *c = cell_at(e->file, e->page);

	return (e->flags & COPIED) && (!c || e->cuts == atomic_load(&c->cuts));
}

#include "model-tell.h"

#endif
