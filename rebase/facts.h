/* SPDX-License-Identifier: GPL-2.0 */
/* What a derivation found out, kept in the cache beside the store. */
#ifndef FACTS_H
#define FACTS_H

#include "rebase.h"

/*
 * The facts of the branch of d->version and d->without, if they were made with `key` and the branch still is at their tip.
 * 0 and the rest of *d filled, or -1: there are none (no message).
 */
int facts_load(const char *key, const char *tip, struct derivation *d);
/* 0 or -1 after a message. */
int facts_save(const struct derivation *d, const char *key);

#endif
