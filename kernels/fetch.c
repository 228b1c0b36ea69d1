// SPDX-License-Identifier: GPL-2.0
/* Makes sure that the store holds a line's tree. */
#include <string.h>
#include <unistd.h>

#include "room.h"

static bool same_fixups(const struct line *l, const char *hash)
{
	_free_ noted = store_noted(l, "fixups");

	return !strcmp(noted ? noted : "", hash);
}

/* Only the fix-ups changed: they are applied anew to the base's first commit, nothing is fetched. */
static int refix(const struct line *l, struct fetched *f)
{
	git_commit *root = NULL;

	if (store_root(f->store, f->version, &root))
		return git_fail(f->version);
	git_oid_cpy(&f->tree, git_commit_tree_id(root));
	f->upstream = upstream_of(root);
	git_commit_free(root);
	return store_commit(l, f);
}

/* Looked at before the store takes it over: half a tree never gets in. */
static int check_tree(const struct line *l, struct fetched *f)
{
	_free_ path = quarantine_path(), *version = NULL;
	git_repository *repo = NULL;

	if (git_repository_open_bare(&repo, path))
		return git_fail(path);
	version = version_of_tree(repo, &f->tree, l->source);
	git_repository_free(repo);
	if (!version)
		return -1;
	if (!f->version) {
		f->version = version;
		version = NULL;
	}
	return 0;
}

/* Is the tree a base's already?  Then all its objects are in the store. */
static bool is_held(const struct fetched *f)
{
	git_commit *root = NULL;
	bool held = false;

	if (!store_root(f->store, f->version, &root))
		held = git_oid_equal(git_commit_tree_id(root), &f->tree);
	git_commit_free(root);
	return held;
}

static int adopt(const struct line *l, struct fetched *f)
{
	if (check_tree(l, f))
		return -1;
	if (!is_held(f) && quarantine_adopt(f->store))
		return -1;
	return store_commit(l, f);
}

static int bring(const struct line *l, struct fetched *f)
{
	int ret = source_kind(l)->fetch(l, f);

	if (!ret && git_oid_is_zero(&f->tree))
		ret = refix(l, f);
	else if (!ret)
		ret = adopt(l, f);
	quarantine_remove();
	if (!ret && f->spent)
		unlink(f->spent);
	return ret;
}

static void fetched_free(struct fetched *f)
{
	free_charp(&f->version);
	free_charp(&f->upstream);
	free_charp(&f->spent);
	git_repository_free(f->store);
}

/* With the lock: whoever had it before may have done it. */
static int fetch_locked(const struct line *l, bool refresh, const char *fixups, struct fetched *f)
{
	f->version = store_version(f->store, l);
	if (f->version && !refresh)
		return same_fixups(l, fixups) ? 0 : refix(l, f);
	free_charp(&f->version);
	return bring(l, f);
}

int kernel_fetch(const struct line *l, bool refresh, char **version)
{
	_cleanup_(fetched_free) struct fetched f = {0};
	_free_ fixups = NULL;
	int lock, ret;

	*version = NULL;
	if (store_open(&f.store))
		return -1;
	f.version = store_version(f.store, l);
	if (l->version && !f.version)
		return err("version %s is not in the store", l->version);
	fixups = l->version ? xstrdup("") : fixups_hash(l);
	if (!fixups)
		return -1;
	if (!f.version || (!l->version && (refresh || !same_fixups(l, fixups)))) {
		free_charp(&f.version);
		lock = store_lock();
		if (lock < 0)
			return -1;
		ret = fetch_locked(l, refresh, fixups, &f);
		close(lock);
		if (ret)
			return ret;
	}
	*version = f.version;
	f.version = NULL;
	return 0;
}

char *kernel_upstream(const struct line *l)
{
	return source_kind(l)->upstream(l);
}
