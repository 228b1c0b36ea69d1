// SPDX-License-Identifier: GPL-2.0
/* Kernel lines: which there are, and what their definitions say. */
#include <stdlib.h>
#include <string.h>

#include "../lib/conf.h"
#include "../lib/run.h"
#include "room.h"

const char *kernels_dir;

static const struct source_kind *const kinds[] = { &source_deb, &source_git, &source_tar, &source_dir };

const struct source_kind *source_kind(const struct line *l)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (starts_with(l->source, kinds[i]->prefix))
			return kinds[i];
	return NULL;
}

const char *source_where(const struct line *l)
{
	return strchr(l->source, ':') + 1;
}

char *source_identity(const struct line *l)
{
	_str_ b = {0};

	str_add(&b, l->source);
	if (l->suite)
		str_addf(&b, " %s", l->suite);
	/* With fix-ups it is another kernel than without. */
	if (l->fixups)
		str_addf(&b, " with fix-ups of %s", l->name);
	return xstrdup(b.s);
}

void line_free(struct line *l)
{
	free(l->name);
	free(l->source);
	free(l->suite);
	free(l->cc);
	free(l->fixups);
	free(l->version);
	strv_free(&l->make);
	*l = (struct line){0};
}

static char *copy(const char *s)
{
	return s && s[0] ? xstrdup(s) : NULL;
}

/* Paths in a definition are seen from its folder. */
static char *absolute(const char *conf, const char *path)
{
	const char *slash = strrchr(conf, '/');
	_free_ joined = NULL;
	char *real;

	if (path[0] == '/' || !slash)
		joined = xstrdup(path);
	else
		joined = xasprintf("%.*s/%s", (int)(slash - conf), conf, path);
	/* The same file by another way is the same source. */
	real = realpath(joined, NULL);
	return real ? real : xstrdup(joined);
}

static int check(struct line *l, const char *path)
{
	const struct source_kind *kind;

	if (!l->source)
		return err("%s: no source; add 'source = deb:PACKAGE', git:URL#REF, tar:FILE or dir:PATH under [line]", path);
	kind = source_kind(l);
	if (!kind || !source_where(l)[0])
		return err("%s: source '%s' is none of deb:PACKAGE, git:URL#REF, tar:FILE, dir:PATH", path, l->source);
	if (l->suite && kind != &source_deb)
		return err("%s: suite is for a source deb:PACKAGE only", path);
	if (kind == &source_git && !strchr(l->source, '#'))
		return err("%s: source '%s' names no branch or tag; write \"git:URL#REF\", with the quotes", path, l->source);
	if (kind == &source_tar || kind == &source_dir) {
		_free_ where = absolute(path, source_where(l));
		char *source = xasprintf("%s%s", kind->prefix, where);

		free(l->source);
		l->source = source;
	}
	if (l->fixups) {
		char *folder = absolute(path, l->fixups);

		free(l->fixups);
		l->fixups = folder;
	}
	return 0;
}

static int read_line(struct line *l, const char *name, const char *path)
{
	static const char *const known[] = {
		"line.source", "line.suite", "line.cc", "line.make", "line.fixups", NULL
	};
	_cleanup_(conf_close) struct conf *c = NULL;

	if (conf_open(&c, path) || conf_check_keys(c, known))
		return -1;
	l->name = xstrdup(name);
	l->source = copy(conf_get(c, "line.source"));
	l->suite = copy(conf_get(c, "line.suite"));
	l->cc = copy(conf_get(c, "line.cc"));
	l->fixups = copy(conf_get(c, "line.fixups"));
	conf_all(c, "line.make", &l->make);
	return check(l, path);
}

static void add_known(struct strv *names, const char *dir)
{
	_strv_ files = {0};

	dir_list(dir, ".conf", &files);
	for (size_t i = 0; i < files.n; i++) {
		files.v[i][strlen(files.v[i]) - strlen(".conf")] = '\0';
		if (files.v[i][0] && !strv_has(names, files.v[i]))
			strv_add(names, files.v[i]);
	}
}

/* 6.2 before 6.12 */
static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void lines_known(struct strv *names)
{
	_free_ ours = data_path("kernels");

	if (kernels_dir)
		add_known(names, kernels_dir);
	add_known(names, ours);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), by_version);
}

/* 1 when there is no definition of that name. */
static int load_conf(struct line *l, const char *name)
{
	_free_ ours = data_path("kernels/%s.conf", name);
	_free_ theirs = kernels_dir ? xasprintf("%s/%s.conf", kernels_dir, name) : NULL;

	if (!name[0] || strchr(name, '/'))
		return 1;
	if (theirs && file_exists(theirs))
		return read_line(l, name, theirs);
	return file_exists(ours) ? read_line(l, name, ours) : 1;
}

int line_of_source(struct line *l, const char *source)
{
	const char *slash;

	*l = (struct line){ .source = xstrdup(source) };
	/* As in a file of that name in the current folder. */
	if (check(l, "--source")) {
		line_free(l);
		return -2;
	}
	slash = strrchr(source_where(l), '/');
	l->name = version_clean(slash ? slash + 1 : source_where(l));
	return 0;
}

/* The line that a version in the store came from; 1 when the store has no such version. */
static int load_version(struct line *l, const char *version, const struct strv *names)
{
	_free_ store = store_path(), *identity = NULL;
	git_repository *repo = NULL;
	const char *space;

	if (!file_exists(store))
		return 1;
	if (store_open(&repo))
		return -1;
	identity = store_identity(repo, version);
	git_repository_free(repo);
	if (!identity)
		return 1;
	for (size_t i = 0; i < names->n; i++) {
		_free_ its = NULL;

		/* Another line's broken definition is no matter here, but was said. */
		if (!load_conf(l, names->v[i])) {
			its = source_identity(l);
			if (!strcmp(its, identity))
				goto found;
		}
		line_free(l);
	}
	/* Its definition is gone: the tree is still good for use. */
	space = starts_with(identity, "deb:") ? strchr(identity, ' ') : NULL;
	l->name = xstrdup(version);
	l->source = xstrndup(identity, space ? (size_t)(space - identity) : strlen(identity));
	l->suite = space ? xstrndup(space + 1, strcspn(space + 1, " ")) : NULL;
found:
	l->version = xstrdup(version);
	return 0;
}

int line_load(struct line *l, const char *name)
{
	_strv_ names = {0};
	_str_ list = {0};
	int ret;

	*l = (struct line){0};
	ret = load_conf(l, name);
	lines_known(&names);
	if (ret == 1)
		ret = load_version(l, name, &names);
	if (ret < 0)
		line_free(l);
	if (ret <= 0)
		return ret;
	for (size_t i = 0; i < names.n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", names.v[i]);
	return usage("unknown kernel '%s'; known are: %s; others are files of a folder given with --kernels DIR",
		     name, names.n ? list.s : "none");
}

int kernels_ourselves(struct run *r, const char *command)
{
	int ret = run_ourselves(r);

	if (ret)
		return ret;
	run_args(r, command, NULL);
	if (kernels_dir)
		run_args(r, "--kernels", kernels_dir, NULL);
	return 0;
}
