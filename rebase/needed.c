// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "needed.h"
#include "slice.h"

/* Is the text there, however it is broken into lines?  Its words are whole ones. */
static bool has_text(const char *text, const char *what)
{
	for (const char *p = text; *p; p++) {
		const char *s = p, *w = what;

		if (*p != *what || (p > text && is_word(p[-1]) && is_word(*what)))
			continue;
		while (*w && (isspace((unsigned char)*w) ? isspace((unsigned char)*s) : *s == *w)) {
			bool space = isspace((unsigned char)*w++);

			for (s++; space && isspace((unsigned char)*s); s++)
				;
		}
		if (!*w && !(is_word(w[-1]) && is_word(*s)))
			return true;
	}
	return false;
}

static bool file_has(const struct file *f, void *text)
{
	return has_text(f->text, text);
}

/* `path` is a file, a pattern of files in one folder ("mm/Kconfig*"), or all files below a folder ("include/uapi/"). */
static bool tree_has(struct tree *t, const char *path, const char *text)
{
	const struct file *f;

	if (strchr(path, '*') || ends_with(path, "/"))
		return tree_each(t, path, file_has, (void *)text);
	f = tree_file(t, path);
	return f && has_text(f->text, text);
}

char *not_needed(struct tree *t, const struct rule *r)
{
	for (size_t i = 0; i + 1 < r->when.n; i += 2)
		if (!tree_has(t, r->when.v[i], r->when.v[i + 1]))
			return xasprintf("%s of this tree has no '%s'", r->when.v[i], r->when.v[i + 1]);
	for (size_t i = 0; i + 1 < r->when_not.n; i += 2)
		if (tree_has(t, r->when_not.v[i], r->when_not.v[i + 1]))
			return xasprintf("%s of this tree has '%s'", r->when_not.v[i], r->when_not.v[i + 1]);
	return NULL;
}

/* Does the function make the call, in any of the files that the rule looks into? */
static bool makes_call(struct tree *t, const struct rule *r, const char *function, const char *call)
{
	struct slice s;

	for (size_t i = 0; i < t->n; i++) {
		const char *text = t->files[i].text;

		if (!rule_looks_at(r, t->files[i].path))
			continue;
		for (size_t at = 0; slice_find(text, at, function, &s); at = s.end)
			if (count_calls(text, s.body, s.end, call))
				return true;
	}
	return false;
}

static bool is_place(const struct rule *r, const char *function)
{
	for (size_t i = 0; i < r->n; i++)
		if (strv_has(&r->places[i].names, function))
			return true;
	return false;
}

/* Is pair i, FUNCTION CALL, about this place?  One that names no place's function is about all of them. */
static bool is_about(const struct rule *r, size_t i, const struct place *p)
{
	return strv_has(&p->names, r->unless.v[i]) || !is_place(r, r->unless.v[i]);
}

char *done_already(struct tree *t, const struct rule *r, const char **but)
{
	bool *made = xcalloc(r->unless.n + 1, sizeof(*made));
	size_t first = r->unless.n;

	*but = NULL;
	for (size_t i = 0; i + 1 < r->unless.n; i += 2) {
		made[i] = makes_call(t, r, r->unless.v[i], r->unless.v[i + 1]);
		if (made[i] && first == r->unless.n)
			first = i;
	}
	for (size_t p = 0; p < r->n && !*but; p++) {
		bool done = false;

		for (size_t i = 0; i + 1 < r->unless.n && !done; i += 2)
			done = made[i] && is_about(r, i, &r->places[p]);
		*but = done ? NULL : r->places[p].text;
	}
	free(made);
	if (first == r->unless.n)
		return NULL;
	return xasprintf("%s() of this tree calls %s() itself", r->unless.v[first], r->unless.v[first + 1]);
}

/* Orders "7.3" before "7.3.4-1", which is before "7.12"; what follows the numbers does not count. */
static int compare_versions(const char *a, const char *b)
{
	int x[3] = {0}, y[3] = {0};

	sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2]);
	sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2]);
	for (int i = 0; i < 3; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

/* The newest of the releases that is not after the version; NULL: none. */
static const char *newest(const struct strv *releases, const char *version)
{
	const char *best = NULL;

	for (size_t i = 0; i < releases->n; i++)
		if (compare_versions(releases->v[i], version) <= 0 && (!best || compare_versions(releases->v[i], best) > 0))
			best = releases->v[i];
	return best;
}

const char *needed_before(const struct rule *r, const char *version)
{
	const char *needed = version ? newest(&r->seen, version) : NULL;
	const char *not = version ? newest(&r->seen_without, version) : NULL;

	return needed && (!not || compare_versions(not, needed) < 0) ? needed : NULL;
}
