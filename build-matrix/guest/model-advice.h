/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: madvise, mlock, msync. */
#ifndef GUEST_MODEL_ADVICE_H
#define GUEST_MODEL_ADVICE_H

#include "model-vm.h"

/* Since 5.4, 5.4, 5.14, 5.14 and 6.1; a kernel that does not know them says EINVAL. */
#define ADVICE_COLD 20
#define ADVICE_PAGEOUT 21
#define ADVICE_POPULATE_READ 22
#define ADVICE_POPULATE_WRITE 23
#define ADVICE_COLLAPSE 25

/* A huge page is mapped as a whole, also beyond the end of its file, where there is a signal otherwise. */
static int may_be_huge(const struct view *v, struct range r)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		if (v->e[i].file != ANON && model->file[v->e[i].file].cuttable)
			return 0;
	return 1;
}

static int may_advise(const struct view *v, struct range r, int advice)
{
	switch (advice) {
	case ADVICE_POPULATE_WRITE:
	case MADV_DONTNEED:
		return v->e[r.idx].flags & SHARED;
	case MADV_HUGEPAGE:
	case ADVICE_COLLAPSE:
		return may_be_huge(v, r);
	}
	return 1;
}

/* What changes no contents.  Of a private mapping the two at the end would. */
static void op_advise(struct view *v)
{
	static const int advices[] = {
		ADVICE_COLD, ADVICE_PAGEOUT, MADV_WILLNEED, ADVICE_POPULATE_READ, MADV_HUGEPAGE, MADV_NOHUGEPAGE, ADVICE_COLLAPSE,
		MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_RANDOM, MADV_SEQUENTIAL, MADV_NORMAL, MADV_NORMAL, ADVICE_POPULATE_WRITE,
		MADV_DONTNEED, MADV_DONTNEED, MADV_DONTNEED,
	};
	int advice = advices[any(ARRAY_SIZE(advices))];
	struct range r = any_range();
	struct note *x;

	enter(v);
	r = part(v, r, SHARED, 0);
	if (r.n && may_advise(v, r, advice)) {
		x = note(v, r.idx, r.n, advice, 0);
		x->result = madvise(address(v, r.idx), r.n * pagesz, advice) ? -errno : 0;
	}
	leave(v);
	look_at(v, r);
}

/* A private mapping loses its copies, and memory without a file all that is in it. */
static void op_drop(struct view *v)
{
	struct range r = any_range();

	seize(v);
	r = part(v, r, SHARED, 0);
	if (r.n && !(v->e[r.idx].flags & SHARED)) {
		own_range(v, r);
		note(v, r.idx, r.n, 0, 0);
		MUST(madvise(address(v, r.idx), r.n * pagesz, MADV_DONTNEED));
		change_flags(v, r, COPIED | FREED | ANY, 0);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

/*
 * Not where a fork's other side has the pages, too: the kernel loses them.  A page that a read brought back from such swap
 * as /dev/ram or zram is clean, in its entries and itself, and its slot is free; MADV_FREE asks only of a page that is dirty
 * or has a slot who else maps it, and reclaim takes it from all.  So it is in 6.12 without our changes.
 */
static int may_free(void)
{
	return !model->squeezing || (self.lane != CHILD && !atomic_load(&model->child[self.worker]));
}

static void op_free(struct view *v)
{
	struct range r = any_range();

	seize(v);
	r = part(v, r, SHARED, 1);
	if (r.n && v->e[r.idx].file == ANON && may_free()) {
		own_range(v, r);
		note(v, r.idx, r.n, 0, 0);
		MUST(madvise(address(v, r.idx), r.n * pagesz, MADV_FREE));
		change_flags(v, r, 0, FREED);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

static void op_nofork(struct view *v)
{
	struct range r = any_range();
	int on = chance(30);

	seize(v);
	r = part(v, r, 0, 0);
	if (r.n) {
		own_range(v, r);
		note(v, r.idx, r.n, on, 0);
		MUST(madvise(address(v, r.idx), r.n * pagesz, on ? MADV_DONTFORK : MADV_DOFORK));
		change_flags(v, r, NOFORK, on ? NOFORK : 0);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

/* A hole in the file, by way of its mapping. */
static void op_remove(struct view *v)
{
	struct range r = any_range();
	struct entry *e;
	struct note *x;
	int file = -1, page = 0;

	enter(v);
	r = part(v, r, SHARED | R | W, 1);
	e = &v->e[r.idx];
	if (r.n && (e->flags & (SHARED | W)) == (SHARED | W)) {
		file = e->file;
		page = e->page;
		own_cells(file, page, r.n);
		x = note(v, r.idx, r.n, 0, 0);
		munlock(address(v, r.idx), r.n * pagesz);
		x->result = madvise(address(v, r.idx), r.n * pagesz, MADV_REMOVE) ? -errno : 0;
		if (!x->result)
			now_holes(file, page, r.n);
		else if (x->result != -EOPNOTSUPP)
			for (long i = 0; i < r.n; i++)
				rewrite_page(file, page + i);
		disown_cells(file, page, r.n);
	}
	leave(v);
	look_at(v, r);
}

/* --- what copies the pages of a private mapping without changing them */

static void now_copied(struct entry *e)
{
	struct cell *c = cell_at(e->file, e->page);

	if (copied(e))
		return;
	e->stamp = c ? c->stamp : 0;
	e->body = c ? c->body : 0;
	e->cuts = c ? atomic_load(&c->cuts) : 0;
	e->flags = (e->flags | COPIED) & ~FREED;
}

/* If it was not said that all are copied, a write makes sure. */
static void copy_part(struct view *v, struct range r, int all)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		if (all)
			now_copied(&v->e[i]);
		else
			write_owned(v, i, DIRECT, 0);
}

static void op_populate(struct view *v)
{
	struct range r = any_range();
	int locking = chance(50), err;
	struct entry *e;
	struct note *x;

	if (r.n > 64)
		r.n = 64;
	seize(v);
	r = part(v, r, SHARED | R | W, 1);
	e = &v->e[r.idx];
	if (r.n && (e->flags & (SHARED | W)) == W) {
		own_range(v, r);
		if (e->file != ANON)
			own_cells(e->file, e->page, r.n);
		x = note(v, r.idx, r.n, locking, 0);
		if (locking)
			err = mlock(address(v, r.idx), r.n * pagesz);
		else
			err = madvise(address(v, r.idx), r.n * pagesz, ADVICE_POPULATE_WRITE);
		x->result = err ? -errno : 0;
		copy_part(v, r, !err);
		if (locking)
			MUST(munlock(address(v, r.idx), r.n * pagesz));
		if (e->file != ANON)
			disown_cells(e->file, e->page, r.n);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

/* Of what is private only as long as op_populate() holds on to it: whatever writes there would be populated, too. */
static void op_lock(struct view *v)
{
	struct range r = any_range();
	int how = any(4);
	struct note *x;
	long err;

	enter(v);
	r = part(v, r, SHARED, 0);
	if (r.n && v->e[r.idx].flags & SHARED) {
		x = note(v, r.idx, r.n, how, 0);
		if (how == 0)
			err = mlock(address(v, r.idx), r.n * pagesz);
		else if (how == 1)
			err = syscall(SYS_mlock2, address(v, r.idx), r.n * pagesz, 1 /* MLOCK_ONFAULT */);
		else
			err = munlock(address(v, r.idx), r.n * pagesz);
		x->result = err ? -errno : 0;
	}
	leave(v);
	look_at(v, r);
}

static void op_sync(struct view *v)
{
	struct range r = any_range();

	enter(v);
	r = part(v, r, 0, 0);
	if (r.n) {
		note(v, r.idx, r.n, 0, 0);
		MUST(msync(address(v, r.idx), r.n * pagesz, chance(50) ? MS_SYNC : MS_ASYNC));
	}
	leave(v);
	look_at(v, r);
}

#endif
