/* SPDX-License-Identifier: GPL-2.0 */
/* Where the code of a function that is gone may be now. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "rule.h"
#include "tree.h"

/*
 * "; its code may be in mm/vma.c:120 foo (81 % alike)" for up to three functions of the tree, by likeness of body, and of name, to the
 * function as the base of the store has it whose is most alike; "" when no base has it, or nothing is alike.  Then, where the tree came from a
 * repository with a past, "; the last commit that added or removed FUNCTION() is 3f1c2a9 ("mm: ...")".  The caller frees.
 */
char *candidates(struct tree *t, const struct rule *r, const char *function);

/*
 * "; what it lost is in mm/rmap.c:120 foo, which is new" where a function of the file that no base of the store has contains at least half
 * of the words that this one had in the base where it is most alike; "" otherwise.  The caller frees.
 */
char *split_off(struct tree *t, const char *path, const char *function);

/*
 * Adds "; the last commit that added or removed WHAT is 3f1c2a9 ("mm: ...")", by how often the text stands below the folder; nothing where
 * the tree's past is not known.
 */
void add_history(struct tree *t, const char *text, const char *what, const char *folder, struct str *out);

#endif
