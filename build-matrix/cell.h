/* SPDX-License-Identifier: GPL-2.0 */
/* A cell: a kernel on a machine, as it is or with shared page tables. */
#ifndef BUILD_MATRIX_CELL_H
#define BUILD_MATRIX_CELL_H

#include "arch.h"

struct cell {
	char *name;			/* "6.12/i386-pae/shpte" */
	char *label;			/* the same in messages on progress: "[3/8] 6.12/i386-pae/shpte" */
	char *kernel;			/* "6.12" */
	bool ours;			/* variant shpte */
	struct line line;
	struct arch arch;
	/* Known once its tree is there, see cell_prepare(). */
	char *version;			/* "6.12.117-1~deb12u1" */
	char *branch, *commit, *tree;	/* in the store; ids in hex */
};

/* 0; -2 after a message about the name, -1 after another. */
int cell_load(struct cell *c, const char *name);
void cell_free(struct cell *c);
const char *cell_variant(const struct cell *c);

/*
 * Brings its tree into the store: fetches and derives when needed.  *what may be NULL; else it says what could not
 * be done, V_FETCH_FAILED or V_DERIVE_FAILED.  *d (may be NULL) gets what derive() told.  0 or -1 after a message.
 */
int cell_prepare(struct cell *c, struct derivation *d, enum verdict *what);
/* The same when the version is fetched and derived already. */
int cell_resolve(struct cell *c, const char *version);

#endif
