// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "rule.h"
#include "tree.h"

static int bad(const char *path, const char *what)
{
	return err("%s: the rule's header %s; see README, 'add a hook'", path, what);
}

static int add_place(struct rule *r, const char *value)
{
	struct place p = { .returns = -1 };
	char function[128], how[16] = "", junk;
	int n = sscanf(value, "%127s %d %15s %d %c", function, &p.wanted, how, &p.returns, &junk);

	p.always = !strcmp(how, n == 4 ? "after" : "always");
	if (n < 2 || n > 4 || p.wanted < 0 || (n > 2 && !p.always))
		return bad(r->path, "has a Place that is not 'FUNCTION COUNT', 'FUNCTION COUNT always' or 'FUNCTION COUNT after COUNT'");
	p.text = xstrdup(function);
	strv_split(&p.names, function, "|");
	r->places = xrealloc(r->places, (r->n + 1) * sizeof(*r->places));
	r->places[r->n++] = p;
	return 0;
}

static int add_left(struct rule *r, const char *value)
{
	struct left l = {0};
	int at = 0;
	const char *paren;

	if (sscanf(value, "%d %n", &l.allowed, &at) != 1 || !at || !(paren = strchr(value + at, '(')))
		return bad(r->path, "has a Left that is not 'COUNT CALL('");
	l.text = xstrndup(value + at, paren - value - at);
	l.args = xstrdup(paren + 1);
	strv_split(&l.names, l.text, "|");
	r->left = xrealloc(r->left, (r->n_left + 1) * sizeof(*r->left));
	r->left[r->n_left++] = l;
	return 0;
}

static struct callers *callers_of(struct rule *r, const char *names)
{
	for (size_t i = 0; i < r->n_callers; i++)
		if (!strcmp(r->callers[i].text, names))
			return &r->callers[i];
	r->callers = xrealloc(r->callers, (r->n_callers + 1) * sizeof(*r->callers));
	r->callers[r->n_callers] = (struct callers){ .text = xstrdup(names) };
	strv_split(&r->callers[r->n_callers].names, names, "|");
	return &r->callers[r->n_callers++];
}

static int add_callers(struct rule *r, const char *value)
{
	_free_ names = xstrndup(value, strcspn(value, " "));
	struct callers *c = callers_of(r, names);

	strv_split(&c->by, value + strlen(names), " ");
	return c->names.n && c->by.n ? 0 : bad(r->path, "has Callers that are not 'NAME FUNCTION...'");
}

static int add_text(const struct rule *r, struct strv *to, const char *value)
{
	const char *space = strchr(value, ' ');
	_free_ path = xstrndup(value, space ? space - value : 0);

	if (!space)
		return bad(r->path, "has a When that is not 'PATH TEXT'");
	strv_add(to, path);
	strv_add(to, space + 1);
	return 0;
}

static int add_when(struct rule *r, const char *value)
{
	return add_text(r, &r->when, value);
}

static int add_when_not(struct rule *r, const char *value)
{
	return add_text(r, &r->when_not, value);
}

static int set_plain(struct rule *r, const char *value)
{
	r->plain = !strcmp(value, "none");
	return r->plain ? 0 : bad(r->path, "has an Include that is not 'none'");
}

static int add_then(struct rule *r, const char *value)
{
	strv_split(&r->then, value, " ");
	return r->then.n % 2 ? bad(r->path, "has a Then that is not 'FUNCTION CALL'") : 0;
}

static int add_unless(struct rule *r, const char *value)
{
	strv_split(&r->unless, value, " ");
	return r->unless.n % 2 ? bad(r->path, "has an Unless that is not 'FUNCTION CALL'") : 0;
}

/* The keys of a header; a key's value is one text, words in a list, or taken by a function. */
static const struct key {
	const char *name;
	size_t text, words;		/* offset of the field; 0 is no field of these, the struct begins with the name */
	int (*take)(struct rule *r, const char *value);
} keys[] = {
	{ "In", .words = offsetof(struct rule, in) },
	{ "Place", .take = add_place },
	{ "Adds", .text = offsetof(struct rule, adds) },
	{ "Everywhere", .text = offsetof(struct rule, everywhere) },
	{ "Left", .take = add_left },
	{ "Callers", .take = add_callers },
	{ "Except", .words = offsetof(struct rule, except) },
	{ "Killed by", .words = offsetof(struct rule, killed_by) },
	{ "Config", .text = offsetof(struct rule, config) },
	{ "Unless", .take = add_unless },
	{ "Then", .take = add_then },
	{ "Unlike", .words = offsetof(struct rule, unlike) },
	{ "Include", .take = set_plain },
	{ "When", .take = add_when },
	{ "When not", .take = add_when_not },
	{ "Files", .words = offsetof(struct rule, files) },
	{ "Replace", .text = offsetof(struct rule, replace) },
	{ "By", .text = offsetof(struct rule, by) },
	{ "Seen", .words = offsetof(struct rule, seen) },
	{ "Not needed", .words = offsetof(struct rule, seen_without) },
};

static int set_text(struct rule *r, const struct key *k, const char *value)
{
	_free_ twice = xasprintf("has two lines '%s:'", k->name);
	char **field = (char **)((char *)r + k->text);

	if (*field)
		return bad(r->path, twice);
	*field = xstrdup(value);
	return 0;
}

static int set_key(struct rule *r, const struct key *k, const char *value)
{
	if (k->take)
		return k->take(r, value);
	if (k->text)
		return set_text(r, k, value);
	if (k->words)
		strv_split((struct strv *)((char *)r + k->words), value, " ");
	return 0;
}

/* A "Key: value" line of the header: 1 it was one, 0 it is prose, -1 after a message. */
static int take_key(struct rule *r, const char *line)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		size_t n = strlen(keys[i].name);

		if (starts_with(line, keys[i].name) && starts_with(line + n, ": "))
			return set_key(r, &keys[i], line + n + 2) ? -1 : 1;
	}
	return 0;
}

static int parse_header(struct rule *r, const char *text)
{
	const char *empty = strstr(text, "\n\n");	/* what is told behind an empty line is about the patch below it */
	_free_ header = xstrndup(text, empty ? (size_t)(empty - text) : strlen(text));
	_strv_ lines = {0};
	_str_ body = {0};

	strv_split(&lines, header, "\n");
	for (size_t i = 0; i < lines.n && starts_with(lines.v[i], "//"); i++) {
		const char *line = lines.v[i] + 2;
		int key;

		if (*line == ' ')
			line++;
		if (!r->subject) {
			r->subject = xstrdup(line);
			continue;
		}
		key = take_key(r, line);
		if (key < 0)
			return -1;
		if (!key)
			str_addf(&body, "%s\n", line);
	}
	r->body = xstrdup(str_trim(body.s ? body.s : (char[]){""}));
	return 0;
}

int rule_load(struct rule *r, const char *name, const char *path)
{
	_str_ text = {0};

	memset(r, 0, sizeof(*r));
	r->name = xstrdup(name);
	r->path = xstrdup(path);
	if (file_read(path, &text))
		return err("%s: no such rule; the series beside it names it", path);
	if (parse_header(r, str_get(&text)))
		return -1;
	r->textual = !strstr(str_get(&text), "\n@");
	if (!r->subject || !*r->subject)
		return bad(path, "has no subject");
	if (!r->replace != !r->by)
		return bad(path, "has a Replace without By, or By without Replace");
	if (r->files.n)
		return 0;
	if (!r->in.n)
		return bad(path, "has no line 'In: FOLDER...'");
	if (!r->n)
		return bad(path, "has no line 'Place: FUNCTION COUNT'");
	if (!r->adds)
		return bad(path, "has no line 'Adds: CALL'");
	return 0;
}

bool rule_looks_at(const struct rule *r, const char *path)
{
	return strv_has(&r->in, path) || in_folders(path, &r->in, &r->except);
}

void rule_free(struct rule *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->places[i].text);
		strv_free(&r->places[i].names);
	}
	for (size_t i = 0; i < r->n_callers; i++) {
		free(r->callers[i].text);
		strv_free(&r->callers[i].names);
		strv_free(&r->callers[i].by);
	}
	free(r->callers);
	for (size_t i = 0; i < r->n_left; i++) {
		free(r->left[i].text);
		free(r->left[i].args);
		strv_free(&r->left[i].names);
	}
	free(r->left);
	free(r->places);
	free(r->name);
	free(r->path);
	free(r->subject);
	free(r->body);
	free(r->adds);
	free(r->config);
	free(r->replace);
	free(r->by);
	free(r->everywhere);
	strv_free(&r->in);
	strv_free(&r->except);
	strv_free(&r->killed_by);
	strv_free(&r->unless);
	strv_free(&r->then);
	strv_free(&r->unlike);
	strv_free(&r->seen);
	strv_free(&r->seen_without);
	strv_free(&r->when);
	strv_free(&r->when_not);
	strv_free(&r->files);
}

int rules_load(const char *folder, struct rule **out, size_t *n)
{
	_free_ series = data_path("cocci/%s/series", folder);
	_str_ text = {0};
	_strv_ lines = {0};

	*out = NULL;
	*n = 0;
	/* There may be nothing to follow. */
	if (file_read(series, &text))
		return strcmp(folder, "hooks") ? 0 : err("%s is missing", series);
	strv_split(&lines, str_get(&text), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		char *name = str_trim(lines.v[i]);
		_free_ path = data_path("cocci/%s/%s.cocci", folder, name);
		_free_ full = xasprintf("%s/%s", folder, name);

		if (!*name || *name == '#')
			continue;
		*out = xrealloc(*out, (*n + 1) * sizeof(**out));
		if (rule_load(&(*out)[(*n)++], full, path)) {
			rules_free(*out, *n);
			*out = NULL;
			*n = 0;
			return -1;
		}
	}
	return 0;
}

void rules_free(struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rule_free(&rules[i]);
	free(rules);
}
