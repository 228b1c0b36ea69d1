/* SPDX-License-Identifier: GPL-2.0 */
/* Growing strings and lists of strings. */
#ifndef LIB_STR_H
#define LIB_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _printf_(a, b) __attribute__((format(printf, a, b)))

/* A NUL-terminated growing string; {0} is empty and valid, s is NULL then. */
struct str {
	char *s;
	size_t len, cap;
};

void str_add(struct str *b, const char *s);
void str_addn(struct str *b, const char *s, size_t n);
void str_addf(struct str *b, const char *fmt, ...) _printf_(2, 3);
void str_vaddf(struct str *b, const char *fmt, va_list ap);
void str_clear(struct str *b);		/* keeps the memory */
void str_free(struct str *b);		/* frees; the string is empty again */
const char *str_get(const struct str *b); /* never NULL */

/* printf into memory that the caller frees; dies on no memory. */
char *xasprintf(const char *fmt, ...) _printf_(1, 2);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);

bool starts_with(const char *s, const char *prefix);
bool ends_with(const char *s, const char *suffix);
/* "mm" of "mm/rmap.c", "" of what is in no folder; caller frees. */
char *folder_of(const char *path);
/* How long the terminal's control sequence (ESC [ ...) is that s begins with, 0: it begins with none. */
size_t escape_len(const char *s);
/* Cuts white space off both ends in place; returns the first kept character. */
char *str_trim(char *s);

/* A NULL-terminated list of owned strings, ready for execvp; {0} is empty. */
struct strv {
	char **v;
	size_t n;
};

void strv_add(struct strv *l, const char *s);
void strv_addf(struct strv *l, const char *fmt, ...) _printf_(2, 3);
void strv_split(struct strv *l, const char *s, const char *separators);
bool strv_has(const struct strv *l, const char *s);
void strv_sort(struct strv *l);
void strv_free(struct strv *l);

void free_charp(char **p);		/* for _cleanup_ */

#define _str_ _cleanup_(str_free) struct str
#define _strv_ _cleanup_(strv_free) struct strv
#define _free_ _cleanup_(free_charp) char *

#endif
