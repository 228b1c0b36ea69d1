/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: what a process does to its own mappings. */
#ifndef GUEST_MODEL_VM_H
#define GUEST_MODEL_VM_H

#include "model-access.h"

struct range {
	long idx, n;
};

/* Where an op of a kind begins: short ranges, whole tables, whole regions; anywhere. */
static struct range any_range(void)
{
	const long table = span / pagesz;
	struct range r;

	switch (any(8)) {
	case 0:
		r.idx = any(REGIONS) * region_pages;
		r.n = region_pages;
		break;
	case 1:
	case 2:
		r.idx = any(view_pages / table) * table;
		r.n = table * (1 + any(2));
		break;
	default:
		r.idx = any(REGIONS) * region_pages + any_page_of(region_pages);
		r.n = 1 + any(chance(20) ? 300 : 40);
	}
	if (r.idx + r.n > view_pages)
		r.n = view_pages - r.idx;
	return r;
}

/* Of the same nature, and of a file's pages one after the other? */
static int alike(const struct entry *a, const struct entry *b, int nature, int same_file)
{
	return (a->flags & nature) == (b->flags & nature) &&
	       (!same_file || (a->file == b->file && (a->file == ANON || b->page == a->page + 1)));
}

/*
 * The first part of the range that is mapped and, in those flags, all alike.  A call on such a part either works on
 * all of it or says why not; a call that meets a hole stops in the middle.  The view must have been entered or seized.
 */
static struct range part(const struct view *v, struct range r, int nature, int same_file)
{
	long n;

	for (; r.n && !(v->e[r.idx].flags & MAPPED); r.idx++)
		r.n--;
	for (n = 1; n < r.n; n++)
		if (!(v->e[r.idx + n].flags & MAPPED) || !alike(&v->e[r.idx + n - 1], &v->e[r.idx + n], nature, same_file))
			break;
	if (r.n)
		r.n = n;
	return r;
}

static void own_range(struct view *v, struct range r)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		own(&v->e[i].seq);
}

static void disown_range(struct view *v, struct range r)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		disown(&v->e[i].seq);
}

/* Pages of a file, or of none, from `page` on. */
static void set_range(struct view *v, struct range r, int file, long page, int flags)
{
	for (long i = 0; i < r.n; i++) {
		struct entry *e = &v->e[r.idx + i];

		e->stamp = e->body = e->cuts = 0;
		e->file = file;
		e->page = page + i;
		e->flags = flags;
	}
}

static void unset_range(struct view *v, struct range r)
{
	set_range(v, r, ANON, r.idx, 0);
}

static void change_flags(struct view *v, struct range r, int off, int on)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		v->e[i].flags = (v->e[i].flags & ~off) | on;
}

/* Some pages of it, and its neighbours, at once: with what the TLB may remember. */
static void look_at(struct view *v, struct range r)
{
	long places[] = { r.idx - 1, r.idx, r.idx + r.n / 2, r.idx + r.n - 1, r.idx + r.n };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i] >= 0 && places[i] < view_pages)
			read_page(v, places[i], DIRECT, 0);
	for (int i = any(3); i > 0 && r.n; i--)
		read_page(v, r.idx + any(r.n), DIRECT, chance(20));
}

static int prot_of(int flags)
{
	return (flags & R ? PROT_READ : 0) | (flags & W ? PROT_WRITE : 0);
}

/* --- mapping */

/* From where of the file, to where: so that tables can be shared, mostly. */
static struct range any_place(long max, long *page)
{
	const long table = span / pagesz;
	struct range r = { any(REGIONS) * region_pages, 0 };
	long room;

	*page = chance(70) ? 0 : any((max + table - 1) / table) * table;
	r.n = max - *page;
	if (chance(25))
		*page += any(max - *page);
	else if (chance(20))
		r.idx += 1 + any(table - 1);
	else if (chance(50))
		r.idx += any(2) * table;
	if (chance(25))
		r.n = 1 + any(r.n);
	room = region_pages - r.idx % region_pages;
	if (r.n > room)
		r.n = room;
	if (r.n > max - *page)
		r.n = max - *page;
	return r;
}

/* A shared page needs no stamp in its entry: of System V's memory it is the number of the shmat. */
static void mark_attachment(struct view *v, struct range r, uint32_t number)
{
	for (long i = r.idx; i < r.idx + r.n; i++)
		v->e[i].stamp = number;
}

/* Memory that has no file descriptor is mapped in its own ways, and always shared and writable. */
static void map_special(struct view *v, struct model_file *f, int file, struct range r, long page)
{
	void *to = address(v, r.idx);

	if (file == SYSV) {
		MUST(shmat(f->shmid, to, SHM_REMAP));
		set_range(v, r, file, 0, MAPPED | SHARED | R | W);
		mark_attachment(v, r, new_version());
	} else {
		MUST(mremap(f->map + page * pagesz, 0, r.n * pagesz, MREMAP_MAYMOVE | MREMAP_FIXED, to));
		set_range(v, r, file, page, MAPPED | SHARED | R | W);
	}
}

static int any_way(void)
{
	static const int ways[] = { SHARED | R | W, SHARED | R | W, SHARED | R | W, SHARED | R, R, R, R | W, R | W, SHARED };

	return ways[any(ARRAY_SIZE(ways))];
}

static void map_file(struct view *v, int file, struct range r, long page, int way)
{
	int flags = MAP_FIXED | (way & SHARED ? MAP_SHARED : MAP_PRIVATE);

	/* Populating what is private and writable copies it. */
	if (chance(15) && (way & (SHARED | W)) != W)
		flags |= MAP_POPULATE;
	MUST(mmap(address(v, r.idx), r.n * pagesz, prot_of(way), flags, model->file[file].fd, page * pagesz));
	set_range(v, r, file, page, MAPPED | way);
}

static void op_map(struct view *v)
{
	int file = any_file(), anonymous = chance(model->families ? 60 : 12);
	struct model_file *f = &model->file[file];
	long page;
	struct range r = any_place(f->max, &page);
	struct note *x;

	if (file == SYSV && !anonymous) {
		r = (struct range){ r.idx - r.idx % region_pages + any(region_pages - f->max + 1), f->max };
		if (chance(60))
			r.idx -= r.idx % region_pages;
		/* on arm not every page will do */
		r.idx -= r.idx % (SHMLBA / pagesz);
	}
	if (model->families && anonymous && chance(60))
		r = (struct range){ r.idx - r.idx % region_pages, region_pages };
	seize(v);
	own_range(v, r);
	x = note(v, r.idx, r.n, 0, 0);
	if (anonymous) {
		MUST(mmap(address(v, r.idx), r.n * pagesz, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0));
		set_range(v, r, ANON, r.idx, MAPPED | R | W);
	} else if (f->fd < 0) {
		map_special(v, f, file, r, page);
	} else {
		map_file(v, file, r, page, any_way());
	}
	x->file = v->e[r.idx].file;
	x->page = v->e[r.idx].page;
	x->result = v->e[r.idx].flags;
	disown_range(v, r);
	release(v);
	look_at(v, r);
}

static void op_unmap(struct view *v)
{
	struct range r = any_range();

	seize(v);
	own_range(v, r);
	note(v, r.idx, r.n, 0, 0);
	MUST(munmap(address(v, r.idx), r.n * pagesz));
	unset_range(v, r);
	disown_range(v, r);
	release(v);
	look_at(v, r);
}

/* Is it where shmat would have put it, had it been told `start`? */
static int attached_at(const struct view *v, long start, long i)
{
	const struct entry *e = &v->e[start + i];

	return e->flags & MAPPED && e->file == SYSV && e->page == i;
}

/* Of the first attachment that has a page in its place all that are in their places go; without one: EINVAL. */
static void op_detach(struct view *v)
{
	struct model_file *f = &model->file[SYSV];
	struct range r = { any(REGIONS) * region_pages, f->max };
	uint32_t number;
	long first = 0;

	if (!f->there)
		return;
	seize(v);
	own_range(v, r);
	while (first < r.n && !attached_at(v, r.idx, first))
		first++;
	if (first < r.n) {
		number = v->e[r.idx + first].stamp;
		note(v, r.idx, r.n, first, 0);
		MUST(shmdt(address(v, r.idx)));
		for (long i = first; i < r.n; i++)
			if (attached_at(v, r.idx, i) && v->e[r.idx + i].stamp == number)
				unset_range(v, (struct range){ r.idx + i, 1 });
	}
	disown_range(v, r);
	release(v);
	look_at(v, r);
}

static void op_protect(struct view *v)
{
	static const int rights[] = { R, R, R | W, R | W, R | W, 0 };
	int right = rights[any(ARRAY_SIZE(rights))];
	struct range r = any_range();

	seize(v);
	r = part(v, r, 0, 0);
	if (r.n) {
		own_range(v, r);
		note(v, r.idx, r.n, right, 0);
		MUST(mprotect(address(v, r.idx), r.n * pagesz, prot_of(right)));
		change_flags(v, r, R | W, right);
		disown_range(v, r);
	}
	release(v);
	look_at(v, r);
}

/* A whole region's tables anew, in one piece: after all that is done to mappings few could be shared otherwise. */
static void renew(struct view *v, int file, int way)
{
	const long table = span / pagesz;
	struct model_file *f = &model->file[file];
	struct range r = { any(REGIONS) * region_pages, f->max / table * table };
	long page = 0;

	seize(v);
	own_range(v, r);
	note(v, r.idx, r.n, 0, 0);
	if (f->fd < 0) {
		r.n = f->max < r.n ? f->max : r.n;
		map_special(v, f, file, r, page);
	} else {
		map_file(v, file, r, page, way);
	}
	disown_range(v, r);
	release(v);
	look_at(v, r);
}

static void op_renew(struct view *v)
{
	renew(v, any_file(), any_way());
}

#endif
