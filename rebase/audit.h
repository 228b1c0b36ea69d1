/* SPDX-License-Identifier: GPL-2.0 */
/* Who writes or reads page-table entries of user memory, and what a maintainer has said of each. */
#ifndef AUDIT_H
#define AUDIT_H

#include <jansson.h>

#include "../lib/str.h"
#include "tree.h"

/* A function that does what a pattern of cocci/audit looks for. */
struct writer {
	char *name, *path;		/* "zap_pte_range", "mm/memory.c"; the name may be a macro's, or "(no function)" */
	int line;			/* of its first line */
	char *text;
	char *print;			/* fingerprint: the hash of its tokens; comments and white space do not count */
	struct strv calls;		/* those that were found, each once */
	struct strv does;		/* "writes or clears entries", of the patterns that found it */
	bool unread;			/* spatch could not read the function: its calls were found in the text */
};

struct writers {
	struct writer *v;
	size_t n;
};

/* All of them in a tree, by path and line.  0, -EINTR stopped, or -1 after a message; freed by writers_free(). */
int writers_find(struct tree *t, struct writers *all);
void writers_free(struct writers *all);
/* The text of a function that is in this file, or wherever in the folders of the audit; NULL: there is none. The caller frees. */
char *writers_text(struct tree *t, const char *path, const char *function);
/* The fingerprint of a function's text, 12 hex digits; the caller frees. */
char *fingerprint(const char *text);

/* One function in cocci/audit/reviewed.conf. */
struct review {
	char *function;			/* its name, or "PATH NAME" where several files have one of that name */
	char *verdict;			/* "safe", or "hook: zap zapped" */
	char *because;
	struct strv seen;		/* "FINGERPRINT VERSION", as it was read */
};

struct reviews {
	struct review *v;
	size_t n;
};

/* 0 or -1 after a message; freed by reviews_free(). */
int reviews_load(struct reviews *all);
void reviews_free(struct reviews *all);
/* What was said of the function, NULL: nothing. */
const struct review *reviews_find(const struct reviews *all, const struct writer *w);
/* The same, but for a function whose name another file's has that was read as it is: that one is meant. */
const struct review *reviews_of(const struct reviews *all, const struct writers *writers, const struct writer *w);
/* Is it the one that was reviewed? */
bool review_is_of(const struct review *r, const struct writer *w);
/* Has the tree none that it is of? */
bool review_is_gone(const struct review *r, const struct writers *all);
/* Was this text of it read? */
bool review_covers(const struct review *r, const char *print);
/*
 * Writes down that the function was read in this version, and why it is safe (NULL: as it was).  0; -EINTR stopped; -1 after a
 * message.
 */
int review_accept(const struct writer *w, const char *version, const char *because);

/*
 * [{"function", "path", "line", "fingerprint", "does": [...], "calls": [...], "status": "read" | "new" | "changed", "verdict", "because"}]
 * The last two are missing where nothing was said. The caller's reference.
 */
json_t *audit_json(const struct writers *all, const struct reviews *reviews);

#endif
