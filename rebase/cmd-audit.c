// SPDX-License-Identifier: GPL-2.0
/* shpte audit KERNEL: who writes or reads page-table entries, and has a maintainer read it? */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/json.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "audit.h"
#include "diff.h"
#include "rebase.h"

static const char *because, *source;
static struct strv accepted;
static bool all_of_them, no_diff, as_json;

const struct opt opts_audit[] = {
	{ "accept", "FUNCTION", "write down that it was read, as it is in this kernel; may be there more than once", OPT_LIST, &accepted },
	{ "because", "TEXT", "with --accept: why it is safe, or which hook covers it; the same for all of them", OPT_STR, &because },
	{ "all", NULL, "also those that were read", OPT_FLAG, &all_of_them },
	{ "no-diff", NULL, "not what changed since they were read", OPT_FLAG, &no_diff },
	{ "json", NULL, "all of them as JSON, with their fingerprints", OPT_FLAG, &as_json },
	{ "source", "dir:PATH", "audit this tree instead, which the store need not know", OPT_STR, &source },
	OPT_KERNELS,
	{ 0 }
};

static void join(struct str *b, const struct strv *l)
{
	for (size_t i = 0; i < l->n; i++)
		str_addf(b, "%s%s", i ? ", " : "", l->v[i]);
}

static void tell(const char *what, const struct writer *w, const char *more)
{
	_str_ does = {0}, calls = {0};

	join(&does, &w->does);
	join(&calls, &w->calls);
	/* "SYSCALL_DEFINE3(mprotect)" and "(no function)" have their parentheses */
	say("%-8s %s:%d %s%s  %s: %s%s%s", what, w->path, w->line, w->name, strchr(w->name, '(') ? "" : "()", str_get(&does), str_get(&calls),
	    w->unread ? "; spatch can't read it" : "", more);
}

/* The versions that functions were read in, each opened once. */
struct then {
	git_repository *repo;
	struct strv versions;
	struct tree *trees;		/* one a version; those that the store has not are zero */
};

static void then_free(struct then *t)
{
	for (size_t i = 0; i < t->versions.n; i++)
		tree_close(&t->trees[i]);
	free(t->trees);
	strv_free(&t->versions);
}

/* NULL: the store has it no more. */
static struct tree *tree_of_then(struct then *t, const char *version)
{
	_free_ ref = xasprintf("refs/heads/base/%s", version);
	struct tree *tree;
	git_oid id;
	size_t i;

	for (i = 0; i < t->versions.n && strcmp(t->versions.v[i], version); i++)
		;
	if (i == t->versions.n) {
		strv_add(&t->versions, version);
		t->trees = xrealloc(t->trees, t->versions.n * sizeof(*t->trees));
		t->trees[i] = (struct tree){0};
		if (!git_reference_name_to_id(&id, t->repo, ref))
			tree_open(&t->trees[i], t->repo, &id);
	}
	tree = &t->trees[i];
	return tree->base ? tree : NULL;
}

/* The function as it was in the newest version that was read and is in the store; NULL: in none. Caller frees. */
static char *text_of_then(struct then *t, const struct review *r, const struct writer *w, const char **version)
{
	for (size_t i = r->seen.n; i--;) {
		struct tree *tree;
		char *text;

		*version = strchr(r->seen.v[i], ' ');
		tree = *version ? tree_of_then(t, ++*version) : NULL;
		text = tree ? writers_text(tree, w->path, w->name) : NULL;
		if (text)
			return text;
	}
	return NULL;
}

static void show_diff(struct then *t, const struct review *r, const struct writer *w)
{
	const char *version;
	_free_ then = text_of_then(t, r, w, &version);
	_free_ diff = then ? diff_texts(then, w->text) : NULL;
	_strv_ lines = {0};

	if (!then)
		return;
	say("         since %s:", version);
	strv_split(&lines, diff, "\n");
	for (size_t i = 0; i < lines.n; i++)
		say("         %s", lines.v[i]);
}

struct tally {
	size_t reviewed, fresh, changed, gone;
};

static void tell_gone(const struct reviews *reviews, const struct writers *all, struct tally *t)
{
	for (size_t i = 0; i < reviews->n; i++) {
		const struct review *r = &reviews->v[i];

		if (!review_is_gone(r, all))
			continue;
		t->gone++;
		if (all_of_them)
			say("absent   %s()  was read in %s", r->function,
			    r->seen.n ? strchr(r->seen.v[r->seen.n - 1], ' ') + 1 : "no version");
	}
}

static void tell_one(struct then *then, const struct reviews *reviews, const struct writers *all, const struct writer *w, struct tally *t)
{
	const struct review *r = reviews_of(reviews, all, w);

	if (!r) {
		t->fresh++;
		tell("new", w, "");
	} else if (!review_covers(r, w->print)) {
		_free_ said = xasprintf("; then %s: %s", r->verdict, r->because);

		t->changed++;
		tell("changed", w, said);
		if (!no_diff)
			show_diff(then, r, w);
	} else {
		_free_ said = xasprintf("; %s: %s", r->verdict, r->because);

		t->reviewed++;
		if (all_of_them)
			tell("read", w, said);
	}
}

static int print_json(const struct writers *all, const struct reviews *reviews)
{
	json_t *j = audit_json(all, reviews), *f;
	char *text = json_dumps(j, JSON_INDENT(1));
	bool unread = false;
	size_t i;

	json_array_foreach(j, i, f)
		unread |= strcmp(json_text(f, "status"), "read");
	say_text(text);
	say_text("\n");
	free(text);
	json_decref(j);
	return unread ? 1 : 0;
}

static int report(git_repository *repo, const char *version, const struct writers *all)
{
	_cleanup_(reviews_free) struct reviews reviews = {0};
	_cleanup_(then_free) struct then then = { .repo = repo };
	struct tally t = {0};

	if (reviews_load(&reviews))
		return -1;
	if (as_json)
		return print_json(all, &reviews);
	for (size_t i = 0; i < all->n; i++)
		tell_one(&then, &reviews, all, &all->v[i], &t);
	tell_gone(&reviews, all, &t);
	say("%s: %zu functions write, move, keep or read page-table entries: %zu read, %zu new, %zu changed; %zu that were read elsewhere are not in this tree",
	    version, all->n, t.reviewed, t.fresh, t.changed, t.gone);
	return t.fresh || t.changed ? 1 : 0;
}

static bool is_listed(const struct writers *all, const char *function)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->v[i].name, function))
			return true;
	return false;
}

/* Functions of one name may be more than one, in several files, or under #ifdef. */
static int accept_one(const char *version, const struct writers *all, const char *function)
{
	for (size_t i = 0; i < all->n; i++) {
		int ret;

		if (strcmp(all->v[i].name, function))
			continue;
		ret = review_accept(&all->v[i], version, because);
		if (ret)
			return ret;
		say("%s:%d %s() is read as of %s", all->v[i].path, all->v[i].line, function, version);
	}
	return 0;
}

/* To read the tree takes longer than all else, so several are accepted at once; none, where one of them is not on the list. */
static int accept(const char *version, const struct writers *all)
{
	int ret = 0;

	for (size_t i = 0; i < accepted.n; i++)
		if (!is_listed(all, accepted.v[i]))
			return usage("no function %s of %s is on the list; 'shpte audit --all' has it", accepted.v[i], version);
	for (size_t i = 0; i < accepted.n && !ret; i++)
		ret = accept_one(version, all, accepted.v[i]);
	return ret;
}

static int audit(const char *version)
{
	_free_ ref = xasprintf("refs/heads/base/%s", version);
	git_repository *repo = NULL;
	struct writers all = {0};
	struct tree t = {0};
	git_oid id;
	int ret;

	if (store_open(&repo))
		return -1;
	ret = git_reference_name_to_id(&id, repo, ref) ? err("the store has no base/%s; run 'shpte fetch' first", version) :
							  tree_open(&t, repo, &id);
	step_begin("audit", "audit %s", version);
	if (!ret)
		ret = writers_find(&t, &all);
	step_end(!ret, ret ? "" : "%zu functions", all.n);
	if (!ret)
		ret = accepted.n ? accept(version, &all) : report(repo, version, &all);
	writers_free(&all);
	tree_close(&t);
	git_repository_free(repo);
	return ret;
}

int cmd_audit(struct strv *args)
{
	struct line line = {0};
	char *version = NULL;
	int ret;

	if (!source == !args->n)
		return usage("audit needs a KERNEL or --source dir:PATH, and not both; see 'shpte audit --help'");
	if (because && !accepted.n)
		return usage("--because belongs to --accept FUNCTION");
	ret = source ? line_of_source(&line, source) : line_load(&line, args->v[0]);
	if (!ret)
		ret = kernel_fetch(&line, source != NULL, &version);
	if (!ret)
		ret = audit(version);
	free(version);
	line_free(&line);
	return ret;
}
