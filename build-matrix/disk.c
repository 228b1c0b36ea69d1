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

static int make_ext2(const char *path, unsigned long long bytes)
{
	_free_ tmp = xasprintf("%s.tmp", path);
	_run_ r = {0};

	if (file_exists(path))
		return 0;
	unlink(tmp);
	run_args(&r, "mke2fs", "-q", "-F", "-t", "ext2", "-b", "4096", "-m", "0", tmp, NULL);
	strv_addf(&r.argv, "%lluM", bytes >> 20);
	return make(&r, "e2fsprogs", tmp, path);
}

/* All machines have the same one. */
int disk_ext2(const char *path, unsigned long long bytes)
{
	_free_ lock = xasprintf("%s.lock", path);
	int fd = lock_file(lock, path), ret;

	if (fd < 0)
		return fd == -EINTR ? fd : err("%s: %s", lock, strerror(-fd));
	ret = make_ext2(path, bytes);
	close(fd);
	return ret;
}

int disk_swap(const char *path, unsigned long long bytes)
{
	_free_ tmp = xasprintf("%s.tmp", path);
	_run_ r = {0};

	if (file_exists(path))
		return 0;
	if (file_write(tmp, "", 0) || truncate(tmp, bytes))
		return err("%s: %s", tmp, strerror(errno));
	run_args(&r, "mkswap", "-q", tmp, NULL);
	return make(&r, "util-linux", tmp, path);
}
