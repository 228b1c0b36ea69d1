/* SPDX-License-Identifier: GPL-2.0 */
/* Files anywhere in a tree that have what only some functions may call. */
#ifndef MENTIONS_H
#define MENTIONS_H

#include "rule.h"
#include "tree.h"

/* Fills t->mentions with the base's files, of all folders, that have a plain name of the rules' Callers lines.  0 or -1 after a message. */
int mentions_find(struct tree *t, const struct rule *rules, size_t n);

#endif
