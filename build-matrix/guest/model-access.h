/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: reading and writing a page, from inside or from another process, and what must come of it. */
#ifndef GUEST_MODEL_ACCESS_H
#define GUEST_MODEL_ACCESS_H

#include "model-file.h"
#include <sys/uio.h>

enum how { DIRECT, PROCESS_VM, PROC_MEM };

#define WORDS_MAX 16384		/* of the largest page */

static __thread uint32_t seen[WORDS_MAX];

struct want {
	int sig;		/* the signal, or by other ways: some error */
	int file;
	long page;
	uint32_t stamp, body;
	int flags;
};

/* What the access must give if the entry and the cell are as here. */
static struct want want_of(const struct entry *e, const struct cell *c, enum how how, int write)
{
	struct want w = { .file = e->file, .page = e->page, .flags = e->flags };
	int may = how == PROC_MEM ? (!write || (e->flags & W) || !(e->flags & SHARED)) : !!(e->flags & (write ? W : R));

	if (!(e->flags & MAPPED) || !may) {
		w.sig = SIGSEGV;
	} else if (copied(e)) {
		w.stamp = e->stamp;
		w.body = e->body;
	} else if (c && e->page >= atomic_load(&model->file[e->file].pages)) {
		w.sig = SIGBUS;
	} else if (c) {
		w.stamp = c->stamp;
		w.body = c->body;
		w.flags &= ~FREED;
	}
	return w;
}

static char *address(const struct view *v, long idx)
{
	return v->base + idx * pagesz;
}

/* Gives 0 or the signal. */
static int __attribute__((noinline)) load_words(const volatile uint32_t *at, const int *which, int n)
{
	int sig = sigsetjmp(probe_env, 0);

	if (!sig) {
		probing = 1;
		if (which)
			for (int i = 0; i < n; i++)
				seen[which[i]] = at[which[i]];
		else
			for (int i = 0; i < n; i++)
				seen[i] = at[i];
	}
	probing = 0;
	return sig;
}

static int __attribute__((noinline)) store_words(volatile uint32_t *at, const int *which, const uint32_t *what, int n)
{
	int sig = sigsetjmp(probe_env, 0);

	if (!sig) {
		probing = 1;
		for (int i = 0; i < n; i++)
			at[which ? which[i] : i] = what[i];
	}
	probing = 0;
	return sig;
}

static int mem_fd(const struct view *v)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/mem", v->pid);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* By ways other than the mapping all of the page is read. */
static int load(const struct view *v, long idx, enum how how, const int *which, int n)
{
	struct iovec here = { seen, pagesz }, there = { address(v, idx), pagesz };
	long got = -1;

	if (how == DIRECT)
		return load_words((uint32_t *)address(v, idx), which, n);
	if (how == PROCESS_VM) {
		got = process_vm_readv(v->pid, &here, 1, &there, 1, 0);
	} else {
		int fd = mem_fd(v);

		if (fd >= 0)
			got = pread(fd, seen, pagesz, (uintptr_t)address(v, idx));
		close(fd);
	}
	return got == pagesz ? 0 : SIGSEGV;
}

/* Words of one page; what[] has them in the order of which[]. */
static int store(const struct view *v, long idx, enum how how, const int *which, const uint32_t *what, int n)
{
	struct iovec here = { (void *)what, 4 * n }, there[STAMPS] = { { address(v, idx), 4 * n } };
	int parts = which ? n : 1, fd;
	long done = 0;

	if (how == DIRECT)
		return store_words((uint32_t *)address(v, idx), which, what, n);
	for (int i = 0; which && i < n; i++)
		there[i] = (struct iovec){ address(v, idx) + 4 * which[i], 4 };
	if (how == PROCESS_VM)
		return process_vm_writev(v->pid, &here, 1, there, parts, 0) == 4 * n ? 0 : SIGSEGV;
	fd = mem_fd(v);
	for (int i = 0; fd >= 0 && i < parts; i++)
		if (pwrite(fd, which ? &what[i] : what, there[i].iov_len, (uintptr_t)there[i].iov_base) == (long)there[i].iov_len)
			done++;
	close(fd);
	return done == parts ? 0 : SIGSEGV;
}

/* The stamp, and of the body two words. */
static int some_words(long page, int *which)
{
	int n;

	for (n = 0; n < STAMPS; n++)
		which[n] = stamp_at(page, n);
	which[n++] = any(page_words);
	which[n++] = any(page_words);
	return n;
}

static void compare(struct view *v, long idx, enum how how, const struct want *w, const int *which, int n)
{
	uint32_t base[2] = { version_base(w->file, w->page, w->body), version_base(w->file, w->page, w->stamp) };

	for (int k = 0; k < n; k++) {
		int i = which ? which[k] : k, stamp = is_stamp(w->page, i);
		uint32_t version = stamp ? w->stamp : w->body;
		uint32_t must = version ? (base[stamp] + (uint32_t)i * 0x85ebca6bu) | 1 : 0;

		if (seen[i] == must || ((w->flags & FREED) && !seen[i]) || (w->flags & ANY))
			continue;
		self.suspect = how == DIRECT ? address(v, idx) : NULL;
		tell(v, w->file, w->page,
		     "word %d of page %ld of file %d, entry %ld flags %x: found %08x, expected %08x (%s %08x) %s", i, w->page,
		     w->file, idx, w->flags, seen[i], must, stamp ? "stamp" : "body", version, how_name[how]);
	}
	atomic_fetch_add(&model->words, n);
}

static void compare_signal(struct view *v, long idx, enum how how, const struct want *w, int sig, int write)
{
	if (how == DIRECT ? sig == w->sig : !sig == !w->sig) {
		if (sig)
			atomic_fetch_add(&model->signals, 1);
		return;
	}
	tell(v, w->file, w->page, "%s entry %ld, page %ld of file %d, flags %x: signal %d, expected %d, %s (%s)",
	     write ? "writing" : "reading", idx, w->page, w->file, w->flags, sig, w->sig, how_name[how],
	     how == DIRECT || !sig ? "no error" : strerror(errno));
}

/* Another's view must have been entered.  Nothing is known of what changes meanwhile. */
static void read_page(struct view *v, long idx, enum how how, int full)
{
	struct entry *e = &v->e[idx], copy;
	uint32_t seq = atomic_load(&e->seq), cell_seq = 0, cuts = 0;
	int which[STAMPS + 2], n = page_words, *pick = NULL, sig, follows;
	struct cell *c, cell = { 0 };
	struct want w;

	memcpy(&copy, e, sizeof(copy));
	c = copy.flags & MAPPED ? cell_at(copy.file, copy.page) : NULL;
	if (c) {
		cell_seq = atomic_load(&c->seq);
		cuts = atomic_load(&c->cuts);
		memcpy(&cell, c, sizeof(cell));
	}
	follows = c && !copied(&copy);
	w = want_of(&copy, c ? &cell : NULL, how, 0);
	if (!full && how == DIRECT) {
		pick = which;
		n = some_words(copy.page, which);
	}
	sig = load(v, idx, how, pick, n);
	atomic_fetch_add(&model->reads, 1);
	if (seq & OWNER || atomic_load(&e->seq) != seq || v->dying ||
	    (c && atomic_load(&c->cuts) != cuts) ||
	    (follows && (cell_seq & OWNER || atomic_load(&c->seq) != cell_seq))) {
		atomic_fetch_add(&model->unsure, 1);
		return;
	}
	compare_signal(v, idx, how, &w, sig, 0);
	if (!sig)
		compare(v, idx, how, &w, pick, n);
}

/* After a write of the stamp alone: is the body of a page that was given back still what it was? */
static void look_for_body(struct view *v, long idx, enum how how, struct entry *e)
{
	int i = 0;

	while (is_stamp(e->page, i))
		i++;
	if (!load(v, idx, how, &i, 1) && !seen[i])
		e->body = 0;
}

/* The page has been written: what it is now.  The entry is owned, and so is the cell. */
static void written(struct view *v, long idx, enum how how, int full, uint32_t version)
{
	struct entry *e = &v->e[idx];
	struct cell *c = cell_at(e->file, e->page);

	if (e->flags & SHARED) {
		c->stamp = version;
		if (full)
			c->body = version;
		return;
	}
	if (!copied(e)) {
		e->body = c ? c->body : 0;
		e->cuts = c ? atomic_load(&c->cuts) : 0;
		e->flags = (e->flags | COPIED) & ~FREED;
	}
	e->stamp = version;
	if (full)
		e->body = version;
	else if (e->flags & FREED)
		look_for_body(v, idx, how, e);
	e->flags &= ~FREED;
	if (full)
		e->flags &= ~ANY;
}

static void write_owned(struct view *v, long idx, enum how how, int full)
{
	struct entry *e = &v->e[idx];
	struct cell *c = e->flags & MAPPED ? cell_at(e->file, e->page) : NULL;
	struct want w = want_of(e, c, how, 1);
	uint32_t version = new_version(), what[WORDS_MAX];
	int which[STAMPS], n = full ? page_words : STAMPS, sig;

	for (int i = 0; i < n; i++) {
		which[i % STAMPS] = full ? 0 : stamp_at(e->page, i);
		what[i] = version_word(e->file, e->page, version, full ? i : which[i]);
	}
	sig = store(v, idx, how, full ? NULL : which, what, n);
	atomic_fetch_add(&model->writes, 1);
	if (v->dying && sig) {
		if (e->flags & MAPPED && e->flags & SHARED)
			rewrite_page(e->file, e->page);		/* all of it, part of it, nothing? */
		return;
	}
	compare_signal(v, idx, how, &w, sig, 1);
	if (!sig)
		written(v, idx, how, full, version);
}

/* The view must have been entered. */
static void write_page(struct view *v, long idx, enum how how, int full)
{
	struct entry *e = &v->e[idx];
	struct cell *c;

	own(&e->seq);
	c = e->flags & MAPPED ? cell_at(e->file, e->page) : NULL;
	if (c)
		own(&c->seq);
	write_owned(v, idx, how, full);
	if (c)
		disown(&c->seq);
	disown(&e->seq);
}

#endif
