// SPDX-License-Identifier: GPL-2.0
/* What a suite takes into the guest beside its Debian root: its scripts, and programs built of the kernel's tree. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "programs.h"
#include "tree.h"

struct work {
	const struct suite *suite;
	const struct cell *base;
	char *script, *cc;
	char *out;			/* where it is when all is done */
};

static void work_free(struct work *w)
{
	free_charp(&w->script);
	free_charp(&w->cc);
	free_charp(&w->out);
}

/* Base and derived kernel get the same programs, so it is the base's tree that counts. */
static int name_output(struct work *w)
{
	_str_ why = {0};
	_free_ compiler = arch_cc_version(&w->base->arch, &w->base->line, &why), *key = NULL;
	_strv_ sources = {0};
	struct hash h = {0};

	if (!compiler)
		return why.len ? err("%s", why.s) : -EINTR;
	hash_text(&h, "tree", w->base->tree);
	hash_text(&h, "compiler", compiler);
	hash_text(&h, "flags", w->base->arch.cflags);
	suite_sources(w->suite, NULL, &sources);
	for (size_t i = 0; i < sources.n; i++)
		hash_file(&h, sources.v[i]);
	key = hash_end(&h);
	w->out = cache_path("builds/suites/%s-%s-%.12s", w->suite->name, w->base->arch.name, key);
	return 0;
}

static void on_line(void *arg, const char *line)
{
	struct str *last = arg;

	if (!*line)
		return;
	str_clear(last);
	str_add(last, line);
}

/* The script, in an empty folder that then becomes the output. */
static int run_script(const struct work *w)
{
	_free_ tmp = xasprintf("%s.tmp", w->out), *log = xasprintf("%s.log", w->out), *src = tree_path(w->base);
	const struct arch *a = &w->base->arch;
	_str_ last = {0};
	_run_ r = { .dir = tmp, .log = log, .on_line = on_line, .arg = &last };
	int ret;

	remove_tree(tmp);
	ret = mkdirs(tmp);
	if (ret)
		return err("%s: %s", tmp, strerror(-ret));
	unlink(log);
	run_args(&r, "sh", "-e", w->script, NULL);
	strv_addf(&r.env, "SRC=%s", src);
	strv_addf(&r.env, "OUT=%s", tmp);
	strv_addf(&r.env, "ARCH=%s", a->make_arch);
	strv_addf(&r.env, "CROSS_COMPILE=%s", a->cross);
	strv_addf(&r.env, "CC=%s", w->cc);
	strv_addf(&r.env, "CFLAGS=%s", a->cflags);
	strv_add(&r.env, "MAKEFLAGS=");
	step_begin("suite programs", "%s: build its programs", w->suite->name);
	ret = run_wait(&r);
	if (ret > 0)
		ret = err("%s: exit status %d: %s; see %s", w->script, ret, str_get(&last), log);
	else if (ret < 0 && ret != -EINTR)
		ret = err("sh: %s", strerror(-ret));
	if (!ret && rename(tmp, w->out))
		ret = err("%s: %s", w->out, strerror(errno));
	step_end(!ret, ret ? "" : "%s: its programs are built", w->suite->name);
	return ret;
}

/* Nobody may change the tree meanwhile. */
static int run_in_tree(const struct work *w)
{
	_fd_ tree = tree_hold(w->base);

	return tree < 0 ? tree : run_script(w);
}

static int build(const struct work *w)
{
	_fd_ lock = -1;

	if (file_exists(w->out))
		return 0;
	lock = tree_lock(w->base);
	if (lock < 0)
		return lock;
	/* somebody else may have built them while we waited */
	return file_exists(w->out) ? 0 : run_in_tree(w);
}

static void add_files(struct guest_files *files, const struct strv *paths)
{
	for (size_t i = 0; i < paths->n; i++) {
		strv_addf(&files->names, "suite/%s", strrchr(paths->v[i], '/') + 1);
		strv_add(&files->paths, paths->v[i]);
	}
}

static int add_programs(const struct suite *s, const struct cell *c, struct guest_files *files)
{
	_free_ name = xasprintf("%s/%s/base", c->kernel, c->arch.name);
	_cleanup_(cell_free) struct cell base = {0};
	_cleanup_(work_free) struct work w = { .suite = s, .base = &base, .script = xasprintf("%s/build", s->dir) };
	_strv_ made = {0};
	int ret;

	if (!file_exists(w.script))
		return 0;
	if (cell_load(&base, name) || cell_resolve(&base, c->version))
		return -1;
	w.cc = arch_cc(&base.arch, &base.line);
	ret = name_output(&w);
	if (!ret)
		ret = build(&w);
	if (ret)
		return ret;
	dir_files(w.out, NULL, &made);
	add_files(files, &made);
	return 0;
}

int suite_files(const struct suite *s, const struct cell *c, struct guest_files *files)
{
	_strv_ sources = {0};

	suite_sources(s, NULL, &sources);
	add_files(files, &sources);
	return add_programs(s, c, files);
}
