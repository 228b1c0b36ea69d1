// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../lib/str.h"
#include "blank.h"
#include "slice.h"
#include "stores.h"

static const char *past_space(const char *p)
{
	return p + strspn(p, " \t\n");
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
		return !is_declared(text, p) && assigns(past_pair(after, end));
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
	_free_ function = memmem(text + start, end - start, type, strlen(type)) ? xstrndup(text + start, end - start) : NULL;
	_strv_ names = {0};

	if (!function)
		return NULL;
	blank(function);
	for (const char *p = function; (p = find_word(function, p, type)); p += strlen(type))
		add_declared(p + strlen(type), &names);
	for (size_t i = 0; i < names.n; i++)
		for (const char *p = function; (p = find_word(function, p, names.v[i])); p += strlen(names.v[i]))
			if (stores_at(function, p, function + strlen(function), strlen(names.v[i])))
				return xstrdup(names.v[i]);
	return NULL;
}

bool stores_to(const char *text, const char *word, size_t len)
{
	const char *after = past_space(word + len), *first = word;

	if (*after == '[')
		after = past_pair(after, after + strlen(after));
	if (assigns(after))
		return true;
	/* "vma->vm_page_prot" begins with vma */
	while (first > text && (is_word(first[-1]) || is_member(text, first) || starts_with(first - 1, "->")))
		first--;
	return comes_after(text, first, "&") || comes_after(text, first, "WRITE_ONCE(");
}
