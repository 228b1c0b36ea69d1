// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "placement.h"
#include "slice.h"

/* How often each function makes a call. */
struct counts {
	struct strv functions;
	int *n;
};

static void counts_free(struct counts *c)
{
	strv_free(&c->functions);
	free(c->n);
}

static int count_of(const struct counts *c, const char *function)
{
	for (size_t i = 0; i < c->functions.n; i++)
		if (!strcmp(c->functions.v[i], function))
			return c->n[i];
	return 0;
}

static void add_file(struct counts *c, const char *text, const char *call)
{
	struct slice s;

	for (size_t at = 0; slice_next(text, at, &s); at = s.end) {
		int n = count_calls(text, s.body, s.end, call);

		if (!n)
			continue;
		c->n = xrealloc(c->n, (c->functions.n + 1) * sizeof(*c->n));
		c->n[c->functions.n] = n;
		strv_add(&c->functions, s.name);
	}
}

static void count_all(git_repository *repo, const git_oid *commit, const struct strv *paths, const char *call, struct counts *c)
{
	git_commit *at = NULL;
	git_tree *tree = NULL;

	if (!git_commit_lookup(&at, repo, commit) && !git_commit_tree(&tree, at)) {
		for (size_t i = 0; i < paths->n; i++) {
			git_tree_entry *e = NULL;
			git_blob *blob = NULL;
			_free_ text = NULL;

			/* Our own files have the calls' definitions. */
			if (strstr(paths->v[i], "shpte") || git_tree_entry_bypath(&e, tree, paths->v[i]))
				continue;
			if (!git_blob_lookup(&blob, repo, git_tree_entry_id(e)))
				text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
			if (text)
				add_file(c, text, call);
			git_blob_free(blob);
			git_tree_entry_free(e);
		}
	}
	git_tree_free(tree);
	git_commit_free(at);
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

static char *differ(const struct rule *r, const struct counts *got, const struct counts *right)
{
	/* Of another rule's function with the same call it is that rule's matter. */
	for (size_t i = 0; i < right->functions.n; i++) {
		const char *f = right->functions.v[i];

		if (is_place(r, f) && count_of(got, f) != right->n[i])
			return xasprintf("%s is in %s %d times, not %d", r->adds, f, count_of(got, f), right->n[i]);
	}
	for (size_t i = 0; i < got->functions.n; i++)
		if (is_place(r, got->functions.v[i]) && !count_of(right, got->functions.v[i]))
			return xasprintf("%s is in %s, where it is not to be", r->adds, got->functions.v[i]);
	return NULL;
}

char *placement_compare(git_repository *repo, const struct strv *paths, const git_oid *got, const git_oid *right,
			const struct derivation *now, const struct rule_fact *fact, const struct rule *rules, size_t n)
{
	_cleanup_(counts_free) struct counts a = {0}, b = {0};
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
	count_all(repo, got, paths, r->adds, &a);
	count_all(repo, right, paths, r->adds, &b);
	return differ(r, &a, &b);
}
