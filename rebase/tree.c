// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "bodies.h"
#include "tree.h"

static int git_err(const char *what)
{
	const git_error *e = git_error_last();

	return err("%s: %s", what, e ? e->message : "libgit2 gave no reason");
}

int tree_open(struct tree *t, git_repository *repo, const git_oid *commit)
{
	git_commit *c = NULL;
	int ret = 0;

	memset(t, 0, sizeof(*t));
	t->repo = repo;
	t->commit = *commit;
	if (git_commit_lookup(&c, repo, commit) || git_commit_tree(&t->base, c))
		ret = git_err("cannot read the base");
	git_commit_free(c);
	return ret;
}

void tree_close(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->files[i].path);
		free(t->files[i].text);
		bodies_free(t->files[i].bodies);
	}
	free(t->files);
	strv_free(&t->folders);
	strv_free(&t->mentions);
	git_tree_free(t->base);
	memset(t, 0, sizeof(*t));
}

static struct file *known(struct tree *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->files[i].path, path))
			return &t->files[i];
	return NULL;
}

static struct file *add(struct tree *t, const char *path, char *text)
{
	t->files = xrealloc(t->files, (t->n + 1) * sizeof(*t->files));
	t->files[t->n] = (struct file){ .path = xstrdup(path), .text = text };
	return &t->files[t->n++];
}

/* Caller frees; NULL: it is no file. */
static char *blob_text(struct tree *t, const git_oid *id)
{
	git_blob *blob = NULL;
	char *text;

	if (git_blob_lookup(&blob, t->repo, id))
		return NULL;
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	git_blob_free(blob);
	return text;
}

static struct file *add_blob(struct tree *t, const char *path, const git_oid *id)
{
	char *text = blob_text(t, id);

	return text ? add(t, path, text) : NULL;
}

struct file *tree_file(struct tree *t, const char *path)
{
	git_tree_entry *e = NULL;
	struct file *f = known(t, path);

	if (f)
		return f;
	if (git_tree_entry_bypath(&e, t->base, path))
		return NULL;
	if (git_tree_entry_type(e) == GIT_OBJECT_BLOB)
		f = add_blob(t, path, git_tree_entry_id(e));
	git_tree_entry_free(e);
	return f;
}

struct walk {
	struct tree *t;
	const char *folder;
};

static int read_entry(const char *root, const git_tree_entry *e, void *payload)
{
	struct walk *w = payload;
	_free_ path = xasprintf("%s/%s%s", w->folder, root, git_tree_entry_name(e));

	if (git_tree_entry_type(e) == GIT_OBJECT_BLOB && ends_with(path, ".c") && !known(w->t, path))
		add_blob(w->t, path, git_tree_entry_id(e));
	return 0;
}

const struct bodies *file_bodies(struct file *f)
{
	if (!f->bodies)
		f->bodies = bodies_of(f->text);
	return f->bodies;
}

bool tree_has_path(const struct tree *t, const char *path)
{
	git_tree_entry *e = NULL;
	bool has = !git_tree_entry_bypath(&e, t->base, path);

	git_tree_entry_free(e);
	return has;
}

int tree_folder(struct tree *t, const char *folder)
{
	struct walk w = { t, folder };
	git_tree_entry *e = NULL;
	git_tree *sub = NULL;
	int ret = 0;

	if (strv_has(&t->folders, folder) || (strchr(folder, '.') && tree_file(t, folder)))
		return 0;
	if (git_tree_entry_bypath(&e, t->base, folder) ||
	    git_tree_lookup(&sub, t->repo, git_tree_entry_id(e)) ||
	    git_tree_walk(sub, GIT_TREEWALK_PRE, read_entry, &w))
		ret = err("the tree has no folder %s/: is it a kernel?", folder);
	else
		strv_add(&t->folders, folder);
	git_tree_free(sub);
	git_tree_entry_free(e);
	return ret;
}

struct each {
	struct tree *t;
	const char *pattern, *folder;
	bool (*f)(const struct file *file, void *arg);
	void *arg;
};

static int each_entry(const char *root, const git_tree_entry *e, void *payload)
{
	struct each *w = payload;
	_free_ path = xasprintf("%s/%s%s", w->folder, root, git_tree_entry_name(e)), *text = NULL;
	bool all = ends_with(w->pattern, "/"), deep = all || strstr(w->pattern, "**");

	if (git_tree_entry_type(e) != GIT_OBJECT_BLOB)
		return deep ? 0 : 1;	/* 1: not into this folder */
	if (strstr(path, "shpte") || (!all && fnmatch(w->pattern, path, deep ? 0 : FNM_PATHNAME)))
		return 0;
	text = blob_text(w->t, git_tree_entry_id(e));
	return text && w->f(&(struct file){ .path = path, .text = text }, w->arg) ? -1 : 0;
}

bool tree_each(struct tree *t, const char *pattern, bool (*f)(const struct file *file, void *arg), void *arg)
{
	_free_ folder = folder_of(pattern);
	struct each w = { t, pattern, folder, f, arg };
	git_tree_entry *e = NULL;
	git_tree *sub = NULL;
	bool ended = false;

	if (!git_tree_entry_bypath(&e, t->base, folder) && !git_tree_lookup(&sub, t->repo, git_tree_entry_id(e)))
		ended = git_tree_walk(sub, GIT_TREEWALK_PRE, each_entry, &w) < 0;
	git_tree_free(sub);
	git_tree_entry_free(e);
	return ended;
}

bool is_code(const char *path)
{
	return ends_with(path, ".c") || ends_with(path, ".h");
}

bool in_folders(const char *path, const struct strv *folders, const struct strv *except)
{
	if (!ends_with(path, ".c") || strv_has(except, path))
		return false;
	for (size_t i = 0; i < folders->n; i++) {
		size_t len = strlen(folders->v[i]);

		if (!strncmp(path, folders->v[i], len) && path[len] == '/')
			return true;
	}
	return false;
}

void tree_set(struct tree *t, const char *path, char *text)
{
	struct file *f = tree_file(t, path);

	if (!f)
		f = add(t, path, NULL);
	free(f->text);
	f->text = text;
	f->changed = true;
}

void tree_undo(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct file *f = &t->files[i];
		git_tree_entry *e = NULL;

		if (!f->changed)
			continue;
		free(f->text);
		f->text = NULL;
		f->changed = false;
		if (!git_tree_entry_bypath(&e, t->base, f->path))
			f->text = blob_text(t, git_tree_entry_id(e));
		git_tree_entry_free(e);
		if (f->text)
			continue;
		free(f->path);
		*f = t->files[--t->n];
		i--;
	}
}

/* Fills one update a changed file; the paths stay the files'. */
static int stage(struct tree *t, git_tree_update *updates, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < t->n; i++) {
		git_tree_update *u = &updates[*n];
		struct file *f = &t->files[i];

		if (!f->changed)
			continue;
		*u = (git_tree_update){ .action = GIT_TREE_UPDATE_UPSERT, .path = f->path,
					.filemode = GIT_FILEMODE_BLOB };
		if (git_blob_create_from_buffer(&u->id, t->repo, f->text, strlen(f->text)))
			return git_err("cannot write to the store");
		f->changed = false;
		++*n;
	}
	return 0;
}

static int commit_tree(struct tree *t, const git_oid *tree, const char *message, git_oid *id)
{
	git_commit *parent = NULL;
	git_signature *who = NULL;
	git_tree *now = NULL;
	int ret = -1;

	if (git_commit_lookup(&parent, t->repo, &t->commit) || git_tree_lookup(&now, t->repo, tree) ||
	    git_signature_new(&who, "shpte", "shpte@localhost", git_commit_time(parent), 0) ||
	    git_commit_create(id, t->repo, NULL, who, who, NULL, message, now, 1,
			      (const git_commit **)&parent)) {
		git_err("cannot commit to the store");
		git_tree_free(now);
	} else {
		git_tree_free(t->base);
		t->base = now;
		t->commit = *id;
		ret = 0;
	}
	git_signature_free(who);
	git_commit_free(parent);
	return ret;
}

int tree_commit(struct tree *t, const char *message, git_oid *id)
{
	git_tree_update *updates = xcalloc(t->n + 1, sizeof(*updates));
	git_oid tree;
	size_t n;
	int ret = stage(t, updates, &n);

	if (!ret && !n)
		ret = 1;
	else if (!ret && git_tree_create_updated(&tree, t->repo, t->base, n, updates))
		ret = git_err("cannot write to the store");
	free(updates);
	return ret ? ret : commit_tree(t, &tree, message, id);
}

int tree_squash(struct tree *t, const git_oid *parent, const char *message, git_oid *id)
{
	git_oid tree = *git_tree_id(t->base);

	t->commit = *parent;
	return commit_tree(t, &tree, message, id);
}
