/* SPDX-License-Identifier: GPL-2.0 */
/* A tree that rules are applied to: a commit's files with our changes over them. */
#ifndef TREE_H
#define TREE_H

#include <git2.h>

#include "../lib/str.h"

struct file {
	char *path;
	char *text;			/* as it is now */
	bool changed;			/* since the last tree_commit() */
	struct bodies *bodies;		/* its functions when they were first asked for, file_bodies(); NULL: they were not */
};

struct tree {
	git_repository *repo;		/* not ours */
	const char *version;		/* the kernel's, not ours; NULL: not known */
	git_oid commit;			/* what the next commit stands on */
	git_tree *base;			/* its tree */
	struct file *files;		/* those that were read, sorted by nothing */
	size_t n;
	struct strv folders;		/* those that tree_folder() has read whole */
	struct strv mentions;		/* paths, see mentions.h */
};

/* 0 or -1 after a message. */
int tree_open(struct tree *t, git_repository *repo, const git_oid *commit);
void tree_close(struct tree *t);

/* The file, read on first use; NULL when the tree has none. Valid until the next call that reads. */
struct file *tree_file(struct tree *t, const char *path);
/* Does the last commit's base have this file or folder? */
bool tree_has_path(const struct tree *t, const char *path);
/* Reads every .c file below a folder, or the one file; afterwards all of them are in t->files. 0 or -1 after a message. */
int tree_folder(struct tree *t, const char *folder);
/*
 * Calls f() for each file, as the last commit has it, that a pattern names: files of one folder ("mm/Kconfig*"), all below a folder
 * ("include/uapi/"), or, with two stars, those below a folder whose path it matches ("mm/k**.c").  Our own files are left out.  Ends
 * when f() gives true, and gives true then.
 */
bool tree_each(struct tree *t, const char *pattern, bool (*f)(const struct file *file, void *arg), void *arg);
/* Is it a .c file below one of the folders, and none of those that are left out? */
bool in_folders(const char *path, const struct strv *folders, const struct strv *except);
/* Is it C code, a .c file or a header? */
bool is_code(const char *path);
/* The file's functions, as they were when this was first called; ours to free. */
const struct bodies *file_bodies(struct file *f);
/* New text for a file, which may be a new one; takes the text over. */
void tree_set(struct tree *t, const char *path, char *text);
/* Takes back what has changed since the last commit. */
void tree_undo(struct tree *t);
/*
 * Commits what has changed since the last commit; `id` gets the new commit. Date and author are those of the base, so that the same
 * input gives the same ids.  1 when nothing had changed, 0, or -1 after a message.
 */
int tree_commit(struct tree *t, const char *message, git_oid *id);
/* Makes one commit on `parent` of all that was committed since; `id` as above.  0, or -1 after a message. */
int tree_squash(struct tree *t, const git_oid *parent, const char *message, git_oid *id);

#endif
