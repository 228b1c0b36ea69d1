// SPDX-License-Identifier: GPL-2.0
/* cocci/audit/reviewed.conf: what a maintainer has said of each function. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "audit.h"

static const char *const keys[] = { "function.*.verdict", "function.*.because", "function.*.seen", NULL };

static int read_one(struct conf *c, const char *path, const char *name, struct review *r)
{
	_free_ verdict = xasprintf("function.%s.verdict", name);
	_free_ because = xasprintf("function.%s.because", name);
	_free_ seen = xasprintf("function.%s.seen", name);

	*r = (struct review){ .function = xstrdup(name) };
	if (!conf_get(c, verdict) || !conf_get(c, because))
		return err("%s: [function \"%s\"] needs a verdict and a because", path, name);
	r->verdict = xstrdup(conf_get(c, verdict));
	r->because = xstrdup(conf_get(c, because));
	conf_all(c, seen, &r->seen);
	return 0;
}

int reviews_load(struct reviews *all)
{
	_free_ path = data_path("cocci/audit/reviewed.conf");
	_cleanup_(conf_close) struct conf *c = NULL;
	_strv_ names = {0};
	int ret = 0;

	*all = (struct reviews){0};
	if (conf_open(&c, path) || conf_check_keys(c, keys))
		return -1;
	conf_subsections(c, "function", &names);
	all->v = xcalloc(names.n + 1, sizeof(*all->v));
	for (; all->n < names.n && !ret; all->n++)
		ret = read_one(c, path, names.v[all->n], &all->v[all->n]);
	return ret;
}

void reviews_free(struct reviews *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].function);
		free(all->v[i].verdict);
		free(all->v[i].because);
		strv_free(&all->v[i].seen);
	}
	free(all->v);
	*all = (struct reviews){0};
}

bool review_is_of(const struct review *r, const struct writer *w)
{
	const char *space = strchr(r->function, ' ');

	if (space)
		return !strncmp(r->function, w->path, space - r->function) && !w->path[space - r->function] &&
		       !strcmp(space + 1, w->name);
	return !strcmp(r->function, w->name);
}

const struct review *reviews_find(const struct reviews *all, const struct writer *w)
{
	const struct review *found = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (review_is_of(&all->v[i], w) && (!found || strchr(all->v[i].function, ' ')))
			found = &all->v[i];
	return found;
}

const struct review *reviews_of(const struct reviews *all, const struct writers *writers, const struct writer *w)
{
	const struct review *r = reviews_find(all, w);

	if (!r || strchr(r->function, ' ') || review_covers(r, w->print))
		return r;
	for (size_t i = 0; i < writers->n; i++) {
		const struct writer *other = &writers->v[i];

		if (!strcmp(other->name, w->name) && strcmp(other->path, w->path) && review_covers(r, other->print))
			return NULL;
	}
	return r;
}

bool review_is_gone(const struct review *r, const struct writers *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (review_is_of(r, &all->v[i]))
			return false;
	return true;
}

bool review_covers(const struct review *r, const char *print)
{
	for (size_t i = 0; r && i < r->seen.n; i++)
		if (starts_with(r->seen.v[i], print))
			return true;
	return false;
}

/* git writes its own syntax. */
static int config_set(const char *path, const char *how, const char *key, const char *value)
{
	_str_ said = {0};
	_run_ r = { .err = &said };
	int ret;

	run_args(&r, "git", "config", "--file", path, how, key, value, NULL);
	ret = run_wait(&r);
	return ret ? err("%s: %s", path, said.len ? str_trim(said.s) : "git config failed") : 0;
}

/* A copy of the file gets what is new of the function. */
static int edit(const char *copy, const struct review *r, const struct writer *w, const char *version, const char *because)
{
	const char *name = r ? r->function : w->name;
	_free_ verdict = xasprintf("function.%s.verdict", name);
	_free_ why = xasprintf("function.%s.because", name);
	_free_ seen = xasprintf("function.%s.seen", name);
	_free_ what = xasprintf("%s %s", w->print, version);

	if (!r && config_set(copy, "--add", verdict, "safe"))
		return -1;
	if (because && config_set(copy, "--replace-all", why, because))
		return -1;
	return review_covers(r, w->print) ? 0 : config_set(copy, "--add", seen, what);
}

/* The file as it is to be takes its place at once: between two calls of git a verdict stands there without its reason. */
static int replace(const char *path, const struct review *r, const struct writer *w, const char *version, const char *because)
{
	_free_ copy = cache_path("tmp/reviewed-%d.conf", getpid());
	_str_ text = {0};
	int ret = file_read(path, &text);

	if (!ret)
		ret = file_write(copy, str_get(&text), text.len);
	if (ret)
		return err("cannot copy %s to %s: %s", path, copy, strerror(-ret));
	ret = edit(copy, r, w, version, because);
	str_clear(&text);
	if (!ret) {
		ret = file_read(copy, &text);
		if (!ret)
			ret = file_write(path, str_get(&text), text.len);
		if (ret)
			ret = err("cannot write %s: %s", path, strerror(-ret));
	}
	unlink(copy);
	return ret;
}

int review_accept(const struct writer *w, const char *version, const char *because)
{
	_free_ path = data_path("cocci/audit/reviewed.conf"), *lock = cache_path("reviewed.lock");
	_cleanup_(reviews_free) struct reviews all = {0};
	_fd_ fd = lock_file(lock, path);
	const struct review *r;

	if (fd < 0)
		return fd;
	if (reviews_load(&all))
		return -1;
	r = reviews_find(&all, w);
	if (because && !because[strspn(because, " \t\n")])
		return usage("--because: an empty reason says nothing; say why %s is safe", w->name);
	if (!r && !because)
		return usage("%s was never reviewed: say why it is safe, --because TEXT", w->name);
	return replace(path, r, w, version, because);
}
