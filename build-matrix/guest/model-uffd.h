/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: a part of a shared mapping of memory that is handled by its process for a while. */
#ifndef GUEST_MODEL_UFFD_H
#define GUEST_MODEL_UFFD_H

#include "model-vm.h"
#include "userfault.h"

/* A page that was never written may be missing; no other. */
static void read_missing(struct view *v, long idx)
{
	struct entry *e = &v->e[idx];
	struct cell *c = cell_at(e->file, e->page);
	struct want w = want_of(e, c, DIRECT, 0);
	int which[STAMPS + 2], n = some_words(e->page, which), sig;

	sig = load(v, idx, DIRECT, which, n);
	if (sig == SIGBUS && !w.sig && !c->stamp && !c->body)
		return;
	compare_signal(v, idx, DIRECT, &w, sig, 0);
	if (!sig)
		compare(v, idx, DIRECT, &w, which, n);
}

/* Puts a page where none is; that one was there, and had been written, must not be overlooked. */
static void fill_missing(struct view *v, long idx, int fd)
{
	struct entry *e = &v->e[idx];
	struct cell *c = cell_at(e->file, e->page);
	uint32_t version = new_version();
	struct uffdio_copy copy = { .dst = (uintptr_t)address(v, idx), .src = (uintptr_t)seen, .len = pagesz };

	if (!(e->flags & W) || e->page >= model->file[e->file].pages)
		return;
	for (long i = 0; i < page_words; i++)
		seen[i] = version_word(e->file, e->page, version, i);
	if (ioctl(fd, UFFDIO_COPY, &copy)) {
		if (errno != EEXIST && errno != EAGAIN)
			tell(v, e->file, e->page, "UFFDIO_COPY: %s", strerror(errno));
		return;
	}
	if (c->stamp || c->body)
		tell(v, e->file, e->page, "page %d of file %d was missing, although it had been written", e->page, e->file);
	c->stamp = c->body = version;
}

static void handle(struct view *v, struct range r, int fd)
{
	for (int i = 0; i < 12; i++) {
		long idx = r.idx + any(r.n);
		struct cell *c = cell_at(v->e[idx].file, v->e[idx].page);

		own(&c->seq);
		if (chance(60))
			read_missing(v, idx);
		else
			fill_missing(v, idx, fd);
		disown(&c->seq);
	}
}

static void op_uffd(struct view *v)
{
	struct range r = any_range();
	int fd = open_uffd(UFFD_FEATURE_SIGBUS);	/* with signals in place of events, nobody has to wait */
	struct note *x;

	if (fd < 0)
		return;
	seize(v);
	r = part(v, r, SHARED, 1);
	if (r.n && v->e[r.idx].flags & SHARED && v->e[r.idx].file != EXT2) {
		struct uffdio_register reg = {
			.range = { (uintptr_t)address(v, r.idx), r.n * pagesz }, .mode = UFFDIO_REGISTER_MODE_MISSING,
		};

		own_range(v, r);
		x = note(v, r.idx, r.n, 0, 0);
		x->result = ioctl(fd, UFFDIO_REGISTER, &reg) ? -errno : 0;
		if (!x->result) {
			handle(v, r, fd);
			MUST(ioctl(fd, UFFDIO_UNREGISTER, &reg.range));
		}
		disown_range(v, r);
	}
	release(v);
	close(fd);
	look_at(v, r);
}

#endif
