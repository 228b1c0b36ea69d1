/* SPDX-License-Identifier: GPL-2.0 */
/* Many cells: which, in what order, and what has become of each. */
#ifndef BUILD_MATRIX_MATRIX_H
#define BUILD_MATRIX_MATRIX_H

#include "cell.h"

struct suite_run;
struct tested;

/* A kernel line whose tree was brought into the store, once for all its cells. */
struct source {
	char *kernel;
	char *version;			/* NULL: it could not be fetched */
	bool derived;
	struct derivation derivation;
};

struct entry {
	struct cell cell;
	const struct suite_run *suite;	/* NULL: the guest tests */
	struct source *source;
	char *key;			/* NULL: it is not known what the cell is made of */
	bool fresh;			/* its last result is up to date */
	bool known;			/* verdict and detail are */
	enum verdict verdict;
	char *called;			/* what the suite calls it, NULL: as it is */
	struct str detail;
};

struct matrix {
	struct entry *v;
	size_t n;
	struct source *sources;
	size_t n_sources;
	struct tested **tested;		/* the suites that its machines name */
	size_t n_tested;
};

/*
 * All cells whose name matches, tested by this suite; NULL: by those that their machines name, or by the guest tests.
 * 0; -2 after a message about the name, -1 after another.
 */
int matrix_find(struct matrix *m, const char *pattern, const struct suite_run *suite);
void matrix_free(struct matrix *m);
/* Fetches and derives what the cells need, finds their keys and what is up to date.  -EINTR stopped, else 0. */
int matrix_prepare(struct matrix *m, bool again);

/*
 * Builds, boots, tests and records one cell.  0: entry->verdict is known; -EINTR stopped; -1 after a message: this machine
 * can't.
 */
int entry_run(struct entry *e, bool again);
/* Takes verdict and detail of the last result, if it is still true; then the entry is fresh. */
void entry_look_back(struct entry *e);
/* As its results have it, once known. */
const char *entry_verdict(const struct entry *e);
/* The line about it on stdout. */
void entry_tell(const struct entry *e);

/* Has the last result of the entry, a derived kernel's, what its base's has not?  See result_worse(). */
bool entry_worse(const struct entry *e);

/*
 * The last line of a run, with where the page is when `report` writes the site.  0 when all is `good`, -1: it is not, or after a
 * message.
 */
int matrix_end(struct str *line, bool good, bool report);

#endif
