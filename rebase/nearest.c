// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "blank.h"
#include "candidates.h"
#include "likeness.h"
#include "nearest.h"
#include "slice.h"

#define SHOWN 3
#define ALIKE 0.5

struct near {
	char *name, *path;
	double alike;
};

struct search {
	const char *name;
	char *key;			/* its longest word, which is looked for first: most names have nothing of it */
	bool called;
	struct near best[SHOWN];
};

static char *longest_word(const char *name)
{
	_strv_ words = {0};
	const char *best = name;
	size_t most = 0;

	strv_split(&words, name, "_");
	for (size_t i = 0; i < words.n; i++)
		if (strlen(words.v[i]) > most) {
			best = words.v[i];
			most = strlen(best);
		}
	return xstrdup(best);
}

static bool is_kept(const struct search *s, const char *name)
{
	for (size_t i = 0; i < SHOWN && s->best[i].name; i++)
		if (!strcmp(s->best[i].name, name))
			return true;
	return false;
}

/* The best ones, best first. */
static void keep(struct search *s, const char *name, const char *path, double alike)
{
	size_t i = SHOWN - 1;

	free(s->best[i].name);
	free(s->best[i].path);
	for (; i && alike > s->best[i - 1].alike; i--)
		s->best[i] = s->best[i - 1];
	s->best[i] = (struct near){ xstrdup(name), xstrdup(path), alike };
}

static void consider(struct search *s, const char *path, const char *word, size_t len)
{
	_free_ name = xstrndup(word, len);
	double alike = strstr(name, s->key) && strcmp(name, s->name) ? names_alike(s->name, name) : 0;

	if (alike >= ALIKE && alike > s->best[SHOWN - 1].alike && !is_kept(s, name))
		keep(s, name, path, alike);
}

static bool look_at(const struct file *f, void *arg)
{
	struct search *s = arg;
	_free_ text = NULL;
	size_t len;

	if (!is_code(f->path) || !strstr(f->text, s->key))
		return false;
	text = xstrdup(f->text);
	blank(text);
	for (const char *w = text; (w = next_word(w, &len)); w += len)
		if ((w[len] == '(') == s->called && is_declared(text, w))
			consider(s, f->path, w, len);
	return false;
}

char *nearest(struct tree *t, const char *name, bool called)
{
	struct search s = { .name = name, .key = longest_word(name), .called = called };
	_str_ out = {0};

	tree_each(t, "include/linux/", look_at, &s);
	tree_each(t, "mm/*.h", look_at, &s);
	for (size_t i = 0; i < SHOWN; i++) {
		if (s.best[i].name)
			str_addf(&out, "%s%s%s in %s", i ? ", " : "; names like it: ", s.best[i].name, called ? "()" : "", s.best[i].path);
		free(s.best[i].name);
		free(s.best[i].path);
	}
	add_history(t, name, "it", "include/linux", &out);
	free(s.key);
	return xstrdup(str_get(&out));
}
