/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that are in no function that could be told from the rest of its file: in a macro, or in one that is written in another way. */
#ifndef STRAYS_H
#define STRAYS_H

#include <stddef.h>

#include "rule.h"
#include "tree.h"

/* The text with spaces in the place of its functions; lines stay lines. The caller frees. */
char *outside_functions(const char *text);
/* Where the next call is at or after `from` in such a text, declarations and comments left out; -1: there is none. */
long stray_call(const char *outside, size_t from, const char *name);
/* The name of the macro whose definition text[at] is part of, and all lines of it in [*start, *end); NULL: it is in none. Caller frees. */
char *macro_at(const char *text, size_t at, size_t *start, size_t *end);

/*
 * The calls that a rule with Everywhere would have to look at and cannot: in no function of its files, or in a header of its folders or
 * of include/linux. "mm/vma.h:12 calls foo() in a header"; NULL: none. The caller frees.
 */
char *strays_of_rule(struct tree *t, const struct rule *r);

#endif
