/* SPDX-License-Identifier: GPL-2.0 */
/* Building a cell's kernel. */
#ifndef BUILD_MATRIX_BUILD_H
#define BUILD_MATRIX_BUILD_H

#include "../lib/run.h"
#include "cell.h"

/* Zero it and set cell. */
struct build {
	const struct cell *cell;

	char *src, *out;		/* the tree, and O= in it */
	char *log;			/* build.log */
	char *image;
	char *compiler;			/* what it says of its version */
	long hits, misses;		/* of ccache, in this build */
	double seconds;
	bool done_before;		/* there was nothing to do */

	enum verdict verdict;		/* V_PASS, or why there is no image */
	struct str detail;

	/* while make runs */
	unsigned long lines, lines_total;
	struct str error, trouble;	/* the first compiler error; make's own last word */
	struct str tail;		/* the last line of all */
};

/*
 * Checks the tree out and builds the image; tree_lock() must be held.  Interrupted at any point,
 * the next call goes on.  0 whatever the verdict, -1 after a message: it is this machine that can't.
 */
int build_run(struct build *b);
/* The same for who can't go on without the image: 0 it is there; -EINTR stopped; -1 after a message. */
int build_image(struct build *b);
void build_free(struct build *b);

/* For kconfig.c: the arguments and the environment that every call of make has. */
void build_make(const struct build *b, struct run *r);
/* Runs it, into the log.  0; -EINTR stopped; 1 it failed: verdict and detail are set. */
int build_call(struct build *b, struct run *r);

#endif
