/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of a file, to be held against one. */
#ifndef BODIES_H
#define BODIES_H

#include "likeness.h"
#include "slice.h"

struct body {
	char name[sizeof(((struct slice *)0)->name)];
	size_t size;			/* bytes */
	struct words words;
};

struct bodies {
	struct body *v;
	size_t n;
};

/* All functions of a text; never NULL.  The caller frees it with bodies_free(). */
struct bodies *bodies_of(const char *text);
void bodies_free(struct bodies *b);
/* Of the words of both, how many both have, 0 to 1; 0 when one is more than half as long again as the other. */
double bodies_alike(const struct body *a, const struct body *b);

#endif
