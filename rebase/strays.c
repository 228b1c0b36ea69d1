// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../lib/str.h"
#include "apply.h"
#include "blank.h"
#include "slice.h"
#include "strays.h"

char *outside_functions(const char *text)
{
	char *out = xstrdup(text);
	struct slice s;

	for (size_t at = 0; slice_next(text, at, &s); at = s.end)
		for (size_t i = s.start; i < s.end; i++)
			if (out[i] != '\n')
				out[i] = ' ';
	return out;
}

long stray_call(const char *outside, size_t from, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = outside + from; (p = strstr(p, name)); p += len) {
		bool first = p == outside || p[-1] == '\n';

		/* a definition whose type is on the line before begins in column 0, a call never */
		if (p[len] == '(' && !first && !is_word(p[-1]) && !is_declared(outside, p) && !in_comment(outside, p))
			return p - outside;
	}
	return -1;
}

char *macro_at(const char *text, size_t at, size_t *start, size_t *end)
{
	const char *word;

	for (*start = at; *start && (text[*start - 1] != '\n' || (*start > 1 && text[*start - 2] == '\\')); --*start)
		;
	for (*end = at; text[*end] && (text[*end] != '\n' || text[*end - 1] == '\\'); ++*end)
		;
	if (!starts_with(text + *start, "#define"))
		return NULL;
	word = text + *start + strlen("#define");
	word += strspn(word, " \t");
	return xstrndup(word, strcspn(word, "( \t\n"));
}

/* The rule at work, and what it cannot look at. */
struct strays {
	const struct rule *rule;
	struct str found;
};

static void add_stray(struct strays *s, const struct file *f, size_t at, const char *where)
{
	str_addf(&s->found, "%s%s:%d calls %s() %s", s->found.len ? ", " : "", f->path, line_of(f->text, at), s->rule->everywhere, where);
}

static void add_outside(struct strays *s, const struct file *f)
{
	const char *call = s->rule->everywhere;
	_free_ outside = strstr(f->text, call) ? outside_functions(f->text) : NULL;

	for (long at = 0; outside && (at = stray_call(outside, at, call)) >= 0; at += strlen(call))
		add_stray(s, f, at, "outside any function that could be read");
}

/* Is the word part of what declares or exports it: the first of a #define, or on a line of #if, #undef or EXPORT_SYMBOL()? */
static bool is_told(const char *text, const char *word)
{
	const char *line = text + line_start(text, word - text);

	return starts_with(line, "#if") || starts_with(line, "#el") || starts_with(line, "#undef") ||
	       starts_with(line, "EXPORT_SYMBOL") || is_defined(text, word);
}

/* Where the address of it is taken, or it gets another name. */
static void add_names(struct strays *s, const struct file *f)
{
	const char *call = s->rule->everywhere;
	_free_ text = strstr(f->text, call) ? xstrdup(f->text) : NULL;
	const size_t len = strlen(call);

	if (text)
		blank(text);
	for (const char *w = text; w && (w = find_word(text, w, call)); w += len)
		if (w[len] != '(' && !is_member(text, w) && !is_told(text, w))
			add_stray(s, f, w - text, "by another name or a pointer");
}

static bool add_header(const struct file *f, void *arg)
{
	struct strays *s = arg;
	const char *call = s->rule->everywhere;
	struct slice at;

	if (strv_has(&s->rule->except, f->path) || !strstr(f->text, call))
		return false;
	for (size_t from = 0; slice_next(f->text, from, &at); from = at.end)
		if (count_calls(f->text, at.body, at.end, call))
			add_stray(s, f, at.start, "in a header");
	add_outside(s, f);
	add_names(s, f);
	return false;
}

char *strays_of_rule(struct tree *t, const struct rule *r)
{
	struct strays s = { .rule = r };
	bool folders = false;
	char *found;

	for (size_t i = 0; i < t->n; i++)
		if (rule_looks_at(r, t->files[i].path)) {
			add_outside(&s, &t->files[i]);
			add_names(&s, &t->files[i]);
		}
	for (size_t i = 0; i < r->in.n; i++) {
		_free_ headers = xasprintf("%s/*.h", r->in.v[i]);

		if (strchr(r->in.v[i], '.'))
			continue;
		folders = true;
		tree_each(t, headers, add_header, &s);
	}
	if (folders)
		tree_each(t, "include/linux/*.h", add_header, &s);
	found = s.found.len ? xstrdup(s.found.s) : NULL;
	str_free(&s.found);
	return found;
}
