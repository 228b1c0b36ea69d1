// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../kernels/kernels.h"
#include "../lib/log.h"
#include "candidates.h"
#include "slice.h"

#define SHOWN 3
#define ALIKE 0.25			/* less is chance: functions of mm share a third of their words at most */

/* The different words of a text, sorted. */
static void words_of(const char *s, struct strv *out)
{
	_strv_ all = {0};

	while (*s) {
		size_t n = 0;

		while (is_word(s[n]))
			n++;
		if (n > 2) {
			_free_ word = xstrndup(s, n);

			strv_add(&all, word);
		}
		s += n ? n : 1;
	}
	strv_sort(&all);
	for (size_t i = 0; i < all.n; i++)
		if (!out->n || strcmp(out->v[out->n - 1], all.v[i]))
			strv_add(out, all.v[i]);
}

/* Of the words of both, how many both have. */
static double likeness(const struct strv *a, const struct strv *b)
{
	size_t i = 0, k = 0, both = 0;

	while (i < a->n && k < b->n) {
		int order = strcmp(a->v[i], b->v[k]);

		both += !order;
		i += order <= 0;
		k += order >= 0;
	}
	return a->n + b->n ? (double)both / (a->n + b->n - both) : 0;
}

/* One name with a word before or after is a good sign. */
static double name_bonus(const char *a, const char *b)
{
	return strstr(a, b) || strstr(b, a) ? 0.2 : 0;
}

static bool find_function(struct tree *t, const struct rule *r, const char *function, struct strv *words)
{
	struct slice s;

	for (size_t i = 0; i < r->in.n; i++)
		if (!ends_with(r->in.v[i], ".h") && tree_folder(t, r->in.v[i]))
			return false;
	for (size_t i = 0; i < t->n; i++) {
		const char *text = t->files[i].text;

		if (slice_find(text, 0, function, &s)) {
			_free_ body = xstrndup(text + s.start, s.end - s.start);

			words_of(body, words);
			return true;
		}
	}
	return false;
}

/* The function as any base of the store has it. */
static bool find_before(git_repository *repo, const struct rule *r, const char *function, struct strv *words)
{
	git_reference_iterator *refs = NULL;
	const char *name;
	bool found = false;

	if (git_reference_iterator_glob_new(&refs, repo, "refs/heads/base/*"))
		return false;
	while (!found && !git_reference_next_name(&name, refs)) {
		struct tree t = {0};
		git_oid id;

		if (!git_reference_name_to_id(&id, repo, name) && !tree_open(&t, repo, &id))
			found = find_function(&t, r, function, words);
		tree_close(&t);
	}
	git_reference_iterator_free(refs);
	return found;
}

struct candidate {
	const struct file *file;
	struct slice at;
	double score;
};

/* Keeps the best ones, best first. */
static void consider(struct candidate best[SHOWN], const struct candidate *c)
{
	size_t i = SHOWN;

	while (i && c->score > best[i - 1].score) {
		if (i < SHOWN)
			best[i] = best[i - 1];
		i--;
	}
	if (i < SHOWN)
		best[i] = *c;
}

/* Who removed or renamed it, as far as that is known. */
static void add_history(struct tree *t, const struct rule *r, const char *function, struct str *out)
{
	_free_ call = xasprintf("%s(", function);
	_free_ commit = t->version ? kernel_history(t->repo, t->version, call, r->in.v[0]) : xstrdup("");

	if (*commit)
		str_addf(out, "; the last commit that added or removed %s) is %s", call, commit);
}

static void add_alike(struct tree *t, const char *function, const struct strv *before, struct str *out)
{
	struct candidate best[SHOWN] = {0}, c;

	for (size_t i = 0; i < t->n; i++) {
		c.file = &t->files[i];
		for (size_t at = 0; slice_next(c.file->text, at, &c.at); at = c.at.end) {
			_free_ body = xstrndup(c.file->text + c.at.start, c.at.end - c.at.start);
			_strv_ words = {0};

			words_of(body, &words);
			c.score = likeness(before, &words) + name_bonus(function, c.at.name);
			if (c.score > ALIKE)
				consider(best, &c);
		}
	}
	for (size_t i = 0; i < SHOWN && best[i].file; i++)
		str_addf(out, "%s%s:%d %s (%.0f %% alike)", i ? ", " : "; its code may be in ", best[i].file->path,
			 line_of(best[i].file->text, best[i].at.start), best[i].at.name,
			 best[i].score > 1 ? 100 : best[i].score * 100);
}

char *candidates(struct tree *t, const struct rule *r, const char *function)
{
	_strv_ before = {0};
	_str_ out = {0};

	if (find_before(t->repo, r, function, &before))
		add_alike(t, function, &before, &out);
	add_history(t, r, function, &out);
	return xstrdup(str_get(&out));
}
