/* SPDX-License-Identifier: GPL-2.0 */
/* A hash over everything that goes into something: names, texts and files. */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include "str.h"

/* Collects; {0} is empty. */
struct hash {
	struct str text;
};

void hash_text(struct hash *h, const char *name, const char *value);
/* The file's contents under its last name; a missing one counts as such. */
void hash_file(struct hash *h, const char *path);
/* 40 hex digits, caller frees; the hash is empty again. */
char *hash_end(struct hash *h);

#endif
