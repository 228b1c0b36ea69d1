/* SPDX-License-Identifier: GPL-2.0 */
/* Stores through pointers of a type, which no call tells of. */
#ifndef STORES_H
#define STORES_H

#include <stddef.h>

/*
 * The first pointer to such a type that the function in text[start, end) declares, or has as an argument, and stores through: "*p = x",
 * "p[i] = x", "p->member = x", WRITE_ONCE(*p, x), or gives the address of what it points to to an atomic operation: xchg(&p->member, x),
 * cmpxchg(&val(*p), ...).  NULL: none; the caller frees.
 */
char *stores_through(const char *text, size_t start, size_t end, const char *type);

#endif
