// SPDX-License-Identifier: GPL-2.0
/* Who else does what a hooked function was alone in doing? */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "blank.h"
#include "callers.h"
#include "candidates.h"
#include "slice.h"
#include "stores.h"

/* A name of a line's. */
struct name {
	char *pattern, *stem;		/* the stem is what comes before a wildcard */
	bool member;			/* ".rss_stat" */
	bool stored;			/* where it is stored to only, ".rss_stat=" */
	bool plain;			/* neither that nor a pattern */
};

/* One line of the rule's, and the file that is held against it. */
struct look {
	const struct rule *rule;
	const struct callers *line;
	struct name *names;		/* the line's, as many as it has */
	const struct file *file;
	bool elsewhere;			/* it is none of the rule's files: only plain names mean the same there */
	bool seen;			/* one of the names is there, wherever */
	struct str wrong;
};

bool callers_plain(const char *name)
{
	return *name != '.' && !strpbrk(name, "*?[");
}

static void name_parse(struct name *n, const char *text)
{
	n->plain = callers_plain(text);
	n->member = *text == '.';
	n->stored = ends_with(text, "=");
	n->pattern = xstrndup(text + n->member, strlen(text) - n->member - n->stored);
	n->stem = xstrndup(n->pattern, strcspn(n->pattern, "*?["));
}

static void name_free(struct name *n)
{
	free(n->pattern);
	free(n->stem);
}

/* Is it the word of this length? */
static bool is_meant(const struct name *n, const char *text, const char *word, size_t len)
{
	_free_ called = xstrndup(word, len);

	return (word == text || !is_word(word[-1])) && is_member(text, word) == n->member && !fnmatch(n->pattern, called, 0) &&
	       (!n->stored || stores_to(text, word, len));
}

/* Outside of all braces: is it what a pointer begins with, "= f;", or "= &f;"? */
static bool is_value(const char *text, size_t at, size_t len)
{
	const char *before = text + at, *after = text + at + len;

	while (before > text && strchr(" \t\n", before[-1]))
		before--;
	after += strspn(after, " \t\n");
	return *after != '(' && before > text && strchr("=&)?:", before[-1]);
}

/*
 * In a macro, in the initializer of a struct, or in that of a pointer: there who calls it cannot be told.  What declares or defines it,
 * begins a line of its own.
 */
static bool is_used(const char *text, size_t from, size_t at, size_t len)
{
	size_t line = line_start(text, at);
	int depth = 0;

	if (is_defined(text, text + at))
		return false;
	if (text[line] == '#' || (line > 1 && text[line - 2] == '\\'))
		return true;
	for (size_t i = from; i < at; i++) {
		depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
		if (text[i] == '}' && i && text[i - 1] == '\n')
			depth = 0;
	}
	return depth > 0 || is_value(text, at, len);
}

/* Does the pattern, or another one of the line, mean this name? */
static bool is_named(const struct callers *line, const char *name)
{
	for (size_t i = 0; i < line->names.n; i++)
		if (!fnmatch(line->names.v[i], name, 0))
			return true;
	return false;
}

static void note(struct look *l, const char *text, size_t at, const char *function, const char *word, size_t len)
{
	str_addf(&l->wrong, "%s%s:%d %s has %.*s", l->wrong.len ? "; " : "", l->file->path, line_of(text, at), function, (int)len, word);
}

/* What is called so, but by one that is called so itself, in text[from, to), which is in a function, or, NULL, outside of all. */
static void look_for(struct look *l, const struct name *n, const char *text, size_t from, size_t to, const char *function)
{
	for (const char *p = text + from; (p = strstr(p, n->stem)) && p < text + to; p += strlen(n->stem)) {
		size_t len = 0;

		while (is_word(p[len]))
			len++;
		if (!is_meant(n, text, p, len))
			continue;
		l->seen = true;
		if (function ? !is_named(l->line, function) && !strv_has(&l->line->by, function) : is_used(text, from, p - text, len))
			note(l, text, p - text, function ? function : "something outside of all functions", p, len);
	}
}

static void look_for_all(struct look *l, const char *text, size_t from, size_t to, const char *function)
{
	for (size_t i = 0; i < l->line->names.n; i++)
		if (l->names[i].plain || !l->elsewhere)
			look_for(l, &l->names[i], text, from, to, function);
}

/* A quick look before the functions are told apart. */
static bool worth_a_look(const struct look *l)
{
	for (size_t i = 0; i < l->line->names.n; i++)
		if (strstr(l->file->text, l->names[i].stem))
			return true;
	return false;
}

static void look_through(struct look *l)
{
	_free_ text = NULL;
	size_t at = 0;
	struct slice s;

	if (!worth_a_look(l))
		return;
	text = xstrdup(l->file->text);
	blank(text);
	for (; slice_next(l->file->text, at, &s); at = s.end) {
		look_for_all(l, text, at, s.body, NULL);
		look_for_all(l, text, s.body, s.end, s.name);
	}
	look_for_all(l, text, at, strlen(text), NULL);
}

static bool look_at_header(const struct file *f, void *arg)
{
	struct look *l = arg;

	l->file = f;
	if (!strv_has(&l->rule->except, f->path))
		look_through(l);
	return false;
}

static void look_everywhere(struct look *l, struct tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		l->file = &t->files[i];
		if (rule_looks_at(l->rule, l->file->path))
			look_through(l);
	}
	for (size_t i = 0; i < l->rule->in.n; i++) {
		_free_ headers = xasprintf("%s/*.h", l->rule->in.v[i]);

		tree_each(t, headers, look_at_header, l);
	}
}

/* Is it one that look_everywhere() has looked through, or was told not to? */
static bool is_below(const struct rule *r, const char *path)
{
	_free_ folder = folder_of(path);

	return rule_looks_at(r, path) || strv_has(&r->except, path) || (ends_with(path, ".h") && strv_has(&r->in, folder));
}

/* Where nobody expects it.  A name that is only there is none that the rule could look for. */
static void look_elsewhere(struct look *l, struct tree *t)
{
	bool seen = l->seen;

	l->elsewhere = true;
	for (size_t i = 0; i < t->mentions.n; i++) {
		l->file = is_below(l->rule, t->mentions.v[i]) ? NULL : tree_file(t, t->mentions.v[i]);
		if (l->file)
			look_through(l);
	}
	l->elsewhere = false;
	l->seen = seen;
}

static void look_at_line(struct look *l, struct tree *t)
{
	const size_t n = l->line->names.n;

	l->seen = false;
	l->names = xcalloc(n, sizeof(*l->names));
	for (size_t i = 0; i < n; i++)
		name_parse(&l->names[i], l->line->names.v[i]);
	look_everywhere(l, t);
	look_elsewhere(l, t);
	for (size_t i = 0; i < n; i++)
		name_free(&l->names[i]);
	free(l->names);
	if (!l->seen) {
		_free_ nearest = candidates(t, l->rule, l->line->names.v[0]);

		str_addf(&l->wrong, "%snothing in %s is called %s%s", l->wrong.len ? "; " : "", l->rule->in.v[0], l->line->text, nearest);
	}
}

char *callers_unknown(struct tree *t, const struct rule *r)
{
	struct look l = { .rule = r };

	for (size_t i = 0; i < r->n_callers; i++) {
		l.line = &r->callers[i];
		look_at_line(&l, t);
	}
	return l.wrong.s;
}
