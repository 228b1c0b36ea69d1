/* SPDX-License-Identifier: GPL-2.0 */
/* Coccinelle's spatch, on a text at a time. */
#ifndef SPATCH_H
#define SPATCH_H

#include "../lib/hash.h"
#include "rule.h"

/*
 * Runs a rule on a text, which is left in the folder tmp as NAME.c.  *after gets the new text, which the caller frees, or stays NULL when
 * nothing matched.  0 or -1 after a message.
 */
int spatch(const struct rule *r, const char *tmp, const char *name, const char *before, char **after);

/*
 * What spatch answers depends on the question, our macros and itself, so it is asked once.  Where the answer to a question is kept; the
 * hash has the question.  Caller frees.
 */
char *spatch_kept(struct hash *question);
/* Keeps an answer there.  A disk that is full only costs time. */
void spatch_keep(const char *path, const char *answer);

/* True when spatch can't make sense of the file; *line is the first bad one, from 1; 0: not known. */
bool unparsable(const char *path, int *line);

#endif
