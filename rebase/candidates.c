// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../kernels/kernels.h"
#include "../lib/log.h"
#include "candidates.h"
#include "likeness.h"
#include "slice.h"

#define SHOWN 3
#define ALIKE 0.25			/* less is chance: functions of mm share a third of their words at most */
#define NAME 0.2			/* what the names count beside the bodies */

/* The words of a function in a file; false: it is not there. */
static bool words_in(const char *text, const char *function, struct words *out)
{
	struct slice s;
	bool found = slice_find(text, 0, function, &s);

	if (found)
		words_of(text + s.start, s.end - s.start, out);
	return found;
}

static bool find_function(struct tree *t, const struct rule *r, const char *function, struct words *words)
{
	for (size_t i = 0; i < r->in.n; i++)
		if (!ends_with(r->in.v[i], ".h") && (!tree_has_path(t, r->in.v[i]) || tree_folder(t, r->in.v[i])))
			return false;
	for (size_t i = 0; i < t->n; i++)
		if (words_in(t->files[i].text, function, words))
			return true;
	return false;
}

/* The words of a function as it was: of each base of the store that has it, and has it otherwise than the ones before. */
struct past_words {
	struct words *v;
	size_t n;
};

static bool is_known(const struct past_words *all, const struct words *words)
{
	for (size_t i = 0; i < all->n; i++)
		if (likeness(&all->v[i], words) == 1)
			return true;
	return false;
}

static void find_before(git_repository *repo, const struct rule *r, const char *function, struct past_words *all)
{
	git_reference_iterator *refs = NULL;
	const char *name;

	if (git_reference_iterator_glob_new(&refs, repo, "refs/heads/base/*"))
		return;
	while (!git_reference_next_name(&name, refs)) {
		_words_ words = {0};
		struct tree t = {0};
		git_oid id;

		if (!git_reference_name_to_id(&id, repo, name) && !tree_open(&t, repo, &id) &&
		    find_function(&t, r, function, &words) && !is_known(all, &words)) {
			all->v = xrealloc(all->v, (all->n + 1) * sizeof(*all->v));
			all->v[all->n++] = words;
			words = (struct words){0};
		}
		tree_close(&t);
	}
	git_reference_iterator_free(refs);
}

/* Of the bases it is like the one that is nearest to this tree. */
static double alike_most(const struct past_words *all, const struct words *words)
{
	double most = 0;

	for (size_t i = 0; i < all->n; i++) {
		double one = likeness(&all->v[i], words);

		most = one > most ? one : most;
	}
	return most;
}

struct candidate {
	const struct file *file;
	struct slice at;
	double alike;			/* the bodies */
	double score;			/* and with the names */
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

void add_history(struct tree *t, const char *text, const char *what, const char *folder, struct str *out)
{
	_free_ commit = t->version ? kernel_history(t->repo, t->version, text, folder) : xstrdup("");

	if (*commit)
		str_addf(out, "; the last commit that added or removed %s is %s", what, commit);
}

static void add_alike(struct tree *t, const char *function, const struct past_words *before, struct str *out)
{
	struct candidate best[SHOWN] = {0}, c;

	for (size_t i = 0; i < t->n; i++) {
		c.file = &t->files[i];
		/* our own files */
		if (strstr(c.file->path, "shpte"))
			continue;
		for (size_t at = 0; slice_next(c.file->text, at, &c.at); at = c.at.end) {
			_words_ words = {0};

			words_of(c.file->text + c.at.start, c.at.end - c.at.start, &words);
			c.alike = alike_most(before, &words);
			c.score = c.alike + NAME * names_alike(function, c.at.name);
			if (c.score > ALIKE)
				consider(best, &c);
		}
	}
	for (size_t i = 0; i < SHOWN && best[i].file; i++)
		str_addf(out, "%s%s:%d %s (%.0f %% alike)", i ? ", " : "; its code may be in ", best[i].file->path,
			 line_of(best[i].file->text, best[i].at.start), best[i].at.name,
			 best[i].alike * 100);
}

char *candidates(struct tree *t, const struct rule *r, const char *function)
{
	_free_ call = xasprintf("%s(", function), *whole = xasprintf("%s()", function);
	struct past_words before = {0};
	_str_ out = {0};

	find_before(t->repo, r, function, &before);
	if (before.n)
		add_alike(t, function, &before, &out);
	for (size_t i = 0; i < before.n; i++)
		words_free(&before.v[i]);
	free(before.v);
	add_history(t, call, whole, r->in.v[0], &out);
	return xstrdup(str_get(&out));
}

/* A file as another base has it, and how far the function is from what it is now. */
struct past {
	char *text;
	double alike;
};

/* Looks at one more base; keeps the nearest one in which the function has words that it lost. */
static void look_back(git_repository *repo, const char *ref, const char *path, const char *function, const struct words *now,
		      struct past *best)
{
	const struct file *f;
	_words_ then = {0}, lost = {0};
	struct tree t = {0};
	git_oid id;
	double alike;

	if (git_reference_name_to_id(&id, repo, ref) || tree_open(&t, repo, &id))
		return;
	f = tree_file(&t, path);
	if (f)
		words_in(f->text, function, &then);
	words_less(&then, now, &lost);
	alike = likeness(now, &then);
	if (lost.n && alike > best->alike) {
		free(best->text);
		*best = (struct past){ xstrdup(f->text), alike };
	}
	tree_close(&t);
}

static void find_past(git_repository *repo, const char *path, const char *function, const struct words *now, struct past *best)
{
	git_reference_iterator *refs = NULL;
	const char *ref;

	if (git_reference_iterator_glob_new(&refs, repo, "refs/heads/base/*"))
		return;
	while (!git_reference_next_name(&ref, refs))
		look_back(repo, ref, path, function, now, best);
	git_reference_iterator_free(refs);
}

/* The new function of the file that has most of the words, at least half of them; false: there is none. */
static bool new_home(const char *text, const char *past, const struct words *lost, struct slice *best)
{
	struct slice s, old;
	size_t most = (lost->n + 1) / 2;
	bool found = false;

	for (size_t from = 0; lost->n && slice_next(text, from, &s); from = s.end) {
		_words_ words = {0};
		size_t n;

		if (slice_find(past, 0, s.name, &old))
			continue;
		words_of(text + s.start, s.end - s.start, &words);
		n = words_both(&words, lost);
		if (n >= most) {
			most = n + 1;
			*best = s;
			found = true;
		}
	}
	return found;
}

char *split_off(struct tree *t, const char *path, const char *function)
{
	const struct file *f = tree_file(t, path);
	_words_ now = {0}, then = {0}, lost = {0};
	struct past past = {0};
	struct slice home;
	char *found = NULL;

	if (f)
		words_in(f->text, function, &now);
	find_past(t->repo, path, function, &now, &past);
	if (past.text)
		words_in(past.text, function, &then);
	words_less(&then, &now, &lost);
	if (past.text && new_home(f->text, past.text, &lost, &home))
		found = xasprintf("; what it lost is in %s:%d %s, which is new", path, line_of(f->text, home.start), home.name);
	free(past.text);
	return found ? found : xstrdup("");
}
