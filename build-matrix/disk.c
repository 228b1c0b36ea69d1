// SPDX-License-Identifier: GPL-2.0
/* Empty disks for the guest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "disk.h"

/* Runs what makes `tmp`, and puts that in its place. */
static int make(struct run *r, const char *package, const char *tmp, const char *path)
{
	_str_ said = {0};
	int ret;

	/* Not in a plain user's path. */
	strv_addf(&r->env, "PATH=%s:/usr/sbin:/sbin", getenv("PATH") ?: "/usr/bin:/bin");
	r->out = &said;
	r->err = &said;
	ret = run_wait(r);
	if (ret == -EINTR)
		return ret;
	if (ret == -ENOENT)
		return err("%s is not installed; apt install %s", r->argv.v[0], package);
	if (ret || rename(tmp, path))
		return err("%s: can't be made: %s", path, said.len ? said.s : strerror(errno));
	return 0;
}

static int make_ext2(const char *path, const char *tmp, unsigned long long bytes)
{
	_run_ r = {0};

	unlink(tmp);
	run_args(&r, "mke2fs", "-q", "-F", "-t", "ext2", "-b", "4096", "-m", "0", tmp, NULL);
	strv_addf(&r.argv, "%lluM", bytes >> 20);
	return make(&r, "e2fsprogs", tmp, path);
}

static int make_swap(const char *path, const char *tmp, unsigned long long bytes)
{
	_run_ r = {0};

	if (file_write(tmp, "", 0) || truncate(tmp, bytes))
		return err("%s: %s", tmp, strerror(errno));
	run_args(&r, "mkswap", "-q", tmp, NULL);
	return make(&r, "util-linux", tmp, path);
}

/* All machines have the same ones, so two may want one at once. */
static int make_once(const char *path, unsigned long long bytes,
		     int (*fn)(const char *path, const char *tmp, unsigned long long bytes))
{
	_free_ lock = xasprintf("%s.lock", path), *tmp = xasprintf("%s.tmp", path);
	_fd_ fd = lock_file(lock, path);

	if (fd < 0)
		return fd;
	return file_exists(path) ? 0 : fn(path, tmp, bytes);
}

int disk_ext2(const char *path, unsigned long long bytes)
{
	return make_once(path, bytes, make_ext2);
}

int disk_swap(const char *path, unsigned long long bytes)
{
	return make_once(path, bytes, make_swap);
}
