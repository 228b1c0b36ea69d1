// SPDX-License-Identifier: GPL-2.0
/* The work on one cell: locked, built, booted. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "initramfs.h"
#include "jobs.h"
#include "tree.h"
#include "work.h"

int cell_lock(const struct cell *c)
{
	_free_ name = xstrdup(c->name);
	_free_ path = NULL;

	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '_';
	path = cache_path("locks/%s", name);
	return lock_file(path, c->name);
}

int cell_build(struct build *b, int *kernel)
{
	int lock = tree_lock(b->cell), ret;

	*kernel = -1;
	if (lock < 0)
		return lock;
	/* Its make has this one, and takes more as they are free. */
	ret = jobs_take(1);
	if (!ret) {
		ret = build_run(b);
		jobs_give(1);
	}
	if (!ret && b->verdict == V_PASS) {
		*kernel = file_snapshot(b->image);
		ret = *kernel < 0 ? -1 : 0;
	}
	close(lock);
	return ret;
}

int cell_boot(struct boot *b, const char *dir, int kernel)
{
	_free_ path = xasprintf("%s/console.log", dir);
	/* what is asked of the guest says how long it takes */
	_free_ step = xasprintf("test %s %s%s%s", b->cell->arch.name, cell_variant(b->cell), b->append ? " " : "",
				b->append ?: "");
	long cpus;
	int ret;

	b->console = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (b->console < 0) {
		close(kernel);
		return err("%s: %s", path, strerror(errno));
	}
	cpus = jobs_guest(b->smp ? b->smp : b->cell->arch.smp);
	ret = jobs_take(cpus);
	if (ret) {
		close(kernel);
	} else {
		b->step = step;
		b->dir = dir;
		ret = boot_run(b, kernel);
		b->step = NULL;
		b->dir = NULL;
		jobs_give(cpus);
	}
	close(b->console);
	return ret;
}
