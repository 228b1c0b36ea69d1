/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: the files, what is done to them other than by mappings, and how the work of the killed is mended. */
#ifndef GUEST_MODEL_FILE_H
#define GUEST_MODEL_FILE_H

#include "model.h"
#include <sys/ipc.h>
#include <sys/shm.h>

#define EXT2_FILE MNT "/model"

enum { TMPFS, MEMFD, SYSV, EXT2, SHARED_ANON, SHM };

static struct model_file *add_file(int number, const char *name, int fd, long pages, int cuttable)
{
	struct model_file *f = &model->file[number];

	f->name = name;
	f->fd = fd;
	f->shmid = -1;
	f->max = pages;
	f->pages = pages;
	f->target = -1;
	f->cuttable = cuttable;
	f->there = 1;
	CHECK(pages <= PAGES_MAX, "%s: %ld pages are too many", name, pages);
	if (fd >= 0)
		SYS(ftruncate(fd, pages * pagesz));
	return f;
}

static int open_ext2(int flags)
{
	return SYS(open(EXT2_FILE, O_RDWR | O_CLOEXEC | flags, 0600));
}

/* Whole tables, and some pages that belong to none. */
static void make_files(int with_ext2)
{
	const long table = span / pagesz;
	struct model_file *f;
	int id;

	add_file(TMPFS, "tmpfs", file_in("/tmp", 0), 3 * table + 5, 0);
	add_file(MEMFD, "memfd", SYS(memfd_create("model", MFD_CLOEXEC)), 3 * table, 1);
	add_file(SHM, "/dev/shm", file_in("/dev/shm", 0), table + 7, 1);
	if (with_ext2)
		add_file(EXT2, "ext2", open_ext2(O_CREAT | O_TRUNC), 2 * table - 3, 1);
	f = add_file(SHARED_ANON, "shared anonymous", -1, 2 * table, 0);
	f->map = SYS(mmap(NULL, f->max * pagesz, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	id = shmget(IPC_PRIVATE, 2 * span, IPC_CREAT | 0600);
	if (id < 0)
		return;
	f = add_file(SYSV, "System V", -1, 2 * table, 0);
	f->shmid = id;
	f->map = SYS(shmat(f->shmid, NULL, 0));
	SYS(shmctl(id, IPC_RMID, NULL));
}

static int any_file(void)
{
	int number;

	do
		number = any(FILES);
	while (!model->file[number].there);
	return number;
}

/* Mostly one of those where processes meet: at the ends of the tables. */
static long any_page_of(long pages)
{
	const long table = span / pagesz;
	long page;

	if (chance(40))
		return any(pages);
	page = any((pages + table - 1) / table) * table + (chance(50) ? 0 : table - 4) + any(4);
	return page < pages ? page : pages - 1;
}

static void own_cells(int file, long page, long n)
{
	for (long i = page; i < page + n; i++)
		own(&cell_at(file, i)->seq);
}

static void disown_cells(int file, long page, long n)
{
	for (long i = page; i < page + n; i++)
		disown(&cell_at(file, i)->seq);
}

static void now_holes(int file, long page, long n)
{
	for (long i = page; i < page + n; i++)
		cell_at(file, i)->stamp = cell_at(file, i)->body = 0;
}

/* All of an owned page anew, by whatever way: nobody knows what is in it. */
static void rewrite_page(int file, long page)
{
	struct model_file *f = &model->file[file];
	struct cell *c = &f->cell[page];
	uint32_t version = new_version();

	if (page >= f->pages)
		return;
	for (long i = 0; i < page_words; i += 64) {
		uint32_t part[64];

		for (int k = 0; k < 64; k++)
			part[k] = version_word(file, page, version, i + k);
		if (f->fd >= 0)
			MUST(pwrite(f->fd, part, sizeof(part), page * pagesz + 4 * i));
		else
			memcpy(f->map + page * pagesz + 4 * i, part, sizeof(part));
	}
	c->stamp = c->body = version;
}

/* --- what is done to a file */

/* The size's owner.  Who maps a page privately and wrote it loses that one, too. */
static void resize(int file, long pages)
{
	struct model_file *f = &model->file[file];
	long old = f->pages, from = pages < old ? pages : old, n = labs(pages - old);
	struct note *x;

	if (!n)
		return;
	own_cells(file, from, n);
	x = note_file(file, from, n);
	atomic_store(&f->target, pages);
	if (pages < old)
		for (long i = from; i < from + n; i++)
			atomic_fetch_add(&f->cell[i].cuts, 1);
	MUST(ftruncate(f->fd, pages * pagesz));
	now_holes(file, from, n);
	atomic_store(&f->pages, pages);
	atomic_store(&f->target, -1);
	x->result = pages;
	disown_cells(file, from, n);
}

static void cut(int file, long pages)
{
	struct model_file *f = &model->file[file];

	own(&f->sizing);
	resize(file, pages);
	if (chance(70)) {
		if (model->stormy && chance(30))
			usleep(any(300));
		resize(file, f->max);
	}
	disown(&f->sizing);
}

static void punch(int file, long page)
{
	struct model_file *f = &model->file[file];
	long n = 1 + any(chance(20) ? span / pagesz : 24);
	struct note *x;

	if (page + n > f->max)
		n = f->max - page;
	own_cells(file, page, n);
	x = note_file(file, page, n);
	x->result = fallocate(f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, page * pagesz, n * pagesz);
	if (!x->result)
		now_holes(file, page, n);
	else if (errno != EOPNOTSUPP)
		tell(NULL, file, page, "fallocate: %s", strerror(errno));
	disown_cells(file, page, n);
}

/* By system calls, as a program that never maps it. */
static void write_file(int file, long page)
{
	struct model_file *f = &model->file[file];
	struct cell *c = &f->cell[page];
	struct note *x;

	own(&c->seq);
	x = note_file(file, page, 1);
	if (page < f->pages && chance(30)) {
		rewrite_page(file, page);
		x->result = 2;
	} else if (page < f->pages) {
		uint32_t version = new_version();

		for (int k = 0; k < STAMPS; k++) {
			long i = stamp_at(page, k);
			uint32_t word = version_word(file, page, version, i);

			MUST(pwrite(f->fd, &word, 4, page * pagesz + 4 * i));
		}
		c->stamp = version;
		x->result = 1;
	}
	disown(&c->seq);
}

static __thread uint32_t file_words[16384];

static void read_file(int file, long page)
{
	struct model_file *f = &model->file[file];
	struct cell *c = &f->cell[page];
	uint32_t seq = atomic_load(&c->seq), stamp = c->stamp, body = c->body;
	long want = page < f->pages ? pagesz : 0, got;

	got = f->fd < 0 ? want : MUST(pread(f->fd, file_words, pagesz, page * pagesz));
	if (f->fd < 0 && got)
		memcpy(file_words, f->map + page * pagesz, pagesz);
	atomic_fetch_add(&model->reads, 1);
	if (seq & OWNER || atomic_load(&c->seq) != seq) {
		atomic_fetch_add(&model->unsure, 1);
		return;
	}
	if (got != want)
		tell(NULL, file, page, "read page %ld of file %d: %ld bytes, expected %ld", page, file, got, want);
	for (long i = 0; got && i < page_words; i++) {
		uint32_t must = version_word(file, page, is_stamp(page, i) ? stamp : body, i);

		if (file_words[i] != must)
			tell(NULL, file, page, "read word %ld of page %ld of file %d: found %08x, expected %08x", i, page, file,
			     file_words[i], must);
	}
	atomic_fetch_add(&model->words, got / 4);
}

static void check_files(void)
{
	for (int file = 0; file < FILES; file++)
		for (long page = 0; model->file[file].there && page < model->file[file].max; page++)
			read_file(file, page);
}

/* Nobody has it mapped any more: is what was written on the disk? */
static void check_disk(void)
{
	struct model_file *f = &model->file[EXT2];

	if (!f->there)
		return;
	close(f->fd);
	remount_ext2();
	f->fd = open_ext2(0);
	for (long page = 0; page < f->max; page++)
		read_file(EXT2, page);
	close(f->fd);
	SYS(unlink(EXT2_FILE));
	SYS(umount(MNT));
}

/* --- mending */

/* What a dead actor owned.  It may have been in the middle of everything. */
static void mend_file(int file, uint32_t dead)
{
	struct model_file *f = &model->file[file];
	int resizing = (f->sizing & OWNER) == dead && f->target >= 0;

	if (resizing) {
		MUST(ftruncate(f->fd, f->target * pagesz));
		atomic_store(&f->pages, f->target);
		atomic_store(&f->target, -1);
	}
	for (long i = 0; i < f->max; i++) {
		struct cell *c = &f->cell[i];

		if ((c->seq & OWNER) != dead)
			continue;
		if (i >= f->pages) {
			c->stamp = c->body = 0;
			atomic_fetch_add(&c->cuts, resizing);
		} else {
			rewrite_page(file, i);
		}
		disown(&c->seq);
	}
	if ((f->sizing & OWNER) == dead)
		disown(&f->sizing);
}

static void mend_view(struct view *v, int id)
{
	for (long i = 0; i < view_pages; i++) {
		struct entry *e = &v->e[i];

		if ((e->seq & OWNER) != (uint32_t)id + 1)
			continue;
		if (!(e->flags & SHARED))
			e->flags |= ANY;
		disown(&e->seq);
	}
	if (v->writer == id + 1)
		release(v);
	atomic_store(&v->reading[id], 0);
}

static void mend(int id)
{
	for (int i = 0; i < FILES; i++)
		if (model->file[i].there)
			mend_file(i, id + 1);
	for (int i = 0; i < VIEWS; i++)
		mend_view(view_of[i], id);
}

#endif
