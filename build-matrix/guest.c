// SPDX-License-Identifier: GPL-2.0
/* The guest tests' programs: compiled for a machine, kept in the cache. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "disk.h"
#include "guest.h"
#include "initramfs.h"
#include "jobs.h"

#define CFLAGS "-static -O2 -s -pthread -Wall"
#define EXT2_SIZE (16ULL << 20)

struct programs {
	const struct arch *arch;
	char *cc, *compiler;
	struct strv names, sources, paths; /* "munmap", guest/munmap.c, where the program is */
};

static void programs_free(struct programs *p)
{
	free(p->cc);
	free(p->compiler);
	strv_free(&p->names);
	strv_free(&p->sources);
	strv_free(&p->paths);
}

static void add_sources(struct strv *paths, const char *suffix)
{
	_free_ dir = data_path("build-matrix/guest");

	dir_files(dir, suffix, paths);
}

void guest_sources(struct strv *paths)
{
	add_sources(paths, ".c");
	add_sources(paths, ".h");
}

/* A test that is another one, tried in another way, includes its source: '#include "forkcow.c"'. */
static void hash_included(struct hash *h, const char *source)
{
	static const char include[] = "#include \"";
	_free_ folder = folder_of(source);
	_str_ text = {0};

	if (file_read(source, &text))
		return;
	for (const char *p = str_get(&text); (p = strstr(p, include));) {
		p += strlen(include);
		_free_ name = xstrndup(p, strcspn(p, "\"\n"));
		_free_ path = xasprintf("%s/%s", folder, name);

		if (ends_with(name, ".c"))
			hash_file(h, path);
	}
}

/* Named after all that it is made of, so that what is there is right. */
static void add_program(struct programs *p, const char *source, const struct strv *headers)
{
	const char *file = strrchr(source, '/') + 1;
	_free_ name = xstrndup(file, strlen(file) - 2);
	_free_ key = NULL;
	_free_ path = NULL;
	struct hash h = {0};

	hash_text(&h, "compiler", p->compiler);
	hash_text(&h, "flags", CFLAGS);
	hash_text(&h, "flags", p->arch->cflags);
	hash_file(&h, source);
	hash_included(&h, source);
	for (size_t i = 0; i < headers->n; i++)
		hash_file(&h, headers->v[i]);
	key = hash_end(&h);
	path = cache_path("builds/guest/%s/%s-%.12s", p->arch->file, name, key);
	strv_add(&p->names, name);
	strv_add(&p->sources, source);
	strv_add(&p->paths, path);
}

/* The rules for what is missing; make runs as many compilers as there are CPUs. */
static size_t add_rules(const struct programs *p, struct str *text)
{
	_free_ dir = data_path("build-matrix/guest");
	size_t n = 0;

	for (size_t i = 0; i < p->paths.n; i++) {
		const char *path = p->paths.v[i];

		if (file_exists(path))
			continue;
		n++;
		str_addf(text, "all: %s\n%s:\n\t@%s " CFLAGS " -I %s %s -o $@.tmp %s && mv $@.tmp $@\n", path, path, p->cc,
			 dir, p->arch->cflags, p->sources.v[i]);
	}
	return n;
}

struct complaint {
	struct str first, last;
};

static void on_line(void *arg, const char *line)
{
	struct complaint *c = arg;
	const char *dir = strstr(line, "build-matrix/");

	if (!c->first.len && (strstr(line, "error") || strstr(line, "undefined reference")))
		str_add(&c->first, dir ? dir : line);
	str_clear(&c->last);
	str_add(&c->last, line);
}

/* A compiler that finds not even the first header has no C library: "init.c:1:10: fatal error: x.h: No such file or directory". */
static bool no_libc(const struct complaint *c)
{
	return strstr(str_get(&c->first), ".h: No such file or directory");
}

static int compile(const struct programs *p, struct str *why)
{
	struct complaint c = {0};
	_str_ rules = {0};
	_run_ r = {0};
	size_t n = add_rules(p, &rules);
	int ret;

	if (!n)
		return 0;
	run_args(&r, "make", "-f", "-", NULL);
	jobs_make(&r);
	strv_add(&r.env, "LC_ALL=C");
	r.in = rules.s;
	r.on_line = on_line;
	r.arg = &c;
	step_begin("guest tests", "%s: compile %zu guest programs", p->arch->file, n);
	ret = run_wait(&r);
	step_end(!ret, "%s: guest programs %scompiled", p->arch->file, ret ? "not " : "");
	if (ret > 0)
		str_addf(why, "guest test: %s%s%s", c.first.len ? c.first.s : str_get(&c.last),
			 no_libc(&c) ? "; apt install " : "", no_libc(&c) ? p->arch->libc : "");
	str_free(&c.first);
	str_free(&c.last);
	return ret > 0 ? -1 : ret == -EINTR ? ret : ret ? err("make: %s", strerror(-ret)) : 0;
}

/* Programs of older sources would pile up. */
static void remove_old(const struct programs *p)
{
	_free_ dir = cache_path("builds/guest/%s", p->arch->file);
	_strv_ have = {0};

	dir_list(dir, NULL, &have);
	for (size_t i = 0; i < have.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, have.v[i]);

		if (!strv_has(&p->paths, path))
			unlink(path);
	}
}

static int find_programs(struct programs *p, const struct guest_files *more)
{
	_str_ why = {0};
	_strv_ sources = {0};
	_strv_ headers = {0};

	p->cc = arch_guest_cc(p->arch);
	p->compiler = arch_guest_cc_version(p->arch, &why);
	if (!p->compiler)
		return why.len ? err("%s", why.s) : -EINTR;
	add_sources(&sources, ".c");
	add_sources(&headers, ".h");
	for (size_t i = 0; i < sources.n; i++)
		add_program(p, sources.v[i], &headers);
	for (size_t i = 0; more && i < more->tests.n; i++)
		add_program(p, more->tests.v[i], &headers);
	return 0;
}

int guest_initramfs(const struct arch *a, const struct guest_files *more, struct str *why)
{
	_cleanup_(programs_free) struct programs p = { .arch = a };
	_free_ ext2 = cache_path("builds/guest/ext2.img");
	_free_ lock = cache_path("builds/guest/%s.lock", a->file);
	struct initramfs *i;
	int fd = lock_file(lock, "the guest programs"), ret;

	if (fd < 0)
		return fd;
	ret = find_programs(&p, more);
	if (!ret)
		ret = compile(&p, why);
	if (!ret)
		ret = disk_ext2(ext2, EXT2_SIZE);
	if (!ret) {
		remove_old(&p);
		i = initramfs_new();
		for (size_t k = 0; k < p.names.n; k++) {
			bool init = !strcmp(p.names.v[k], "init");
			_free_ name = xasprintf("%s%s", init ? "" : "tests/", p.names.v[k]);

			initramfs_add(i, name, p.paths.v[k]);
		}
		initramfs_add(i, "ext2.img", ext2);
		for (size_t k = 0; more && k < more->names.n; k++)
			initramfs_add(i, more->names.v[k], more->paths.v[k]);
		ret = initramfs_end(i);
	}
	close(fd);
	return ret;
}
