// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "placement.h"
#include "slice.h"

/* One call: in which function, as it is written, and behind which line of the base's file. */
struct call {
	char *function, *text;
	int line;
};

struct calls {
	struct call *v;
	size_t n;
};

static void calls_free(struct calls *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].function);
		free(c->v[i].text);
	}
	free(c->v);
}

/* The `which`th call in a function, NULL: there are not so many. */
static const struct call *call_in(const struct calls *c, const char *function, int which)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->v[i].function, function) && !which--)
			return &c->v[i];
	return NULL;
}

static int count_in(const struct calls *c, const char *function)
{
	int n = 0;

	while (call_in(c, function, n))
		n++;
	return n;
}

/* What a tree has otherwise than its base: struct git_diff_hunk, one a change. */
struct changes {
	git_diff_hunk *v;
	size_t n;
};

static int on_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *arg)
{
	struct changes *c = arg;

	c->v = xrealloc(c->v, (c->n + 1) * sizeof(*c->v));
	c->v[c->n++] = *hunk;
	return 0;
}

/* The line of the base behind which a line of the tree stands, if it is new, or which it is. */
static int line_in_base(const struct changes *c, int line)
{
	int shift = 0;

	for (size_t i = 0; i < c->n; i++) {
		const git_diff_hunk *h = &c->v[i];
		/* without a line, diff says the one before */
		int last = h->old_lines ? h->old_start + h->old_lines - 1 : h->old_start;

		if (line < h->new_start + !h->new_lines)
			break;
		if (line < h->new_start + h->new_lines)
			return last;
		shift += h->old_lines - h->new_lines;
	}
	return line + shift;
}

/* However it is broken into lines; caller frees. */
static char *on_one_line(const char *text, size_t len)
{
	_str_ out = {0};

	for (size_t i = 0; i < len; i++)
		if (!isspace((unsigned char)text[i]))
			str_addf(&out, "%c%s", text[i], text[i] == ',' ? " " : "");
	return xstrdup(str_get(&out));
}

static void add_call(struct calls *c, const struct slice *s, const char *text, const char *call, const struct changes *changes)
{
	size_t len = past_pair(strchr(call, '('), text + s->end) - call;

	c->v = xrealloc(c->v, (c->n + 1) * sizeof(*c->v));
	c->v[c->n++] = (struct call){
		.function = xstrdup(s->name), .text = on_one_line(call, len),
		.line = line_in_base(changes, line_of(text, call - text)),
	};
}

static void add_function(struct calls *c, const struct slice *s, const char *text, const char *name, const struct changes *changes)
{
	for (const char *p = text + s->body; (p = find_word(text, p, name)) && p < text + s->end; p++)
		if (p[strlen(name)] == '(' && !in_comment(text + s->body, p))
			add_call(c, s, text, p, changes);
}

static void add_file(struct calls *c, const char *base, const char *text, const char *name)
{
	git_diff_options options = { .version = GIT_DIFF_OPTIONS_VERSION };
	struct changes changes = {0};
	struct slice s;

	if (git_diff_buffers(base, strlen(base), NULL, text, strlen(text), NULL, &options, NULL, NULL, on_hunk, NULL, &changes))
		return;
	for (size_t at = 0; slice_next(text, at, &s); at = s.end)
		add_function(c, &s, text, name, &changes);
	free(changes.v);
}

static void find_calls(const struct placement *p, struct tree *t, const char *name, struct calls *c)
{
	for (size_t i = 0; i < p->paths->n; i++) {
		const char *path = p->paths->v[i];
		/* Our own files have the calls' definitions. */
		const struct file *f = strstr(path, "shpte") ? NULL : tree_file(t, path), *was;

		if (!f || !strstr(f->text, name))
			continue;
		was = tree_file(p->base, path);
		add_file(c, was ? was->text : "", f->text, name);
	}
}

static bool is_skipped(const struct derivation *now, const char *rule)
{
	for (size_t i = 0; i < now->n; i++)
		if (!strcmp(now->rules[i].name, rule))
			return now->rules[i].skipped;
	return false;
}

static bool is_place(const struct rule *r, const char *function)
{
	for (size_t i = 0; i < r->n; i++)
		if (strv_has(&r->places[i].names, function) || strv_has(&r->places[i].names, "*"))
			return true;
	return false;
}

/* The same number of them, each of them the same, in the same place? */
static char *differ_in(const char *name, const char *function, const struct calls *got, const struct calls *right)
{
	const struct call *a, *b;

	if (count_in(got, function) != count_in(right, function))
		return xasprintf("%s is in %s %d times, not %d", name, function, count_in(got, function), count_in(right, function));
	for (int i = 0; (a = call_in(got, function, i)) && (b = call_in(right, function, i)); i++) {
		if (strcmp(a->text, b->text))
			return xasprintf("%s calls %s, not %s", function, a->text, b->text);
		if (a->line != b->line)
			return xasprintf("%s is in %s behind line %d, not %d", name, function, a->line, b->line);
	}
	return NULL;
}

static char *differ(const struct rule *r, const struct calls *got, const struct calls *right)
{
	char *why = NULL;

	/* Of another rule's function with the same call it is that rule's matter. */
	for (size_t i = 0; i < right->n && !why; i++)
		if (is_place(r, right->v[i].function))
			why = differ_in(r->adds, right->v[i].function, got, right);
	for (size_t i = 0; i < got->n && !why; i++)
		if (is_place(r, got->v[i].function) && !count_in(right, got->v[i].function))
			why = xasprintf("%s is in %s, where it is not to be", r->adds, got->v[i].function);
	return why;
}

char *placement_compare(const struct placement *p, const struct derivation *now, const struct rule_fact *fact, const struct rule *rules,
			size_t n)
{
	_cleanup_(calls_free) struct calls a = {0}, b = {0};
	const struct rule *r = NULL;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(rules[i].name, fact->name))
			r = &rules[i];
	if (!r) {
		/* The payload: does it need to follow anything? */
		for (size_t i = 0; i < now->n; i++)
			if (starts_with(now->rules[i].name, "churn/") && !now->rules[i].skipped)
				return xasprintf("goes in, and does not build: %s", now->rules[i].subject);
		return NULL;
	}
	if (is_skipped(now, r->name))
		return xstrdup("this kernel does not need it");
	find_calls(p, p->got, r->adds, &a);
	find_calls(p, p->right, r->adds, &b);
	return differ(r, &a, &b);
}
