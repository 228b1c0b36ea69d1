/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: mremap in all its forms, and remap_file_pages. */
#ifndef GUEST_MODEL_MOVE_H
#define GUEST_MODEL_MOVE_H

#include "model-vm.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* Room for n pages that does not meet r; where tables could move as they are, or not.  n 0: there is none. */
static struct range any_room(struct range r, long n)
{
	const long table = span / pagesz;
	struct range to = { any(REGIONS) * region_pages, n };

	to.idx += chance(60) ? r.idx % table : any(table);
	if (chance(50))
		to.idx += any(ROOM - 1) * table;
	if (to.idx + n > view_pages || (to.idx < r.idx + r.n && r.idx < to.idx + n))
		to.n = 0;
	return to;
}

/* How far the last page of r can be followed by more of the same. */
static long can_grow(const struct view *v, struct range r, long by)
{
	const struct entry *last = &v->e[r.idx + r.n - 1];
	long most = last->file == ANON ? by : model->file[last->file].max - 1 - last->page;

	return by < most ? by : most;
}

/* What moves takes its copies with it; what is new behind it has none. */
static void entries_follow(struct view *v, struct range from, struct range to)
{
	for (long i = 0; i < to.n; i++) {
		struct entry *a = &v->e[from.idx + (i < from.n ? i : from.n - 1)], *b = &v->e[to.idx + i];
		long beyond = i < from.n ? 0 : i - from.n + 1;

		b->stamp = beyond && !(a->flags & SHARED) ? 0 : a->stamp;
		b->body = beyond ? 0 : a->body;
		b->cuts = beyond ? 0 : a->cuts;
		b->file = a->file;
		b->page = a->page + beyond;
		b->flags = beyond ? a->flags & ~(COPIED | FREED | ANY) : a->flags;
	}
}

static void move(struct view *v, struct range from, struct range to, int flags)
{
	struct note *x;
	void *at;

	own_range(v, from);
	own_range(v, to);
	x = note(v, from.idx, from.n, to.idx, 0);
	/* mremap would do so, too, but maybe fail thereafter. */
	MUST(munmap(address(v, to.idx), to.n * pagesz));
	unset_range(v, to);
	at = mremap(address(v, from.idx), from.n * pagesz, to.n * pagesz, MREMAP_MAYMOVE | MREMAP_FIXED | flags,
		    address(v, to.idx));
	x->result = at == MAP_FAILED ? -errno : to.n;
	/* It does not take more than one vma at a time; before 5.13, MREMAP_DONTUNMAP was for anonymous memory. */
	if (at == MAP_FAILED && errno != EFAULT && !(flags && errno == EINVAL))
		tell(v, ANON, 0, "mremap: %s", strerror(errno));
	/* Before it sees that there are several, it has cut the end off, or not, by the kernel's age. */
	if (at == MAP_FAILED && to.n < from.n) {
		MUST(munmap(address(v, from.idx + to.n), (from.n - to.n) * pagesz));
		unset_range(v, (struct range){ from.idx + to.n, from.n - to.n });
	}
	if (at != MAP_FAILED) {
		entries_follow(v, from, to);
		if (flags & MREMAP_DONTUNMAP)
			change_flags(v, from, COPIED | FREED | ANY, 0);
		else
			unset_range(v, from);
	}
	disown_range(v, to);
	disown_range(v, from);
}

static void op_move(struct view *v)
{
	int how = any(6);
	struct range r = any_range(), to;
	long n;

	seize(v);
	r = part(v, r, SHARED | R | W | NOFORK, 1);
	n = r.n;
	if (n && how == 0)
		n += can_grow(v, r, 1 + any(200));
	else if (n > 1 && how == 1)
		n = 1 + any(n - 1);
	to = any_room(r, n);
	if (r.n && to.n)
		move(v, r, to, how == 2 ? MREMAP_DONTUNMAP : 0);
	else
		to = r;
	release(v);
	look_at(v, r);
	look_at(v, to);
}

/* Where it is: less of it, or more, if there is room. */
static void op_resize(struct view *v)
{
	struct range r = any_range(), more;
	struct note *x;
	void *at;
	long n;

	seize(v);
	r = part(v, r, SHARED | R | W | NOFORK, 1);
	if (!r.n) {
		release(v);
		return;
	}
	n = chance(50) ? 1 + any(r.n) : r.n + can_grow(v, r, 1 + any(200));
	if (r.idx + n > view_pages)
		n = view_pages - r.idx;
	more = (struct range){ r.idx, n > r.n ? n : r.n };
	own_range(v, more);
	x = note(v, r.idx, r.n, n, 0);
	at = mremap(address(v, r.idx), r.n * pagesz, n * pagesz, 0);
	x->result = at == MAP_FAILED ? -errno : n;
	if (at == MAP_FAILED && errno != EFAULT && !(errno == ENOMEM && n > r.n))
		tell(v, ANON, 0, "mremap in place: %s", strerror(errno));
	if (at != MAP_FAILED && n < r.n)
		unset_range(v, (struct range){ r.idx + n, r.n - n });
	if (at != MAP_FAILED && n > r.n) {
		for (long i = r.idx + r.n; i < r.idx + n; i++)
			if (v->e[i].flags & MAPPED)
				tell(v, v->e[i].file, v->e[i].page, "mremap grew over entry %ld", i);
		entries_follow(v, r, more);
	}
	disown_range(v, more);
	release(v);
	look_at(v, more);
}

/* A second mapping of what is mapped shared: mremap of nothing. */
static void op_double(struct view *v)
{
	struct range r = any_range(), to;
	struct entry *e;

	seize(v);
	r = part(v, r, SHARED, 1);
	e = &v->e[r.idx];
	to = any_room(r, r.n ? 1 + can_grow(v, (struct range){ r.idx, 1 }, any(2 * r.n)) : 0);
	if (r.n && to.n && e->flags & SHARED) {
		own_range(v, to);
		note(v, r.idx, to.n, to.idx, 0);
		MUST(mremap(address(v, r.idx), 0, to.n * pagesz, MREMAP_MAYMOVE | MREMAP_FIXED, address(v, to.idx)));
		set_range(v, to, e->file, e->page, e->flags);
		mark_attachment(v, to, e->stamp);
		disown_range(v, to);
	} else {
		to = r;
	}
	release(v);
	look_at(v, to);
}

static void op_remap(struct view *v)
{
	struct range r = any_range();
	struct entry *e;
	struct note *x;
	uint32_t stamp;
	long page, err;

	seize(v);
	r = part(v, r, SHARED | R | W | NOFORK, 1);
	e = &v->e[r.idx];
	stamp = e->stamp;
	if (r.n && e->flags & SHARED) {
		page = any_page_of(model->file[e->file].max - r.n + 1);
		own_range(v, r);
		x = note(v, r.idx, r.n, page, 0);
		err = syscall(SYS_remap_file_pages, address(v, r.idx), r.n * pagesz, 0, page, 0);
		x->result = err ? -errno : page;
		if (err && errno != EINVAL && errno != ENOSYS)
			tell(v, e->file, page, "remap_file_pages: %s", strerror(errno));
		if (!err)
			set_range(v, r, e->file, page, e->flags & ~NOFORK);
		mark_attachment(v, r, stamp);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

#endif
