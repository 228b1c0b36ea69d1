// SPDX-License-Identifier: GPL-2.0
/* A suite in a cell: what its result depends on, and what a boot into it needs. */
#include "../lib/fs.h"
#include "../lib/hash.h"
#include "disk.h"
#include "key.h"
#include "programs.h"
#include "result.h"
#include "suite-boot.h"

/* Seconds. A guest that swaps on an emulated CPU may well be silent for minutes, and needs some until it begins. */
#define SILENCE 300
#define BOOT 300
/* The guest's init ends what takes too long by its own clock, which ticks three times slower where the machine is busy. */
#define LAG 3

/* To write on, when the suite doesn't say how much. */
#define DISK (2ULL << 30)

static char *key_in(const struct suite_run *r, const char *cell_key)
{
	_free_ append = suite_append(r->suite, &r->wish), *cpus = xasprintf("%ld", r->wish.cpus);
	_strv_ sources = {0};
	struct hash h = {0};

	hash_text(&h, "cell", cell_key);
	hash_text(&h, "append", append);
	hash_text(&h, "cpus", cpus);
	suite_sources(r->suite, NULL, &sources);
	for (size_t i = 0; i < sources.n; i++)
		hash_file(&h, sources.v[i]);
	return hash_end(&h);
}

char *suite_key(const struct suite_run *r, const struct cell *c)
{
	char *key = cell_key(c), *own;

	if (!r || !key)
		return key;
	own = key_in(r, key);
	free(key);
	return own;
}

static int make_disks(struct suite_boot *s, const struct suite *suite, const struct arch *a)
{
	unsigned long long room = suite->disk ? suite->disk : DISK;
	_free_ ext2 = cache_path("builds/guest/ext2-%lluM.img", room >> 20), *root = NULL;
	_free_ swap = cache_path("builds/guest/swap-%lluM.img", suite->swap >> 20);
	int ret = disk_userland(suite, a, &root);

	if (!ret)
		ret = disk_ext2(ext2, room);
	if (!ret && suite->swap)
		ret = disk_swap(swap, suite->swap);
	if (ret)
		return ret;
	strv_add(&s->disks, root);
	strv_add(&s->disks, ext2);
	if (suite->swap)
		strv_add(&s->disks, swap);
	return 0;
}

static void set_bounds(struct suite_boot *s, const struct suite *suite, struct boot *boot)
{
	s->base = result_of_base(boot->cell, suite->name);
	boot->bounds = &suite->bounds;
	boot->base = s->base;
}

int suite_boot_make(struct suite_boot *s, const struct suite_run *r, struct boot *boot)
{
	const struct suite *suite = r->suite;
	int ret = 0;

	s->append = suite_append(suite, &r->wish);
	if (suite->userland) {
		ret = make_disks(s, suite, &boot->cell->arch);
		if (!ret)
			ret = suite_files(suite, boot->cell, &s->files);
	} else {
		suite_sources(suite, ".c", &s->files.tests);
	}
	boot->append = s->append;
	boot->disks = &s->disks;
	boot->files = &s->files;
	boot->mem = suite->mem;
	boot->smp = r->wish.cpus ? r->wish.cpus : suite->cpus;
	boot->timeout = suite_limit(suite, &r->wish) * 60 * LAG + BOOT;
	boot->silence = SILENCE;
	boot->qemu = &suite->qemu;
	boot->causes = &suite->causes;
	if (boot->cell->ours && suite->bounds.n)
		set_bounds(s, suite, boot);
	return ret;
}

void suite_boot_leave(struct boot *boot)
{
	boot->append = NULL;
	boot->disks = NULL;
	boot->files = NULL;
	boot->base = NULL;
}

void suite_boot_free(struct suite_boot *s)
{
	free_charp(&s->append);
	strv_free(&s->disks);
	json_decref(s->base);
	strv_free(&s->files.tests);
	strv_free(&s->files.names);
	strv_free(&s->files.paths);
}
