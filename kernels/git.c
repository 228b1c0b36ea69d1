// SPDX-License-Identifier: GPL-2.0
/* A branch, tag or commit of a git repository. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

struct remote {
	char *url, *ref;
	char *commit;			/* hex */
	char *full;			/* "refs/heads/master", or the commit */
};

static void remote_free(struct remote *r)
{
	free(r->url);
	free(r->ref);
	free(r->commit);
	free(r->full);
	*r = (struct remote){0};
}

static void remote_of(const struct line *l, struct remote *r)
{
	const char *where = source_where(l), *hash = strrchr(where, '#');

	*r = (struct remote){ .url = xstrndup(where, hash - where), .ref = xstrdup(hash + 1) };
}

static int git_fail_net(const struct remote *r, const struct run *run, int status, const char *why)
{
	_free_ said = run_describe(run, status);
	_strv_ lines = {0};
	const char *line;
	size_t i = 0;

	/* git's own word is on the first line that begins with fatal; before it come hints of ssh and others, after it advice. */
	strv_split(&lines, why, "\n");
	while (i < lines.n && !starts_with(lines.v[i], "fatal:"))
		i++;
	line = i < lines.n ? lines.v[i] : lines.n ? lines.v[0] : "no reason given";
	if (status < 0)
		return err("%s: %s", r->url, said);
	if (strstr(why, "Could not resolve") || strstr(why, "unable to access") || strstr(why, "unable to connect"))
		return err("no network: %s: %s; run again", r->url, line);
	if (strstr(why, "No space left")) {
		_free_ where = quarantine_path();

		return err("%s: disk full (%llu MB free): make room or set XDG_CACHE_HOME, and run again",
			   where, disk_free(where) >> 20);
	}
	return err("%s: %s: %s", r->url, said, line);
}

static bool is_commit(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return n == GIT_OID_HEXSZ && !s[n];
}

/* The better of two names that end in the same: a branch, then a tag; a tag's commit before the tag. */
static int rank(const char *name, const char *ref)
{
	_free_ branch = xasprintf("refs/heads/%s", ref), *tag = xasprintf("refs/tags/%s", ref);
	_free_ peeled = xasprintf("%s^{}", tag);

	return !strcmp(name, ref) ? 4 : !strcmp(name, branch) ? 3 : !strcmp(name, peeled) ? 2 : !strcmp(name, tag) ? 1 : 0;
}

static int parse_refs(struct remote *r, const char *text)
{
	_strv_ words = {0};
	int best = 0;

	strv_split(&words, text, " \t\n");
	for (size_t i = 0; i + 1 < words.n; i += 2) {
		int its = rank(words.v[i + 1], r->ref);

		if (its <= best)
			continue;
		best = its;
		free_charp(&r->commit);
		free_charp(&r->full);
		r->commit = xstrdup(words.v[i]);
		r->full = xstrdup(words.v[i + 1]);
		r->full[strcspn(r->full, "^")] = '\0';
	}
	return best ? 0 : err("%s: has no branch, tag or full commit id '%s'", r->url, r->ref);
}

/* Which commit the ref is at now. */
static int resolve(struct remote *r)
{
	_str_ out = {0}, why = {0};
	_run_ git = { .out = &out, .err = &why };
	int ret;

	if (is_commit(r->ref)) {
		r->commit = xstrdup(r->ref);
		r->full = xstrdup(r->ref);
		return 0;
	}
	strv_add(&git.env, "GIT_TERMINAL_PROMPT=0");
	strv_add(&git.env, "LC_ALL=C");
	run_args(&git, "git", "ls-remote", "--", r->url, r->ref, NULL);
	strv_addf(&git.argv, "%s^{}", r->ref);
	ret = run_wait(&git);
	return ret ? git_fail_net(r, &git, ret, str_get(&why)) : parse_refs(r, str_get(&out));
}

static void on_line(void *arg, const char *line)
{
	const char *s = strstr(line, "Receiving objects:");
	struct str *text = arg;
	unsigned long percent = 101;

	/* git redraws its progress with carriage returns: the last one counts. */
	for (const char *t = s; t; t = strstr(t + 1, "Receiving objects:"))
		s = t;
	if (s)
		percent = strtoul(s + 18, NULL, 10);
	if (percent <= 100)
		step_progress(percent, 100);
	else if (!strstr(line, "objects:") && !strstr(line, "deltas:"))
		str_addf(text, "%s\n", line);
}

static int read_tree(const struct remote *r, git_oid *tree)
{
	_free_ path = quarantine_path(), *spec = xasprintf("%s^{tree}", r->commit);
	git_repository *repo = NULL;
	git_object *o = NULL;
	int ret = 0;

	if (git_repository_open_bare(&repo, path) || git_revparse_single(&o, repo, spec))
		ret = git_fail(r->url);
	else
		git_oid_cpy(tree, git_object_id(o));
	git_object_free(o);
	git_repository_free(repo);
	return ret;
}

static int download(const struct remote *r, git_oid *tree)
{
	_free_ path = quarantine_path();
	_str_ why = {0};
	_run_ git = { .on_line = on_line, .arg = &why };
	int ret;

	if (quarantine_make())
		return -1;
	strv_add(&git.env, "GIT_TERMINAL_PROMPT=0");
	strv_add(&git.env, "LC_ALL=C");
	/* Always as one pack, which is what the store takes over. */
	run_args(&git, "git", "--git-dir", path, "-c", "fetch.unpackLimit=1", "-c", "gc.auto=0",
		 "fetch", "--progress", "--depth=1", "--no-tags", "--", r->url, r->full, NULL);
	ret = run_wait(&git);
	if (ret)
		return git_fail_net(r, &git, ret, str_get(&why));
	return read_tree(r, tree);
}

/* A release's tag says what the Makefile says; anything else is told apart by its commit. */
static char *version_at(const struct remote *r, const git_oid *tree)
{
	_free_ path = quarantine_path(), *made = NULL;
	git_repository *repo = NULL;

	if (git_repository_open_bare(&repo, path)) {
		git_fail(r->url);
		return NULL;
	}
	made = version_of_tree(repo, tree, r->url);
	git_repository_free(repo);
	if (!made)
		return NULL;
	if (starts_with(r->full, "refs/tags/v"))
		return xstrdup(made);
	return xasprintf("%s-g%.12s", made, r->commit);
}

/* The version in the store that is that commit of that source, NULL: none; caller frees. */
static char *version_in_store(git_repository *store, const struct line *l, const char *commit)
{
	_free_ identity = source_identity(l), *trailer = xasprintf(UPSTREAM_TRAILER, commit);
	_strv_ versions = {0};
	char *found = NULL;

	store_versions(store, identity, &versions);
	for (size_t i = 0; i < versions.n && !found; i++) {
		git_commit *root = NULL;

		if (store_root(store, versions.v[i], &root))
			continue;
		if (strstr(git_commit_message(root), trailer))
			found = xstrdup(versions.v[i]);
		git_commit_free(root);
	}
	return found;
}

static int fetch(const struct line *l, struct fetched *f)
{
	_cleanup_(remote_free) struct remote r;
	int ret;

	remote_of(l, &r);
	step_begin("fetch git", "fetching %s of %s", r.ref, r.url);
	ret = resolve(&r);
	if (!ret) {
		f->upstream = xstrdup(r.commit);
		f->version = version_in_store(f->store, l, r.commit);
	}
	if (!ret && !f->version) {
		ret = download(&r, &f->tree);
		if (!ret) {
			f->version = version_at(&r, &f->tree);
			ret = f->version ? 0 : -1;
		}
	}
	step_end(!ret, ret ? "%.0s%.0s" : "fetched %s of %s", r.ref, r.url);
	return ret;
}

static char *upstream(const struct line *l)
{
	_cleanup_(remote_free) struct remote r;
	git_repository *store = NULL;
	char *version = NULL;

	remote_of(l, &r);
	if (resolve(&r) || store_open(&store))
		return NULL;
	version = version_in_store(store, l, r.commit);
	git_repository_free(store);
	/* What its Makefile says can't be told without fetching it. */
	return version ? version : xasprintf("g%.12s", r.commit);
}

const struct source_kind source_git = { "git:", fetch, upstream };
