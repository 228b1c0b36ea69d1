// SPDX-License-Identifier: GPL-2.0
/* Configuration files in git-config syntax, read with libgit2. */
#include <errno.h>
#include <fnmatch.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "fs.h"
#include "log.h"

struct conf {
	git_config *cfg;
	char *path;
	bool bad;
};

static const char *reason(void)
{
	const git_error *e = git_error_last();

	return e && e->message ? e->message : "cannot be read";
}

/*
 * The line whose value a ';' or '#' would end, 0: none.  For git what follows is a comment; a reason that ends in its middle looks whole.
 * Comments have lines of their own here.
 */
static int find_cut(const char *p)
{
	bool quoted = false, begun = false, comment = false;
	int line = 1;

	for (; *p; p++) {
		if (*p == '\n') {
			line++;
			quoted = begun = comment = false;
		} else if (comment) {
			continue;
		} else if (*p == '\\' && p[1]) {
			/* also a newline, after which the value goes on */
			line += *++p == '\n';
		} else if (*p == '"') {
			quoted = !quoted;
		} else if ((*p == ';' || *p == '#') && !quoted) {
			if (begun)
				return line;
			comment = true;
		} else if (*p == '=') {
			begun = true;
		}
	}
	return 0;
}

int conf_open(struct conf **out, const char *path)
{
	_cleanup_(conf_close) struct conf *c = xcalloc(1, sizeof(*c));
	git_config *live = NULL;
	struct str text = {0};
	int ret, cut;

	*out = NULL;
	git_libgit2_init();
	c->path = xstrdup(path);
	/* libgit2 takes a file that is missing or a folder for an empty one. */
	ret = file_read(path, &text);
	cut = ret ? 0 : find_cut(str_get(&text));
	str_free(&text);
	if (ret)
		return err("%s: %s", path, strerror(-ret));
	if (cut)
		return err("%s:%d: the value ends at a ';' or '#', as if a comment began there; put it in double quotes", path, cut);
	ret = git_config_open_ondisk(&live, path);
	/* Strings of a snapshot live as long as it does. */
	if (!ret)
		ret = git_config_snapshot(&c->cfg, live);
	git_config_free(live);
	if (ret)
		return err("%s: %s", path, reason());
	*out = c;
	c = NULL;
	return 0;
}

void conf_close(struct conf **c)
{
	if (!*c)
		return;
	git_config_free((*c)->cfg);
	free((*c)->path);
	free(*c);
	*c = NULL;
	git_libgit2_shutdown();
}

const char *conf_get(struct conf *c, const char *key)
{
	const char *value;

	return git_config_get_string(&value, c->cfg, key) ? NULL : value;
}

static int add_value(const git_config_entry *e, void *out)
{
	strv_add(out, e->value ? e->value : "");
	return 0;
}

void conf_all(struct conf *c, const char *key, struct strv *out)
{
	git_config_get_multivar_foreach(c->cfg, key, NULL, add_value, out);
}

struct sections {
	const char *section;
	struct strv *out;
};

static int add_subsection(const git_config_entry *e, void *arg)
{
	const struct sections *s = arg;
	const char *first = strchr(e->name, '.'), *last = strrchr(e->name, '.');
	size_t n = strlen(s->section);
	_free_ sub = NULL;

	if (first == last || (size_t)(first - e->name) != n || strncasecmp(e->name, s->section, n))
		return 0;
	sub = xstrndup(first + 1, last - first - 1);
	if (!strv_has(s->out, sub))
		strv_add(s->out, sub);
	return 0;
}

void conf_subsections(struct conf *c, const char *section, struct strv *out)
{
	struct sections s = { section, out };

	git_config_foreach(c->cfg, add_subsection, &s);
}

bool conf_bad(const struct conf *c)
{
	return c->bad;
}

long conf_long(struct conf *c, const char *key, long otherwise)
{
	const char *value = conf_get(c, key);
	char *end;
	long v;

	if (!value)
		return otherwise;
	errno = 0;
	v = strtol(value, &end, 10);
	if (!errno && end != value && !*end)
		return v;
	err("%s: %s: '%s' is no number", c->path, key, value);
	c->bad = true;
	return otherwise;
}

bool conf_bool(struct conf *c, const char *key, bool otherwise)
{
	int v;

	if (!conf_get(c, key))
		return otherwise;
	if (!git_config_get_bool(&v, c->cfg, key))
		return v;
	err("%s: %s: '%s' is neither true nor false", c->path, key, conf_get(c, key));
	c->bad = true;
	return otherwise;
}

struct check {
	const char *const *known;
	const char *path;
};

static int check_key(const git_config_entry *e, void *arg)
{
	const struct check *k = arg;
	_str_ list = {0};

	for (size_t i = 0; k->known[i]; i++) {
		if (!fnmatch(k->known[i], e->name, FNM_CASEFOLD))
			return 0;
		str_addf(&list, "%s%s", i ? ", " : "", k->known[i]);
	}
	return err("%s: unknown key '%s'; known are %s", k->path, e->name, str_get(&list));
}

int conf_check_keys(struct conf *c, const char *const known[])
{
	struct check k = { known, c->path };

	return git_config_foreach(c->cfg, check_key, &k) ? -1 : 0;
}
