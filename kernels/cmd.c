// SPDX-License-Identifier: GPL-2.0
/* The subcommands kernels and fetch. */
#include <string.h>

#include "room.h"

static bool offline, refresh;

const struct opt opts_kernels[] = {
	OPT_KERNELS,
	{ "offline", NULL, "do not ask the sources for their newest version", OPT_FLAG, &offline },
	{ 0 }
};

const struct opt opts_fetch[] = {
	OPT_KERNELS,
	{ "refresh", NULL, "fetch again when the source has something newer", OPT_FLAG, &refresh },
	{ 0 }
};

enum { LINE, SOURCE, STORE, UPSTREAM, COLUMNS };

struct table {
	struct strv cells;		/* COLUMNS of them a row */
	int width[COLUMNS];
};

static void add_row(struct table *t, const char *const row[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++) {
		int n = strlen(row[i]);

		strv_add(&t->cells, row[i]);
		t->width[i] = n > t->width[i] ? n : t->width[i];
	}
}

static void say_table(const struct table *t)
{
	for (size_t i = 0; i < t->cells.n; i += COLUMNS)
		say("%-*s  %-*s  %-*s  %s", t->width[LINE], t->cells.v[i + LINE], t->width[SOURCE], t->cells.v[i + SOURCE],
		    t->width[STORE], t->cells.v[i + STORE], t->cells.v[i + UPSTREAM]);
}

/* What the store holds of a line, newest first. */
static void list_held(git_repository *store, const struct line *l, struct str *held)
{
	_free_ identity = source_identity(l), *newest = store_version(store, l);
	_strv_ versions = {0};

	if (newest)
		str_add(held, newest);
	store_versions(store, identity, &versions);
	for (size_t i = versions.n; i--;)
		if (!newest || strcmp(versions.v[i], newest))
			str_addf(held, "%s%s", held->len ? "," : "", versions.v[i]);
	if (!held->len)
		str_add(held, "-");
}

static int add_line(struct table *t, git_repository *store, const char *name)
{
	_cleanup_(line_free) struct line l = {0};
	_free_ identity = NULL, *newest = NULL;
	_str_ held = {0};

	/* One bad definition does not hide the others. */
	if (line_load(&l, name)) {
		add_row(t, (const char *[]){ name, "(bad definition)", "-", "-" });
		return -1;
	}
	identity = source_identity(&l);
	list_held(store, &l, &held);
	if (!offline)
		newest = kernel_upstream(&l);
	add_row(t, (const char *[]){ name, identity, held.s, newest ? newest : offline ? "-" : "?" });
	return newest || offline ? 0 : -1;
}

int cmd_kernels(struct strv *args)
{
	struct table t = {0};
	git_repository *store = NULL;
	_strv_ names = {0};
	int ret = 0;

	if (store_open(&store))
		return -1;
	add_row(&t, (const char *[]){ "LINE", "SOURCE", "STORE", "UPSTREAM" });
	lines_known(&names);
	for (size_t i = 0; i < names.n && !run_stopped(); i++)
		if (add_line(&t, store, names.v[i]))
			ret = -1;
	say_table(&t);
	strv_free(&t.cells);
	git_repository_free(store);
	return run_stopped() ? -1 : ret;
}

static int count(const char *root, const git_tree_entry *e, void *arg)
{
	unsigned long *n = arg;

	*n += git_tree_entry_type(e) != GIT_OBJECT_TREE;
	return 0;
}

static int say_base(git_repository *store, const char *version, bool had)
{
	git_tree *tree = NULL;
	char hex[13];
	git_oid commit, id;
	unsigned long files = 0;

	if (store_base(store, version, &commit, &id) || git_tree_lookup(&tree, store, &id))
		return git_fail(version);
	git_oid_tostr(hex, sizeof(hex), &commit);
	git_tree_walk(tree, GIT_TREEWALK_PRE, count, &files);
	git_tree_free(tree);
	if (had)
		say("base/%s %s already in the store", version, hex);
	else
		say("base/%s %s (%lu files)", version, hex, files);
	return 0;
}

int cmd_fetch(struct strv *args)
{
	_cleanup_(line_free) struct line l = {0};
	_free_ version = NULL;
	git_repository *store = NULL;
	git_oid before = {0}, after = {0}, tree;
	_strv_ versions = {0};
	int ret = line_load(&l, args->v[0]);

	if (ret)
		return ret;
	if (store_open(&store))
		return -1;
	version = store_version(store, &l);
	if (version)
		store_base(store, version, &before, &tree);
	free_charp(&version);
	ret = kernel_fetch(&l, refresh, &version);
	if (!ret) {
		git_odb *odb = NULL;

		if (!git_repository_odb(&odb, store))
			git_odb_refresh(odb);
		git_odb_free(odb);
		store_base(store, version, &after, &tree);
		ret = say_base(store, version, git_oid_equal(&before, &after));
	}
	git_repository_free(store);
	return ret;
}
