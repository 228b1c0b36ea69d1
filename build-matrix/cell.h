/* SPDX-License-Identifier: GPL-2.0 */
/* A cell: a kernel on a machine, as it is, with shared page tables, or with one hook of them left out (a mutant). */
#ifndef BUILD_MATRIX_CELL_H
#define BUILD_MATRIX_CELL_H

#include "arch.h"

struct cell {
	char *name;			/* "6.12/i386-pae/shpte" */
	char *label;			/* the same in messages on progress: "[3/8] 6.12/i386-pae/shpte" */
	char *kernel;			/* "6.12" */
	bool ours;			/* variant shpte, and its mutants */
	char *without;			/* of a mutant: the hook that is left out; NULL: it is none */
	struct line line;
	struct arch arch;
	/* Known once its tree is there, see cell_prepare(). */
	char *version;			/* "6.12.117-1~deb12u1" */
	char *branch, *commit, *tree;	/* in the store; ids in hex */
};

/* 0; -2 after a message about the name, -1 after another. */
int cell_load(struct cell *c, const char *name);
/* The mutant of KERNEL/ARCH/shpte without this hook: its name is KERNEL/ARCH/mutant/HOOK, not to be loaded by. As cell_load(). */
int cell_load_mutant(struct cell *c, const char *name, const char *hook);
void cell_free(struct cell *c);
/* The same kernel on the same machine: a base and its derived kernel, or one of them twice. */
bool cells_are_twins(const struct cell *a, const struct cell *b);
const char *cell_variant(const struct cell *c);

/*
 * Brings its tree into the store: fetches and derives when needed.  *what may be NULL; else it says what could not
 * be done, V_FETCH_FAILED or V_DERIVE_FAILED.  *d (may be NULL) gets what derive() told.  0 or -1 after a message.
 */
int cell_prepare(struct cell *c, struct derivation *d, enum verdict *what);
/* The same when the version is fetched and derived already. */
int cell_resolve(struct cell *c, const char *version);

#endif
