// SPDX-License-Identifier: GPL-2.0
/*
 * The Debian root that a suite's programs live in: made by mmdebstrap with the machine's own mirror, packed as squashfs,
 * and kept in the cache under a name made of all that it depends on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "disk.h"

/* The package lists of the mirror, the root while it is made, and the image. */
#define NEEDED (2ULL << 30)

static const char *const options[] = {
	"--variant=minbase", "--quiet",
	/* Nobody reads these in there. */
	"--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*",
	"--dpkgopt=path-exclude=/usr/share/locale/*",
	/* Where the guest's init mounts the suite and the disk to write on. */
	"--customize-hook=mkdir \"$1/suite\" \"$1/scratch\"",
	/* Where old programs look for what is mounted. */
	"--customize-hook=ln -sf ../proc/self/mounts \"$1/etc/mtab\"",
	/* 100 MB that only apt needs, and a root is made anew rather than upgraded. */
	"--customize-hook=rm -rf \"$1\"/var/lib/apt/lists/* \"$1\"/var/cache/apt/*",
};

static char *image_path(const struct suite *s, const struct arch *a, const char *customize)
{
	_free_ key = NULL;
	struct hash h = {0};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		hash_text(&h, "option", options[i]);
	hash_text(&h, "release", s->release);
	hash_text(&h, "debian", a->debian);
	for (size_t i = 0; i < s->packages.n; i++)
		hash_text(&h, "package", s->packages.v[i]);
	if (file_exists(customize))
		hash_file(&h, customize);
	key = hash_end(&h);
	return cache_path("userlands/%s-%s-%.12s.squashfs", s->release, a->debian, key);
}

struct talk {
	struct str error, last;
};

static void on_line(void *arg, const char *line)
{
	struct talk *t = arg;

	if (!t->error.len && starts_with(line, "E: "))
		str_add(&t->error, line + 3);
	if (!*line)
		return;
	str_clear(&t->last);
	str_add(&t->last, line);
}

/* What is missing where mmdebstrap can't run the programs of another architecture. */
static const char *remedy(const char *error)
{
	return strstr(error, "binfmt_misc") ? "; apt install qemu-user-static, and mount binfmt_misc at /proc/sys/fs/binfmt_misc" : "";
}

/* Runs one of the two programs; 0, -EINTR or -1 after a message. */
static int call(struct run *r, const char *package, const char *log)
{
	struct talk t = {0};
	int ret;

	r->on_line = on_line;
	r->arg = &t;
	r->log = log;
	ret = run_wait(r);
	if (ret == -ENOENT)
		ret = err("%s is not installed; apt install %s", r->argv.v[0], package);
	else if (ret && ret != -EINTR)
		ret = err("%s: %s%s; see %s", r->argv.v[0], t.error.len ? t.error.s : str_get(&t.last), remedy(str_get(&t.error)),
			  log);
	str_free(&t.error);
	str_free(&t.last);
	return ret;
}

static int make_tar(const struct suite *s, const struct arch *a, const char *customize, const char *base, const char *tar)
{
	_free_ sources = xasprintf("%s.sources", base), *log = xasprintf("%s.log", base);
	_str_ text = {0};
	_run_ r = {0};
	int ret;

	if (apt_sources(s->release, &text))
		return -1;
	ret = file_write(sources, text.s, text.len);
	if (ret)
		return err("%s: %s", sources, strerror(-ret));
	unlink(log);
	run_args(&r, "mmdebstrap", NULL);
	strv_addf(&r.argv, "--architectures=%s", a->debian);
	for (size_t i = 0; i < s->packages.n; i++)
		strv_addf(&r.argv, "--include=%s", s->packages.v[i]);
	if (file_exists(customize))
		strv_addf(&r.argv, "--customize-hook=%s", customize);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		strv_add(&r.argv, options[i]);
	strv_addf(&r.env, "CROSS_COMPILE=%s", a->cross);
	run_args(&r, s->release, tar, sources, NULL);
	ret = call(&r, "mmdebstrap", log);
	unlink(sources);
	return ret;
}

static int pack(const char *tar, const char *tmp, const char *base)
{
	_free_ log = xasprintf("%s.log", base);
	_run_ r = {0};

	unlink(tmp);
	r.in_fd = open(tar, O_RDONLY | O_CLOEXEC);
	if (r.in_fd < 0)
		return err("%s: %s", tar, strerror(errno));
	/* lz4: what an emulated CPU unpacks fastest. */
	run_args(&r, "sqfstar", "-quiet", "-no-progress", "-comp", "lz4", tmp, NULL);
	return call(&r, "squashfs-tools", log);
}

static int make_image(const struct suite *s, const struct arch *a, const char *customize, const char *path)
{
	_free_ base = xstrndup(path, strlen(path) - strlen(".squashfs"));
	_free_ tar = xasprintf("%s.tar", base), *tmp = xasprintf("%s.tmp", base);
	int ret;

	if (disk_free(path) < NEEDED)
		return err("%s: %llu MB are free, a Debian root needs %llu while it is made; make room there, or set XDG_CACHE_HOME",
			   path, disk_free(path) >> 20, NEEDED >> 20);
	step_begin("userland", "%s: make a Debian root (%s)", s->name, a->debian);
	ret = make_tar(s, a, customize, base, tar);
	if (!ret)
		ret = pack(tar, tmp, base);
	unlink(tar);
	if (!ret && rename(tmp, path))
		ret = err("%s: %s", path, strerror(errno));
	step_end(!ret, ret ? "" : "%s: the Debian root is made", s->name);
	return ret;
}

int disk_userland(const struct suite *s, const struct arch *a, char **path)
{
	_free_ customize = xasprintf("%s/customize", s->dir), *lock = NULL;
	int fd, ret = 0;

	if (!a->debian)
		return err("%s: Debian's name for it is not known; say it as guest.debian in build-matrix/arch/%s.conf", a->name,
			   a->name);
	*path = image_path(s, a, customize);
	lock = xasprintf("%s.lock", *path);
	fd = lock_file(lock, "the Debian root");
	if (fd < 0)
		return fd;
	if (!file_exists(*path))
		ret = make_image(s, a, customize, *path);
	close(fd);
	return ret;
}
