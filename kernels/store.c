// SPDX-License-Identifier: GPL-2.0
/* The store: which trees are in it, and from where. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/conf.h"
#include "room.h"

int git_fail(const char *what)
{
	const git_error *e = git_error_last();

	return err("%s: %s", what, e && e->message ? e->message : "git object or repository can't be used");
}

char *store_path(void)
{
	return cache_path("store.git");
}

void git_ours(struct run *r)
{
	static const char *const env[] = {
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_COMMITTER_NAME=shpte",
		"GIT_COMMITTER_EMAIL=shpte@localhost", "GIT_AUTHOR_NAME=shpte", "GIT_AUTHOR_EMAIL=shpte@localhost",
	};

	for (size_t i = 0; i < sizeof(env) / sizeof(*env); i++)
		strv_add(&r->env, env[i]);
}

int room_lock(const char *path, const char *what)
{
	int fd = lock_file(path, what);

	return fd == -EINTR ? err("%s: stopped while waiting", path) : fd;
}

int store_lock(void)
{
	_free_ path = cache_path("store.lock");

	return room_lock(path, "the store");
}

/* Made aside and renamed, so that a store that is there is whole. */
static int make_store(const char *path)
{
	_free_ tmp = xasprintf("%s.new", path);
	git_repository *repo = NULL;
	git_config *cfg = NULL;
	int lock = store_lock(), ret;

	if (lock < 0)
		return -1;
	ret = 0;
	if (file_exists(path))
		goto out;
	remove_tree(tmp);
	/* No collection behind our back: a branch that is being derived has no ref yet. */
	if (git_repository_init(&repo, tmp, true) || git_repository_config(&cfg, repo) ||
	    git_config_set_int32(cfg, "gc.auto", 0))
		ret = git_fail(path);
	git_config_free(cfg);
	git_repository_free(repo);
	if (!ret && rename(tmp, path))
		ret = err("%s: %s", path, strerror(errno));
out:
	close(lock);
	return ret;
}

int store_open(struct git_repository **repo)
{
	_free_ path = store_path();

	*repo = NULL;
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	if (!file_exists(path) && make_store(path))
		return -1;
	if (git_repository_open_bare(repo, path)) {
		git_fail(path);
		return err("%s: can't be used as the store; move it away and run again", path);
	}
	return 0;
}

static int lookup(struct git_repository *repo, const char *version, git_commit **commit)
{
	_free_ name = xasprintf("refs/heads/base/%s", version);
	git_oid id;

	if (git_reference_name_to_id(&id, repo, name) || git_commit_lookup(commit, repo, &id))
		return -1;
	return 0;
}

int store_base(struct git_repository *repo, const char *version, git_oid *commit, git_oid *tree)
{
	git_commit *c = NULL;

	if (lookup(repo, version, &c))
		return -1;
	git_oid_cpy(commit, git_commit_id(c));
	git_oid_cpy(tree, git_commit_tree_id(c));
	git_commit_free(c);
	return 0;
}

int store_root(struct git_repository *repo, const char *version, git_commit **root)
{
	git_commit *c = NULL, *parent;

	if (lookup(repo, version, &c))
		return -1;
	while (git_commit_parentcount(c)) {
		int ret = git_commit_parent(&parent, c, 0);

		git_commit_free(c);
		if (ret)
			return -1;
		c = parent;
	}
	*root = c;
	return 0;
}

char *store_identity(struct git_repository *repo, const char *version)
{
	git_commit *root = NULL;
	const char *open, *close;
	char *identity = NULL;

	if (store_root(repo, version, &root))
		return NULL;
	/* "Linux <version> (<identity>)" */
	open = strstr(git_commit_summary(root), " (");
	close = open ? strrchr(open, ')') : NULL;
	if (close)
		identity = xstrndup(open + 2, close - open - 2);
	git_commit_free(root);
	return identity;
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void store_versions(struct git_repository *repo, const char *identity, struct strv *out)
{
	static const char prefix[] = "refs/heads/base/";
	git_reference_iterator *it = NULL;
	const char *name;

	if (git_reference_iterator_glob_new(&it, repo, "refs/heads/base/*"))
		return;
	while (!git_reference_next_name(&name, it)) {
		const char *version = name + strlen(prefix);
		_free_ its = identity ? store_identity(repo, version) : NULL;

		if (!identity || (its && !strcmp(its, identity)))
			strv_add(out, version);
	}
	git_reference_iterator_free(it);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_version);
}

char *store_noted(const struct line *l, const char *key)
{
	_free_ path = cache_path("store.git/sources.conf"), *identity = source_identity(l);
	_free_ name = xasprintf("source.%s.%s", identity, key);
	_cleanup_(conf_close) struct conf *c = NULL;
	const char *value;

	if (!file_exists(path) || conf_open(&c, path))
		return NULL;
	value = conf_get(c, name);
	return value ? xstrdup(value) : NULL;
}

char *store_version(struct git_repository *repo, const struct line *l)
{
	_free_ version = l->version ? xstrdup(l->version) : store_noted(l, "version");
	_free_ noted = store_noted(l, "tree");
	char hex[GIT_OID_HEXSZ + 1];
	git_oid commit, tree;

	if (!version || store_base(repo, version, &commit, &tree))
		return NULL;
	/* Another source may have moved the base to a tree of its own. */
	git_oid_tostr(hex, sizeof(hex), &tree);
	if (!l->version && (!noted || strcmp(noted, hex)))
		return NULL;
	return xstrdup(version);
}
