/* SPDX-License-Identifier: GPL-2.0 */
/* Stores that no call tells of: through pointers of a type, and to members. */
#ifndef STORES_H
#define STORES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The first pointer to such a type that the function in text[start, end) declares, or has as an argument, and stores through: "*p = x",
 * "p[i] = x", "p->member = x", WRITE_ONCE(*p, x), or gives the address of what it points to to an atomic operation: xchg(&p->member, x),
 * cmpxchg(&val(*p), ...).  NULL: none; the caller frees.
 */
char *stores_through(const char *text, size_t start, size_t end, const char *type);

/* Is the member whose name, of this length, is at word stored to, "vma->vm_page_prot = x", or its address taken, "&vma->vm_page_prot"? */
bool stores_to(const char *text, const char *word, size_t len);

#endif
