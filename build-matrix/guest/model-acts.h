/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: what an actor does that changes no mapping of its own, and what the conductor does to all. */
#ifndef GUEST_MODEL_ACTS_H
#define GUEST_MODEL_ACTS_H

#include "model-life.h"
#include "model-uffd.h"

/* linux/kvm.h needs a header that not all architectures have. */
#define KVM_CREATE_VM _IO(0xae, 0x01)

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif

/* --- accesses */

/* Of what gives nothing but a signal, which takes long, a little is enough. */
static int worth_it(const struct view *v, long idx)
{
	return (v->e[idx].flags & (MAPPED | R)) == (MAPPED | R) || !any(16);
}

static struct range mapped_range(const struct view *v)
{
	struct range r = any_range();

	for (int i = 0; i < 3 && !worth_it(v, r.idx); i++)
		r = any_range();
	return r;
}

static void op_touch(struct view *v)
{
	struct range r = mapped_range(v);
	int write = chance(50), full = chance(10);

	if (r.n > 50)
		r.n = 50;
	note(v, r.idx, r.n, write | full << 1, 0);
	if (write)
		enter(v);
	for (long i = r.idx; i < r.idx + r.n; i++) {
		if (!worth_it(v, i))
			continue;
		if (write)
			write_page(v, i, DIRECT, full);
		else
			read_page(v, i, DIRECT, full);
	}
	if (write)
		leave(v);
}

static void op_through(struct view *v)
{
	struct range r = mapped_range(v);

	note(v, r.idx, r.n, 0, 0);
	for (long i = r.idx; i < r.idx + r.n; i++)
		if (worth_it(v, i))
			read_page(v, i, DIRECT, 0);
}

#define SPOT(file, page) ((uint32_t)(file) << 16 | (uint32_t)(page))

/* Where the spot is mapped here; -1: nowhere. */
static long find_spot(const struct view *v)
{
	uint32_t spot = atomic_load(&model->spot);

	for (long i = any(view_pages), n = view_pages; n; n--, i = (i + 1) % view_pages)
		if ((v->e[i].flags & (MAPPED | R)) == (MAPPED | R) && SPOT(v->e[i].file, v->e[i].page) == spot)
			return i;
	return -1;
}

/* A few pages again and again, so that the TLB has them when another changes what is there. */
static void op_stare(struct view *v)
{
	int writing = chance(30) ? 1 + any(20) : 0;
	long page[2];

	if (find_spot(v) < 0)
		renew(v, atomic_load(&model->spot) >> 16, SHARED | R | W);
	for (size_t i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = find_spot(v);
		/* It has gone elsewhere, or is in no table that is full. */
		if (page[i] < 0)
			page[i] = any(REGIONS) * region_pages + any_page_of(region_pages);
	}
	note(v, page[0], 1, writing, 0);
	for (int i = 0; i < 800; i++) {
		long idx = page[i % ARRAY_SIZE(page)];

		read_page(v, idx, DIRECT, 0);
		if (!writing || i % writing)
			continue;
		enter(v);
		write_page(v, idx, DIRECT, 0);
		leave(v);
	}
}

/* Into the memory of any process, also one's own. */
static void op_reach(struct view *v)
{
	struct view *other = view_of[any(VIEWS)];
	enum how how = chance(50) ? PROCESS_VM : PROC_MEM;
	struct range r = mapped_range(other);
	int write = chance(40);

	if (r.n > 8)
		r.n = 8;
	enter(other);
	if (other->pid > 0 && !other->dying) {
		note(other, r.idx, r.n, write, how);
		for (long i = r.idx; i < r.idx + r.n && !other->dying; i++)
			if (write)
				write_page(other, i, how, chance(10));
			else
				read_page(other, i, how, 0);
	}
	leave(other);
}

static void op_file(struct view *v)
{
	int file = any_file(), write = chance(40);
	long page = any_page_of(model->file[file].max);

	if (write && model->file[file].fd >= 0)
		write_file(file, page);
	else
		read_file(file, page);
}

/*
 * At the spot, or anywhere; by truncation, if the file is one of those.  What is cut off should have been something
 * else than zeros, and in the TLBs of those who stare at it.
 */
static void op_cut(struct view *v)
{
	uint32_t spot = atomic_load(&model->spot);
	int file = chance(60) ? spot >> 16 : (uint32_t)any_file();
	struct model_file *f = &model->file[file];
	long page = file == (int)(spot >> 16) ? spot & 0xffff : any_page_of(f->max);

	if (f->fd >= 0 && chance(80))
		write_file(file, page);
	if (model->stormy)
		usleep(any(3000));
	if (f->cuttable && chance(50))
		cut(file, chance(30) ? page / (span / pagesz) * (span / pagesz) : page);
	else if (f->fd >= 0)
		punch(file, page);
}

static void op_around(struct view *v)
{
	look_around(v, 8, chance(20));
}

/* The kernel wants its page for itself: what is in it goes elsewhere. */
static void op_offline(struct view *v)
{
	struct range r = mapped_range(v);

	if (!getenv("minutes"))
		return;		/* the memory is lost to all tests */
	r.n = 1;
	enter(v);
	r = part(v, r, 0, 0);
	if (r.n && v->e[r.idx].flags & SHARED)
		note(v, r.idx, r.n, 0, 0)->result = madvise(address(v, r.idx), pagesz, MADV_SOFT_OFFLINE) ? -errno : 0;
	leave(v);
	look_at(v, r);
}

/* A virtual machine's tables mirror the process's: from then on, for all its life, somebody wants to be told of changes. */
static void op_mirror(struct view *v)
{
	int kvm = chance(10) ? open("/dev/kvm", O_RDWR | O_CLOEXEC) : -1, machine;

	if (kvm < 0)
		return;
	note(v, 0, 0, 0, 0);
	machine = ioctl(kvm, KVM_CREATE_VM, 0);
	close(kvm);
	look_around(v, 64, 0);
	if (machine >= 0)
		close(machine);
}

#endif
