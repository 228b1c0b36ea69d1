// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "rule.h"

static int bad(const char *path, const char *what)
{
	return err("%s: the rule's header %s; see README, 'add a hook'", path, what);
}

static int add_place(struct rule *r, const char *value)
{
	char function[128];
	int wanted;
	char junk;

	if (sscanf(value, "%127s %d %c", function, &wanted, &junk) != 2 || wanted < 0)
		return bad(r->path, "has a Place that is not 'FUNCTION COUNT'");
	r->places = xrealloc(r->places, (r->n + 1) * sizeof(*r->places));
	r->places[r->n] = (struct place){ .text = xstrdup(function), .wanted = wanted };
	strv_split(&r->places[r->n++].names, function, "|");
	return 0;
}

static int add_when(struct rule *r, const char *value)
{
	const char *space = strchr(value, ' ');
	_free_ path = xstrndup(value, space ? space - value : 0);

	if (!space)
		return bad(r->path, "has a When that is not 'PATH TEXT'");
	strv_add(&r->when, path);
	strv_add(&r->when, space + 1);
	return 0;
}

static int set_once(struct rule *r, char **field, const char *value, const char *again)
{
	if (*field)
		return bad(r->path, again);
	*field = xstrdup(value);
	return 0;
}

/* A "Key: value" line of the header: 1 it was one, 0 it is prose, -1 after a message. */
static int take_key(struct rule *r, const char *line)
{
	static const char *const keys[] = { "In: ", "Place: ", "Adds: ", "Everywhere: ", "Except: ", "Killed by: ",
					     "Config: ", "Only: ", "Unless: ", "Include: ", "When: ", "Files: ", "Replace: ", "By: ",
					     "Seen: " };
	const size_t n = sizeof(keys) / sizeof(*keys);
	const char *value;
	size_t k;

	for (k = 0; k < n; k++)
		if (starts_with(line, keys[k]))
			break;
	if (k == n)
		return 0;
	value = line + strlen(keys[k]);
	switch (k) {
	case 0:
		strv_split(&r->in, value, " ");
		return 1;
	case 1:
		return add_place(r, value) ? -1 : 1;
	case 2:
		return set_once(r, &r->adds, value, "has two lines 'Adds:'") ? -1 : 1;
	case 3:
		return set_once(r, &r->everywhere, value, "has two lines 'Everywhere:'") ? -1 : 1;
	case 4:
		strv_split(&r->except, value, " ");
		return 1;
	case 5:
		strv_split(&r->killed_by, value, " ");
		return 1;
	case 6:
		return set_once(r, &r->config, value, "has two lines 'Config:'") ? -1 : 1;
	case 7:
		return set_once(r, &r->only, value, "has two lines 'Only:'") ? -1 : 1;
	case 8:
		strv_split(&r->unless, value, " ");
		return r->unless.n % 2 == 0 ? 1 : bad(r->path, "has an Unless that is not 'FUNCTION CALL'");
	case 9:
		r->plain = !strcmp(value, "none");
		return r->plain ? 1 : bad(r->path, "has an Include that is not 'none'");
	case 10:
		return add_when(r, value) ? -1 : 1;
	case 11:
		strv_split(&r->files, value, " ");
		return 1;
	case 12:
		return set_once(r, &r->replace, value, "has two lines 'Replace:'") ? -1 : 1;
	case 13:
		return set_once(r, &r->by, value, "has two lines 'By:'") ? -1 : 1;
	}
	return 1;	/* Seen: is for people */
}

static int parse_header(struct rule *r, const char *text)
{
	_strv_ lines = {0};
	_str_ body = {0};

	strv_split(&lines, text, "\n");
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

void rule_free(struct rule *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->places[i].text);
		strv_free(&r->places[i].names);
	}
	free(r->places);
	free(r->name);
	free(r->path);
	free(r->subject);
	free(r->body);
	free(r->adds);
	free(r->config);
	free(r->only);
	free(r->replace);
	free(r->by);
	free(r->everywhere);
	strv_free(&r->in);
	strv_free(&r->except);
	strv_free(&r->killed_by);
	strv_free(&r->unless);
	strv_free(&r->when);
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
		return strcmp(folder, "churn") ? err("%s is missing", series) : 0;
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
