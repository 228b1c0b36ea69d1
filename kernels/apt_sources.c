// SPDX-License-Identifier: GPL-2.0
/* The machine's own apt sources, read to make from them those for one suite. */
#include <ctype.h>
#include <string.h>

#include "room.h"

/* One entry; of the fields that say where, the value, of all others the lines as they are. */
struct entry {
	char *uris, *suites, *components;
	struct str rest;
};

struct entries {
	struct entry *v;
	size_t n;
};

static void entries_free(struct entries *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free_charp(&l->v[i].uris);
		free_charp(&l->v[i].suites);
		free_charp(&l->v[i].components);
		str_free(&l->v[i].rest);
	}
	free_charp((char **)&l->v);
	l->n = 0;
}

static struct entry *entry_new(struct entries *l)
{
	l->v = xrealloc(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n] = (struct entry){0};
	return &l->v[l->n++];
}

static void entry_drop(struct entries *l)
{
	struct entries last = { xcalloc(1, sizeof(*last.v)), 1 };

	*last.v = l->v[--l->n];
	entries_free(&last);
}

static bool has_word(const char *words, const char *word)
{
	_strv_ l = {0};

	strv_split(&l, words ? words : "", " \t\n");
	return strv_has(&l, word);
}

/* "[arch=amd64,i386 signed-by=/x]" of the one-line format, as deb822 fields. */
static void add_options(struct entry *e, const char *options)
{
	static const char *const names[][2] = {
		{ "arch", "Architectures" }, { "lang", "Languages" }, { "target", "Targets" },
	};
	_strv_ l = {0};

	strv_split(&l, options, " \t");
	for (size_t i = 0; i < l.n; i++) {
		char *eq = strchr(l.v[i], '=');
		const char *name = l.v[i];

		if (!eq)
			continue;
		*eq = '\0';
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (!strcasecmp(name, names[k][0]))
				name = names[k][1];
		for (char *c = eq + 1; *c; c++)
			if (*c == ',')
				*c = ' ';
		str_addf(&e->rest, "%s: %s\n", name, eq + 1);
	}
}

static void read_list_line(struct entries *l, char *line)
{
	_strv_ words = {0};
	_str_ components = {0};
	struct entry *e;
	char *s, *end;

	line[strcspn(line, "#")] = '\0';
	s = str_trim(line);
	if (!starts_with(s, "deb") || !isspace((unsigned char)s[3]))
		return;
	s = str_trim(s + 3);
	end = s[0] == '[' ? strchr(s, ']') : NULL;
	if (s[0] == '[' && !end)
		return;
	strv_split(&words, end ? end + 1 : s, " \t");
	if (words.n < 2)
		return;
	e = entry_new(l);
	if (end) {
		*end = '\0';
		add_options(e, s + 1);
	}
	for (size_t i = 2; i < words.n; i++)
		str_addf(&components, "%s ", words.v[i]);
	e->uris = xstrdup(words.v[0]);
	e->suites = xstrdup(words.v[1]);
	e->components = xstrdup(str_get(&components));
}

static void read_list(struct entries *l, const char *text)
{
	_strv_ lines = {0};

	strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++)
		read_list_line(l, lines.v[i]);
}

/* One field, with its continuation lines; false when the entry is none for us. */
static bool add_field(struct entry *e, const char *field)
{
	const char *colon = strchr(field, ':');
	_free_ name = NULL, *copy = NULL;
	char **to = NULL;
	char *value;

	if (!colon)
		return true;
	name = xstrndup(field, colon - field);
	copy = xstrdup(colon + 1);
	value = str_trim(copy);
	if (!strcasecmp(name, "Types"))
		return has_word(value, "deb");
	if (!strcasecmp(name, "Enabled"))
		return !strchr("nNfF0", value[0]);
	if (!strcasecmp(name, "URIs"))
		to = &e->uris;
	else if (!strcasecmp(name, "Suites"))
		to = &e->suites;
	else if (!strcasecmp(name, "Components"))
		to = &e->components;
	if (!to) {
		str_addf(&e->rest, "%s\n", field);
		return true;
	}
	free_charp(to);
	*to = xstrdup(value);
	for (char *c = *to; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return true;
}

static void read_stanza(struct entries *l, const char *stanza)
{
	struct entry *e = entry_new(l);
	_strv_ lines = {0};
	_str_ field = {0};
	bool good = true;

	strv_split(&lines, stanza, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		if (lines.v[i][0] == '#')
			continue;
		if (!isspace((unsigned char)lines.v[i][0]) && field.len) {
			good = good && add_field(e, field.s);
			str_clear(&field);
		}
		str_addf(&field, "%s%s", field.len ? "\n" : "", lines.v[i]);
	}
	good = good && add_field(e, str_get(&field));
	if (!good || !e->uris || !e->suites)
		entry_drop(l);
}

static void read_deb822(struct entries *l, const char *text)
{
	_str_ stanza = {0};

	for (const char *s = text; *s;) {
		size_t n = strcspn(s, "\n");

		if (strspn(s, " \t\r") >= n) {
			if (stanza.len)
				read_stanza(l, stanza.s);
			str_clear(&stanza);
		} else {
			str_addn(&stanza, s, n);
			str_add(&stanza, "\n");
		}
		s += n + (s[n] == '\n');
	}
	if (stanza.len)
		read_stanza(l, stanza.s);
}

static void read_file(struct entries *l, const char *path)
{
	_str_ text = {0};

	if (file_read(path, &text))
		return;
	if (ends_with(path, ".sources"))
		read_deb822(l, str_get(&text));
	else
		read_list(l, str_get(&text));
}

/* Where apt itself would look. */
static int read_machine(struct entries *l)
{
	_strv_ lines = {0}, names = {0};
	_str_ out = {0};
	_run_ r = { .out = &out };
	int ret;

	run_args(&r, "apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d", NULL);
	ret = run_wait(&r);
	if (ret) {
		_free_ said = run_describe(&r, ret);

		return err("%s; sources deb: need Debian's apt", said);
	}
	strv_split(&lines, str_get(&out), "\n'");	/* LIST='...' */
	for (size_t i = 0; i + 1 < lines.n; i += 2) {
		if (starts_with(lines.v[i], "LIST=")) {
			read_file(l, lines.v[i + 1]);
			continue;
		}
		dir_list(lines.v[i + 1], NULL, &names);
		for (size_t k = 0; k < names.n; k++) {
			_free_ path = xasprintf("%s%s", lines.v[i + 1], names.v[k]);

			if (ends_with(path, ".list") || ends_with(path, ".sources"))
				read_file(l, path);
		}
	}
	return 0;
}

static void add_entry(struct str *out, const struct entry *e, const char *suite, const char *components)
{
	if (!components)
		components = e->components;
	str_addf(out, "Types: deb\nURIs: %s\nSuites: %s\n", e->uris, suite ? suite : e->suites);
	if (components && components[0])
		str_addf(out, "Components: %s\n", components);
	str_addf(out, "%s\n", str_get(&e->rest));
}

static bool is_security(const struct entry *e)
{
	return strstr(e->suites, "-security") || strstr(e->suites, "/updates");
}

/* An entry whose mirror has the wanted suite too, although it is not configured. */
static const struct entry *like(const struct entries *l, const char *suite)
{
	static const char *const main_suites[] = { "stable", "oldstable", "testing", "unstable", "sid" };
	bool security = ends_with(suite, "-security");
	_str_ os = {0};
	_free_ codename = NULL;
	const char *s;

	file_read("/etc/os-release", &os);
	s = strstr(str_get(&os), "VERSION_CODENAME=");
	if (s)
		codename = xstrndup(s + 17, strcspn(s + 17, "\n"));
	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->v[i];

		if (!has_word(e->components, "main") || is_security(e) != security)
			continue;
		if (security || (codename && has_word(e->suites, codename)))
			return e;
		for (size_t k = 0; k < sizeof(main_suites) / sizeof(main_suites[0]); k++)
			if (has_word(e->suites, main_suites[k]))
				return e;
	}
	return NULL;
}

int apt_sources(const char *suite, struct str *out)
{
	_cleanup_(entries_free) struct entries l = {0};
	const struct entry *e;

	if (read_machine(&l))
		return -1;
	for (size_t i = 0; i < l.n; i++)
		if (!suite || has_word(l.v[i].suites, suite))
			add_entry(out, &l.v[i], suite, NULL);
	if (out->len)
		return 0;
	e = suite ? like(&l, suite) : NULL;
	if (!e)
		return err("apt has no Debian mirror for suite %s: add it to this machine's apt sources",
			   suite ? suite : "(any)");
	add_entry(out, e, suite, "main");
	return 0;
}
