/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this room share; no other room includes it. */
#ifndef KERNELS_ROOM_H
#define KERNELS_ROOM_H

#include <git2.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "../lib/run.h"
#include "kernels.h"

/* What a source gave. */
struct fetched {
	struct git_repository *store;
	git_oid tree;
	char *version;			/* valid in a ref's name, see version_clean() */
	char *upstream;			/* the commit it was upstream, hex; NULL: not from git */
	char *spent;			/* a file that is not needed once the tree is in the store, or NULL */
};

/* A kind of source, named by what is before the colon.  All of them: 0 or -1 after a message. */
struct source_kind {
	const char *prefix;		/* "tar:" */
	/*
	 * Brings the line's tree into the quarantine and sets f->tree and f->version.  May instead find that
	 * f->version is in the store already, and leave f->tree zero.
	 */
	int (*fetch)(const struct line *l, struct fetched *f);
	/* The newest version there, cheaply; caller frees. */
	char *(*upstream)(const struct line *l);
};

extern const struct source_kind source_deb, source_tar, source_dir, source_git;
const struct source_kind *source_kind(const struct line *l);
/* What comes after the colon. */
const char *source_where(const struct line *l);
/* Names the content's origin in the store: "deb:linux-source-6.12 bookworm-security". */
char *source_identity(const struct line *l);

/* commit.c: the message of a tree's first commit says which one it was upstream; hex, "%s" is replaced by it. */
#define UPSTREAM_TRAILER "\nUpstream-commit: %s\n"
/* As such a message has it; NULL: it did not come from git.  Caller frees. */
char *upstream_of(git_commit *root);

/* version.c */
/* "6.12.117-1~deb12u1" -> "6.12.117-1_deb12u1": what git forbids in a ref's name becomes '_'. */
char *version_clean(const char *s);
/* From the text of a tree's top Makefile, as `make kernelversion` says it; NULL when it is none. */
char *version_of_makefile(const char *text);
/* Of a tree in a repository; NULL after a message. */
char *version_of_tree(struct git_repository *repo, const git_oid *tree, const char *what);

/*
 * import.c: the quarantine is a repository of its own, beside the store, that a source fills; only when it is
 * whole are its packs moved into the store.  Whatever is left of one that was interrupted is removed by the next.
 */
char *quarantine_path(void);
int quarantine_make(void);
void quarantine_remove(void);
/* Moves the packs; the store's repository sees them then. */
int quarantine_adopt(struct git_repository *store);

/* Where a source's files go: a `git fast-import` in the quarantine. */
struct feed {
	int fd;
	char *buf;
	size_t used;
	unsigned long files;
	bool broken;			/* git fast-import is gone; it says why itself */
};

/* Feed functions run in a thread of their own.  0, or -1 after a message or with f->broken. */
typedef int (*feed_fn)(struct feed *f, void *arg);
int feed_file(struct feed *f, const char *path, unsigned int mode, unsigned long long size);
int feed_bytes(struct feed *f, const void *data, size_t n);	/* exactly `size` after feed_file() */
int feed_link(struct feed *f, const char *path, const char *target);
int feed_copy(struct feed *f, const char *path, const char *of);
/* Runs fn and git fast-import, sets the tree.  what: for messages. */
int import_tree(feed_fn fn, void *arg, const char *what, git_oid *tree);

/* tar.c */
/* False for absolute paths, .. and .git components, empty and odd names. */
bool path_is_safe(const char *path);
/* Without leading "./" and the one top folder, which is remembered in *top; NULL: is that folder itself. */
const char *path_strip(const char *path, char **top, bool *same);
int tar_import(const char *path, bool deb, git_oid *tree);

/* apt.c: apt as the downloader, with a private state in the cache and the machine's mirrors, keys and proxy. */
struct apt {
	const char *package, *suite;
	char *dir;			/* in the cache, one for each suite */
	char *conf;			/* for -c */
	char *version;			/* Debian's, as it is */
	char *file, *sha256;		/* of the package, wanted */
	unsigned long long size;
};
/* For all that is done with one struct apt: they share the state.  A descriptor to close, or -1 after a message. */
int apt_lock(const struct line *l);
/* Asks the mirror. */
int apt_newest(const struct line *l, struct apt *a);
/* Gets a->file, resuming; good afterwards. */
int apt_download(struct apt *a);
void apt_free(struct apt *a);
/* store.c */
int git_fail(const char *what);		/* err() with libgit2's reason */
/* lock_file() for who only fails: a descriptor to close, or -1 after a message. */
int room_lock(const char *path, const char *what);
int store_lock(void);
/* Commit and tree of a base; 0 or -1 without a message. */
int store_base(struct git_repository *repo, const char *version, git_oid *commit, git_oid *tree);
/* The first commit of a base, without fix-ups; 0 or -1 without a message. */
int store_root(struct git_repository *repo, const char *version, git_commit **root);
/* The identity in the message of that first commit; caller frees, NULL: no such base. */
char *store_identity(struct git_repository *repo, const char *version);
/* All versions in the store; identity NULL: of any source. */
void store_versions(struct git_repository *repo, const char *identity, struct strv *out);
/* What was noted of the line's source: key is "version", "tree", "fixups"; caller frees, NULL: nothing. */
char *store_noted(const struct line *l, const char *key);

/* commit.c */
/*
 * Makes the commits (base, fix-ups) of f->tree and moves the ref.  f->version gets the line's name added when another
 * source's other tree has that version.
 */
int store_commit(const struct line *l, struct fetched *f);
/* Hash of the line's patches, "" without any.  NULL after a message. */
char *fixups_hash(const struct line *l);

#endif
