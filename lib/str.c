// SPDX-License-Identifier: GPL-2.0
/* Growing strings and lists of strings. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

static void *check(void *p)
{
	if (!p) {
		fputs("shpte: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return check(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
	return check(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return check(strndup(s, n));
}

char *xasprintf(const char *fmt, ...)
{
	struct str b = {0};
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&b, fmt, ap);
	va_end(ap);
	return b.s;
}

/* Makes room for n more characters and the final NUL. */
static void grow(struct str *b, size_t n)
{
	size_t want = b->len + n + 1;

	if (want <= b->cap)
		return;
	b->cap = want < 2 * b->cap ? 2 * b->cap : want < 64 ? 64 : want;
	b->s = xrealloc(b->s, b->cap);
}

void str_addn(struct str *b, const char *s, size_t n)
{
	grow(b, n);
	if (n)
		memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void str_add(struct str *b, const char *s)
{
	str_addn(b, s, strlen(s));
}

void str_vaddf(struct str *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		n = 0;
	grow(b, n);
	vsnprintf(b->s + b->len, n + 1, fmt, ap);
	b->len += n;
}

void str_addf(struct str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(b, fmt, ap);
	va_end(ap);
}

void str_clear(struct str *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}

void str_free(struct str *b)
{
	free(b->s);
	*b = (struct str){0};
}

const char *str_get(const struct str *b)
{
	return b->s ? b->s : "";
}

size_t escape_len(const char *s)
{
	size_t n = 2;

	if (s[0] != 0x1b || s[1] != '[')
		return 0;
	while (s[n] >= 0x20 && s[n] < 0x40)
		n++;
	return s[n] >= 0x40 && s[n] < 0x7f ? n + 1 : n;
}

bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return xstrndup(path, slash ? slash - path : 0);
}

char *str_trim(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = '\0';
	return s;
}

static void take(struct strv *l, char *s)
{
	l->v = xrealloc(l->v, (l->n + 2) * sizeof(*l->v));
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void strv_add(struct strv *l, const char *s)
{
	take(l, xstrdup(s));
}

void strv_addf(struct strv *l, const char *fmt, ...)
{
	struct str b = {0};
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&b, fmt, ap);
	va_end(ap);
	take(l, b.s);
}

void strv_split(struct strv *l, const char *s, const char *separators)
{
	while (*(s += strspn(s, separators))) {
		size_t n = strcspn(s, separators);

		take(l, xstrndup(s, n));
		s += n;
	}
}

bool strv_has(const struct strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], s))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(struct strv *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), compare);
}

void strv_free(struct strv *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct strv){0};
}

void free_charp(char **p)
{
	free(*p);
	*p = NULL;
}
