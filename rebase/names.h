/* SPDX-License-Identifier: GPL-2.0 */
/* What a rule adds, and does not find in the function: does the tree have it? */
#ifndef NAMES_H
#define NAMES_H

#include "tree.h"

/*
 * Looks for each constant and each call that the function has now and had not before in its file (path), our own header, the headers
 * beside the file and those of include/.  "adds FOO, which this tree does not have", caller frees; NULL: it has all.
 */
char *names_unknown(struct tree *t, const char *path, const char *header, const char *before, const char *after);

#endif
