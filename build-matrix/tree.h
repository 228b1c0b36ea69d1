/* SPDX-License-Identifier: GPL-2.0 */
/* The trees that kernels are built in: one for a version and variant, kept from build to build. */
#ifndef BUILD_MATRIX_TREE_H
#define BUILD_MATRIX_TREE_H

#include "cell.h"

/* Where the cell's sources are, and where they are built. The caller frees. */
char *tree_path(const struct cell *c);
char *tree_out(const struct cell *c);
/*
 * Locks what is built for the cell's machine in the cell's tree against other processes.  A descriptor to close, or -1
 * after a message, -EINTR when stopped.
 */
int tree_lock(const struct cell *c);
/*
 * Makes the tree what the cell's commit is, touching only files that differ, and keeps it so until the descriptor that it
 * returns is closed; who wants the same commit for another machine may build beside us.  -1 after a message, -EINTR when
 * stopped.  tree_lock() comes first.
 */
int tree_hold(const struct cell *c);
/* Whether files whose names hold `part` differ between two commits; true when that can't be told. */
bool tree_differs(const char *old, const char *commit, const char *part);

#endif
