// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../lib/str.h"
#include "slice.h"
#include "stores.h"

/* Is it part of a string, which begins on its line? */
static bool in_string(const char *text, const char *p)
{
	bool in = false;

	while (p > text && *--p != '\n')
		in ^= *p == '"';
	return in;
}

/* Where the word is next in [p, end), comments and strings left out; NULL: nowhere. */
static const char *find_word(const char *text, const char *p, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (; (p = memmem(p, end - p, word, len)); p += len)
		if ((p == text || !is_word(p[-1])) && !is_word(p[len]) && !in_comment(text, p) && !in_string(text, p))
			return p;
	return NULL;
}

static const char *past_space(const char *p)
{
	return p + strspn(p, " \t\n");
}

/* Past the brackets that open at p. */
static const char *past_brackets(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		depth += *p == '[' ? 1 : *p == ']' ? -1 : 0;
		if (!depth)
			return p + 1;
	}
	return end;
}

/* "a, *b, c" after a type: the pointers in it, but no arrays of them. */
static void add_declared(const char *p, struct strv *names)
{
	for (;; p++) {
		bool pointer;
		size_t len;

		p = past_space(p);
		pointer = *p == '*';
		p = past_space(p + pointer);
		for (len = 0; is_word(p[len]); len++)
			;
		if (!len)
			return;
		if (pointer && p[len] != '[')
			strv_addf(names, "%.*s", (int)len, p);
		p = past_space(p + len);
		if (*p != ',')
			return;
	}
}

/* Is what p begins with an assignment, as "= x" or "|= x"? */
static bool assigns(const char *p)
{
	p = past_space(p);
	if (*p && strchr("|&^+-", *p))
		p++;
	return p[0] == '=' && p[1] != '=';
}

/* Does the text before p end so? */
static bool comes_after(const char *text, const char *p, const char *what)
{
	size_t len = strlen(what);

	return p - text >= (ptrdiff_t)len && !strncmp(p - len, what, len);
}

/* Is its address taken, "&(*p)" or "&val(*p)", with `*p` at star? */
static bool address_taken(const char *text, const char *star)
{
	const char *p = star;

	if (p == text || *--p != '(')
		return false;
	while (p > text && is_word(p[-1]))
		p--;
	return comes_after(text, p, "&");
}

/* The pointer of this name is at p. */
static bool stores_at(const char *text, const char *p, const char *end, size_t len)
{
	const char *after = past_space(p + len);

	if (is_member(text, p))
		return false;
	if (*after == '[')
		return !is_declared(text, p) && assigns(past_brackets(after, end));
	if (after[0] == '-' && after[1] == '>') {
		for (after = past_space(after + 2); is_word(*after); after++)
			;
		return comes_after(text, p, "&") || assigns(after);
	}
	if (!comes_after(text, p, "*"))
		return false;
	return (assigns(after) && !is_declared(text, p)) || comes_after(text, p - 1, "WRITE_ONCE(") || address_taken(text, p - 1);
}

char *stores_through(const char *text, size_t start, size_t end, const char *type)
{
	const char *from = text + start, *limit = text + end;
	_strv_ names = {0};

	for (const char *p = from; (p = find_word(from, p, limit, type)); p += strlen(type))
		add_declared(p + strlen(type), &names);
	for (size_t i = 0; i < names.n; i++)
		for (const char *p = from; (p = find_word(from, p, limit, names.v[i])); p += strlen(names.v[i]))
			if (stores_at(from, p, limit, strlen(names.v[i])))
				return xstrdup(names.v[i]);
	return NULL;
}
