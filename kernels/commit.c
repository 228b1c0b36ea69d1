// SPDX-License-Identifier: GPL-2.0
/* A tree becomes a base: its commit, those of the fix-ups, the ref. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

/* The same tree from the same source is the same commit, on every machine and at any time. */
static int make_commit(struct git_repository *repo, const git_oid *tree_id, const git_oid *parent_id,
		       const char *message, git_oid *out)
{
	git_commit *parent = NULL;
	git_signature *who = NULL;
	git_tree *tree = NULL;
	const git_commit *parents[1];
	int ret = -1;

	if (git_signature_new(&who, "shpte", "shpte@localhost", 1000000000, 0) ||
	    git_tree_lookup(&tree, repo, tree_id) || (parent_id && git_commit_lookup(&parent, repo, parent_id)))
		goto out;
	parents[0] = parent;
	ret = git_commit_create(out, repo, NULL, who, who, "UTF-8", message, tree, parent ? 1 : 0, parents);
out:
	if (ret)
		git_fail("commit");
	git_commit_free(parent);
	git_tree_free(tree);
	git_signature_free(who);
	return ret;
}

static int list_fixups(const struct line *l, struct strv *names)
{
	int ret = l->fixups ? dir_list(l->fixups, ".patch", names) : 0;

	return ret ? err("kernel %s: fixups %s: %s", l->name, l->fixups, strerror(-ret)) : 0;
}

char *upstream_of(git_commit *root)
{
	const size_t before = strcspn(UPSTREAM_TRAILER, "%");
	_free_ start = xstrndup(UPSTREAM_TRAILER, before);
	const char *at = strstr(git_commit_message(root), start);

	return at ? xstrndup(at + before, GIT_OID_HEXSZ) : NULL;
}

char *fixups_hash(const struct line *l)
{
	_strv_ names = {0};
	_str_ all = {0};
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;

	if (list_fixups(l, &names))
		return NULL;
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", l->fixups, names.v[i]);
		int ret;

		str_addf(&all, "%s\n", names.v[i]);
		ret = file_read(path, &all);
		if (ret) {
			err("kernel %s: fix-up %s: %s", l->name, path, strerror(-ret));
			return NULL;
		}
	}
	if (!names.n)
		return xstrdup("");
	if (git_odb_hash(&id, all.s, all.len, GIT_OBJECT_BLOB))
		return NULL;
	return xstrdup(git_oid_tostr(hex, sizeof(hex), &id));
}

/* git with an index of its own in the store; its first line of complaint, if any, in *why. */
static int git(const char *index, struct str *out, struct str *why, const char *a, const char *b, const char *c,
	       const char *d)
{
	_free_ store = store_path();
	_run_ r = { .out = out, .err = why };

	strv_addf(&r.env, "GIT_INDEX_FILE=%s", index);
	run_args(&r, "git", "--git-dir", store, a, b, c, d, NULL);
	return run_wait(&r);
}

static int apply_one(struct git_repository *repo, const struct line *l, const char *version, const char *index,
		     const char *patch, git_oid *commit)
{
	_free_ path = xasprintf("%s/%s", l->fixups, patch);
	_free_ message = xasprintf("fixup: %s\n", patch);
	_str_ out = {0}, why = {0};
	git_oid tree, parent = *commit;

	if (git(index, &out, &why, "apply", "--cached", "--whitespace=nowarn", path))
		return err("kernel %s: fix-up %s does not apply to %s: %.*s", l->name, path, version,
			   (int)strcspn(str_get(&why), "\n"), str_get(&why));
	if (git(index, &out, &why, "write-tree", NULL, NULL, NULL) || git_oid_fromstr(&tree, str_trim(out.s)))
		return err("kernel %s: fix-up %s: %s", l->name, path, str_get(&why));
	return make_commit(repo, &tree, &parent, message, commit);
}

static int apply_fixups(struct git_repository *repo, const struct line *l, const char *version, git_oid *commit)
{
	_free_ index = cache_path("fixups.index");
	_str_ out = {0}, why = {0};
	char hex[GIT_OID_HEXSZ + 1];
	_strv_ names = {0};
	int ret = 0;

	if (list_fixups(l, &names))
		return -1;
	if (!names.n)
		return 0;
	unlink(index);
	git_oid_tostr(hex, sizeof(hex), commit);
	if (git(index, &out, &why, "read-tree", hex, NULL, NULL))
		ret = err("kernel %s: fix-ups: %s", l->name, str_get(&why));
	for (size_t i = 0; i < names.n && !ret; i++)
		ret = apply_one(repo, l, version, index, names.v[i], commit);
	unlink(index);
	return ret;
}

static int make_base(const struct line *l, const struct fetched *f, git_oid *commit, git_oid *tree)
{
	_free_ identity = source_identity(l);
	_str_ message = {0};
	git_commit *c = NULL;

	str_addf(&message, "Linux %s (%s)\n", f->version, identity);
	if (f->upstream)
		str_addf(&message, UPSTREAM_TRAILER, f->upstream);
	if (make_commit(f->store, &f->tree, NULL, message.s, commit) || apply_fixups(f->store, l, f->version, commit))
		return -1;
	if (git_commit_lookup(&c, f->store, commit))
		return git_fail(f->version);
	git_oid_cpy(tree, git_commit_tree_id(c));
	git_commit_free(c);
	return 0;
}

/* Is there a base of that version from another source, and is its tree this one? */
static bool is_others(const struct line *l, const struct fetched *f, const git_oid *tree, bool *same)
{
	_free_ its = store_identity(f->store, f->version), *ours = source_identity(l);
	git_oid commit, its_tree;

	if (!its || !strcmp(its, ours) || store_base(f->store, f->version, &commit, &its_tree))
		return false;
	*same = git_oid_equal(&its_tree, tree);
	return true;
}

static int note_source(const struct line *l, const struct fetched *f, const git_oid *tree)
{
	_free_ path = cache_path("store.git/sources.conf"), *identity = source_identity(l);
	_free_ fixups = fixups_hash(l);
	char hex[GIT_OID_HEXSZ + 1];
	const char *const pairs[][2] = {
		{ "version", f->version }, { "tree", git_oid_tostr(hex, sizeof(hex), tree) }, { "fixups", fixups },
	};
	git_config *cfg = NULL;
	int ret;

	if (!fixups)
		return -1;
	ret = git_config_open_ondisk(&cfg, path);
	for (size_t i = 0; i < 3 && !ret; i++) {
		_free_ key = xasprintf("source.%s.%s", identity, pairs[i][0]);

		ret = git_config_set_string(cfg, key, pairs[i][1]);
	}
	git_config_free(cfg);
	return ret ? git_fail(path) : 0;
}

int store_commit(const struct line *l, struct fetched *f)
{
	git_reference *ref = NULL;
	_free_ name = NULL;
	git_oid commit, tree;
	bool same = false;

	if (make_base(l, f, &commit, &tree))
		return -1;
	if (is_others(l, f, &tree, &same)) {
		_free_ full = xasprintf("%s-%s", f->version, l->name);

		/* The same tree by another way: what was derived from it stays good. */
		if (same)
			return note_source(l, f, &tree);
		free_charp(&f->version);
		f->version = version_clean(full);
		if (make_base(l, f, &commit, &tree))
			return -1;
	}
	name = xasprintf("refs/heads/base/%s", f->version);
	if (git_reference_create(&ref, f->store, name, &commit, true, "shpte: import"))
		return git_fail(name);
	git_reference_free(ref);
	return note_source(l, f, &tree);
}
