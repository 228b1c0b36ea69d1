/* SPDX-License-Identifier: GPL-2.0 */
/* Room 1: give me the tree of this version. */
#ifndef KERNELS_H
#define KERNELS_H

#include "../lib/opts.h"
#include "../lib/str.h"

struct git_repository;
struct conf;
struct run;

/* A kernel line: kernels/<name>.conf or DIR/<name>.conf with --kernels DIR. */
struct line {
	char *name;			/* "6.12" */
	char *source;			/* "deb:linux-source-6.12", "git:URL#REF" (quoted in the file), "tar:FILE", "dir:PATH" */
	char *suite;			/* for deb: bookworm-security ...; NULL: whatever apt is configured for */
	char *cc;			/* compiler prefix or program the line wants instead, NULL: the architecture's */
	struct strv make;		/* make variables, "KCFLAGS=-Wno-..." */
	char *fixups;			/* folder of *.patch applied to the base on import, NULL: none */
	char *version;			/* set when it was asked for by a version: that one, not the newest */
};

/*
 * A version is the string that stands in a ref's name, in every room and on every page.  Characters that git
 * forbids there ('~' of Debian's versions) became '_' when the tree was imported.
 */

/* Set from the option --kernels before any call below; searched before ours. */
extern const char *kernels_dir;
struct run;
/* A run of this program's command with the same --kernels, to which arguments may be added.  0, or -1 after a message. */
int kernels_ourselves(struct run *r, const char *command);
#define OPT_KERNELS { "kernels", "DIR", "look for kernel line definitions here first", OPT_DIR, &kernels_dir }

/*
 * Finds and reads a line. `name` may also be a version in the store ("6.12.117-1_deb12u1").
 * 0; -2 after "unknown kernel ...; known are ..." .
 */
int line_load(struct line *l, const char *name);
/* A line for a source that has no definition: `source` as in a definition, "dir:PATH".  0 or -2 after a message. */
int line_of_source(struct line *l, const char *source);
void line_free(struct line *l);
void lines_known(struct strv *names);

/* The store: the bare repository in the cache, made when missing.  0 or -1 after a message. */
int store_open(struct git_repository **repo);
char *store_path(void);
/*
 * Adds to the child's environment what makes it a git of ours: the user's own settings don't count, and what it commits is by
 * shpte.  Not for one that asks the network, whose proxies and passwords are in those settings.
 */
void git_ours(struct run *r);

/*
 * The newest version of the line that the store holds ("6.12.117-1_deb12u1"), caller frees; NULL: none.
 * Its tree is the commit refs/heads/base/<version>.
 */
char *store_version(struct git_repository *repo, const struct line *l);

/*
 * Makes sure the store holds the line's tree: fetches when missing, or with `refresh` when the source
 * has a newer one.  *version: caller frees.  Interrupted at any point, the next call goes on (the download is resumed by
 * apt; a ref is only written when all its objects are).  0 or -1 after a message.
 */
int kernel_fetch(const struct line *l, bool refresh, char **version);

/* The line's newest version at its source, asked of the source (network), NULL and a message when it can't be told. */
char *kernel_upstream(const struct line *l);

/*
 * The last commit that changed how often the text stands below a folder, "3f1c2a9 (\"mm: split foo from bar\")", if the version's tree
 * came from a git repository on this machine; "" otherwise, or when none did.  Caller frees.
 */
char *kernel_history(struct git_repository *store, const char *version, const char *text, const char *folder);

/* deb822 text of this machine's apt sources for a suite (NULL: all).  0 or -1 after a message. */
int apt_sources(const char *suite, struct str *out);

int cmd_kernels(struct strv *args);
int cmd_fetch(struct strv *args);
extern const struct opt opts_kernels[], opts_fetch[];

#endif
