// SPDX-License-Identifier: GPL-2.0
/* The folder that keeps a cell's result: making it, finding the last one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "result-json.h"

static char *cell_dir(const char *cell)
{
	return cache_path("results/%s", cell);
}

/* Folders without result.json are of runs that were stopped; the cell is locked, so none is going on. */
static void remove_unfinished(const char *dir)
{
	_strv_ names = {0};

	dir_list(dir, NULL, &names);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		_free_ json = xasprintf("%s/result.json", path);

		if (!file_exists(json))
			remove_tree(path);
	}
}

char *result_begin(const struct cell *c)
{
	_free_ dir = cell_dir(c->name);
	char stamp[32];
	int ret = mkdirs(dir);

	if (ret) {
		err("%s: %s", dir, strerror(-ret));
		return NULL;
	}
	remove_unfinished(dir);
	for (int i = 1; ; i++) {
		time_t t = time(NULL);
		char *path;

		strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime(&t));
		path = i > 1 ? xasprintf("%s/%s-%d", dir, stamp, i) : xasprintf("%s/%s", dir, stamp);
		if (!mkdir(path, 0777))
			return path;
		if (errno != EEXIST || i > 100) {
			err("%s: %s", path, strerror(errno));
			free_charp(&path);
			return NULL;
		}
		free_charp(&path);
	}
}

void result_drop(const char *dir)
{
	remove_tree(dir);
}

static int put(const char *dir, const char *name, const char *text, size_t len)
{
	_free_ path = xasprintf("%s/%s", dir, name);
	int ret = file_write(path, text, len);

	return ret ? err("%s: %s", path, strerror(-ret)) : 0;
}

static int put_copy(const char *dir, const char *name, const char *from)
{
	_str_ text = {0};

	/* What there is not, such as the log of a build that was not needed, is left out. */
	return file_read(from, &text) ? 0 : put(dir, name, str_get(&text), text.len);
}

static int put_logs(const char *dir, const struct outcome *o)
{
	if (o->build && o->build->out) {
		_free_ config = xasprintf("%s/.config", o->build->out);

		if (put_copy(dir, "build.log", o->build->log) || put_copy(dir, "config", config))
			return -1;
	}
	if (o->boot)
		return put(dir, "ktap.log", str_get(&o->boot->judge.ktap.log), o->boot->judge.ktap.log.len);
	return 0;
}

/* A symbolic link is replaced as a whole. */
static int point_latest(const char *dir)
{
	const char *name = strrchr(dir, '/') + 1;
	_free_ link = xasprintf("%.*slatest", (int)(name - dir), dir);
	_free_ tmp = xasprintf("%s.new", link);

	unlink(tmp);
	if (symlink(name, tmp) || rename(tmp, link))
		return err("%s: %s", link, strerror(errno));
	return 0;
}

int result_end(const char *dir, const struct outcome *o)
{
	json_t *json = result_json(o, strrchr(dir, '/') + 1);
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	int ret = -1;

	json_decref(json);
	if (!put_logs(dir, o) && !put(dir, "result.json", text, strlen(text)))
		ret = point_latest(dir);
	free_charp(&text);
	return ret;
}

json_t *result_latest(const char *cell)
{
	_free_ dir = cell_dir(cell);
	_free_ path = xasprintf("%s/latest/result.json", dir);

	return json_load_file(path, 0, NULL);
}

json_t *result_of_base(const struct cell *c, const char *suite)
{
	_free_ name = xasprintf("%s/%s/base%s%s", c->kernel, c->arch.name, suite ? "+" : "", suite ? suite : "");

	return result_latest(name);
}
