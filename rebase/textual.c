// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "placement.h"
#include "textual.h"

const char *const tool_names[TOOLS] = { "git rebase", "git am -3", "patch -F3" };

const char *outcome_name(enum outcome o)
{
	static const char *const names[] = { "applies", "conflicts", "lands wrong", "–" };

	return names[o];
}

/* The work: a repository with small trees, in which each tool has a branch. */
struct trial {
	const struct derivation *old, *new;
	char *dir;			/* the repository */
	char *patches;			/* one file a commit of the old branch, from git format-patch */
	git_repository *repo;
	struct strv paths;		/* that the old branch touches */
	git_oid base, tip, target;	/* small commits: the old base, the old branch, the new base */
	git_oid *commits;		/* one an old->rules[] with a commit, zero else */
	struct attempt (*all)[TOOLS];
};

/* 0 and what it said, or the exit status; -EINTR, -1 after a message. */
static int git(const struct trial *t, struct str *out, ...) __attribute__((sentinel));
static int git(const struct trial *t, struct str *out, ...)
{
	_str_ said = {0};
	_run_ r = { .out = out ? out : &said, .err = &said };
	const char *arg;
	va_list ap;
	int ret;

	git_ours(&r);
	strv_add(&r.env, "GIT_EDITOR=true");
	strv_add(&r.env, "LC_ALL=C");
	run_args(&r, "git", "-C", t->dir, "-c", "gc.auto=0", NULL);
	va_start(ap, out);
	while ((arg = va_arg(ap, const char *)))
		strv_add(&r.argv, arg);
	va_end(ap);
	ret = run_wait(&r);
	if (ret >= 0)
		return ret;
	return run_stopped() ? -EINTR : err("git cannot be run: %s", strerror(-ret));
}

static int list_paths(struct trial *t)
{
	_free_ store = store_path();
	_str_ out = {0};
	_run_ r = { .out = &out };

	git_ours(&r);
	run_args(&r, "git", "--git-dir", store, "diff", "--name-only", t->old->base, t->old->tip, NULL);
	if (run_wait(&r))
		return run_stopped() ? -EINTR : err("git cannot compare %s with its base", t->old->branch);
	strv_split(&t->paths, str_get(&out), "\n");
	return 0;
}

/* An empty repository that sees the store's objects. */
static int make_repo(struct trial *t)
{
	_free_ store = store_path(), *info = xasprintf("%s/.git/objects/info/alternates", t->dir);
	_free_ line = xasprintf("%s/objects\n", store);
	int ret;

	remove_tree(t->dir);
	ret = mkdirs(t->dir);
	if (ret)
		return err("cannot make %s: %s", t->dir, strerror(-ret));
	ret = git(t, NULL, "init", "-q", "-b", "none", NULL);
	if (ret)
		return ret < 0 ? ret : err("git init fails in %s; is the disk full?", t->dir);
	if (file_write(info, line, strlen(line)) || git_repository_open(&t->repo, t->dir))
		return err("cannot open the repository in %s", t->dir);
	return 0;
}

/* The tree of a commit with the paths only. */
static int small_tree(struct trial *t, const char *commit, git_oid *out)
{
	git_tree_update *updates = xcalloc(t->paths.n + 1, sizeof(*updates));
	git_treebuilder *none = NULL;
	git_tree *tree = NULL, *empty = NULL;
	git_object *whole = NULL;
	git_oid id;
	size_t n = 0;
	int ret = git_revparse_single(&whole, t->repo, commit) || git_object_peel((git_object **)&tree, whole, GIT_OBJECT_TREE) ||
		  git_treebuilder_new(&none, t->repo, NULL) || git_treebuilder_write(&id, none) ||
		  git_tree_lookup(&empty, t->repo, &id);

	for (size_t i = 0; i < t->paths.n && !ret; i++) {
		git_tree_entry *e = NULL;

		if (git_tree_entry_bypath(&e, tree, t->paths.v[i]))
			continue;
		updates[n++] = (git_tree_update){ .action = GIT_TREE_UPDATE_UPSERT, .path = t->paths.v[i],
						  .id = *git_tree_entry_id(e), .filemode = GIT_FILEMODE_BLOB };
		git_tree_entry_free(e);
	}
	if (!ret)
		ret = git_tree_create_updated(out, t->repo, empty, n, updates);
	free(updates);
	git_treebuilder_free(none);
	git_tree_free(empty);
	git_tree_free(tree);
	git_object_free(whole);
	return ret ? err("cannot make a small tree of %s: %s", commit, git_error_last()->message) : 0;
}

/* `parent` NULL: none */
static int small_commit(struct trial *t, const char *commit, const char *message, const git_oid *parent, git_oid *out)
{
	git_signature *who = NULL;
	git_commit *p = NULL;
	git_tree *tree = NULL;
	git_oid id;
	int ret;

	if (small_tree(t, commit, &id))
		return -1;
	ret = git_tree_lookup(&tree, t->repo, &id) || git_signature_new(&who, "shpte", "shpte@localhost", 1000000000, 0) ||
	      (parent && git_commit_lookup(&p, t->repo, parent)) ||
	      git_commit_create(out, t->repo, NULL, who, who, NULL, message, tree, !!p, (const git_commit **)&p);
	git_signature_free(who);
	git_commit_free(p);
	git_tree_free(tree);
	return ret ? err("cannot commit: %s", git_error_last()->message) : 0;
}

static int set_ref(struct trial *t, const char *name, const git_oid *id)
{
	git_reference *ref = NULL;
	int ret = git_reference_create(&ref, t->repo, name, id, 1, "trial");

	git_reference_free(ref);
	return ret ? err("cannot set %s: %s", name, git_error_last()->message) : 0;
}

/* Both bases, and the old branch commit by commit. */
static int make_commits(struct trial *t)
{
	int ret = small_commit(t, t->old->base, "the old base", NULL, &t->base) ||
		  small_commit(t, t->new->base, "the new base", NULL, &t->target);

	t->tip = t->base;
	for (size_t i = 0; i < t->old->n && !ret; i++) {
		const struct rule_fact *f = &t->old->rules[i];
		_free_ message = xasprintf("%s: %s\n", f->name, f->subject);

		if (!f->commit || starts_with(f->name, "churn/"))
			continue;
		ret = small_commit(t, f->commit, message, &t->tip, &t->commits[i]);
		t->tip = t->commits[i];
	}
	if (!ret)
		ret = set_ref(t, "refs/heads/old", &t->base) || set_ref(t, "refs/heads/series", &t->tip) ||
		      set_ref(t, "refs/heads/new", &t->target);
	return ret ? -1 : 0;
}

/* The rule that a subject "hooks/zap: ..." is of; old->n: none. */
static size_t rule_of(const struct trial *t, const char *subject)
{
	size_t i;

	for (i = 0; i < t->old->n; i++) {
		size_t len = strlen(t->old->rules[i].name);

		if (!strncmp(subject, t->old->rules[i].name, len) && subject[len] == ':')
			break;
	}
	return i;
}

static void give_up(struct attempt *a, const char *files)
{
	_strv_ lines = {0};
	_str_ what = {0};

	strv_split(&lines, files, "\n");
	for (size_t i = 0; i < lines.n; i++)
		if (!strstr(what.s ? what.s : "", lines.v[i]))
			str_addf(&what, "%s%s", i ? ", " : "", lines.v[i]);
	a->outcome = CONFLICTS;
	free(a->what);
	a->what = xstrdup(str_get(&what));
}

/* Goes on past each commit that does not go in; what is in then is the branch "rebase". */
static int try_rebase(struct trial *t)
{
	int ret = git(t, NULL, "checkout", "-q", "-B", "rebase", "series", NULL);

	if (!ret)
		ret = git(t, NULL, "rebase", "-q", "--onto", "new", "old", "rebase", NULL);
	while (ret > 0) {
		_free_ going = xasprintf("%s/.git/rebase-merge", t->dir);
		_str_ subject = {0}, files = {0};
		size_t i;

		if (!file_exists(going) || git(t, &subject, "log", "-1", "--format=%s", "REBASE_HEAD", NULL) ||
		    git(t, &files, "diff", "--name-only", "--diff-filter=U", NULL))
			return run_stopped() ? -EINTR : err("git rebase fails in %s", t->dir);
		i = rule_of(t, str_get(&subject));
		if (i < t->old->n)
			give_up(&t->all[i][TOOL_REBASE], str_get(&files));
		ret = git(t, NULL, "rebase", "--skip", NULL);
	}
	return ret;
}

static int try_am(struct trial *t)
{
	_strv_ names = {0};
	int ret = git(t, NULL, "checkout", "-q", "-B", "am", "new", NULL);

	dir_list(t->patches, ".patch", &names);
	for (size_t k = 0, i = 0; i < t->old->n && ret >= 0; i++) {
		_free_ patch = NULL;
		_str_ files = {0};

		if (git_oid_is_zero(&t->commits[i]))
			continue;
		patch = xasprintf("%s/%s", t->patches, names.v[k++]);
		ret = git(t, NULL, "am", "-q", "-3", patch, NULL);
		if (ret <= 0)
			continue;
		git(t, &files, "diff", "--name-only", "--diff-filter=U", NULL);
		give_up(&t->all[i][TOOL_AM], str_get(&files));
		ret = git(t, NULL, "am", "--abort", NULL);
	}
	return ret;
}

/* 0 it went in, 1 it did not: *why; -EINTR */
static int run_patch(const struct trial *t, const char *patch, bool dry, struct str *why)
{
	_run_ r = { .dir = t->dir, .out = why, .err = why };
	int ret;

	strv_add(&r.env, "LC_ALL=C");
	run_args(&r, "patch", "-p1", "-F3", "-f", "--no-backup-if-mismatch", "-r", "-", "-i", patch, dry ? "--dry-run" : NULL, NULL);
	ret = run_wait(&r);
	return ret < 0 ? (run_stopped() ? -EINTR : err("patch cannot be run: %s", strerror(-ret))) : !!ret;
}

/* "patching file mm/rmap.c" before each "Hunk #1 FAILED", as files. */
static void failed_files(const char *said, struct str *out)
{
	_strv_ lines = {0};
	const char *file = "";

	strv_split(&lines, said, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		if (starts_with(lines.v[i], "checking file "))
			file = lines.v[i] + strlen("checking file ");
		else if (strstr(lines.v[i], "FAILED") && *file)
			str_addf(out, "%s\n", file);
	}
	if (!out->len)
		str_add(out, "a file is not there");
}

static int try_patch(struct trial *t)
{
	_strv_ names = {0};
	int ret = git(t, NULL, "checkout", "-q", "-f", "-B", "patch", "new", NULL);

	dir_list(t->patches, ".patch", &names);
	for (size_t k = 0, i = 0; i < t->old->n && ret >= 0; i++) {
		_free_ patch = NULL;
		_str_ said = {0}, files = {0};

		if (git_oid_is_zero(&t->commits[i]))
			continue;
		patch = xasprintf("%s/%s", t->patches, names.v[k++]);
		ret = run_patch(t, patch, true, &said);
		if (!ret) {
			ret = run_patch(t, patch, false, &said);
		} else if (ret > 0) {
			failed_files(str_get(&said), &files);
			give_up(&t->all[i][TOOL_PATCH], str_get(&files));
		}
	}
	if (ret >= 0)
		ret = git(t, NULL, "add", "-A", NULL);
	if (!ret)
		ret = git(t, NULL, "commit", "-q", "-m", "what patch made", NULL);
	return ret > 0 ? 0 : ret;
}

static void judge_attempts(struct trial *t, enum tool tool, const struct placement *p, const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < t->old->n; i++) {
		struct attempt *a = &t->all[i][tool];

		if (a->outcome != APPLIES)
			continue;
		a->what = placement_compare(p, t->new, &t->old->rules[i], rules, n);
		if (a->what)
			a->outcome = MISPLACES;
	}
}

/* What a tool was content with, held against where the rules put it. */
static int judge(struct trial *t, enum tool tool, struct placement *p, const struct rule *rules, size_t n)
{
	static const char *const branches[TOOLS] = { "refs/heads/rebase", "refs/heads/am", "refs/heads/patch" };
	_cleanup_(tree_close) struct tree got = {0};
	git_oid tip;

	if (git_reference_name_to_id(&tip, t->repo, branches[tool]))
		return err("there is no %s in %s", branches[tool], t->dir);
	if (tree_open(&got, t->repo, &tip))
		return -1;
	p->got = &got;
	judge_attempts(t, tool, p, rules, n);
	return 0;
}

/* Without a derived branch there is nothing to hold the tools against. */
static int judge_all(struct trial *t, const struct rule *rules, size_t n)
{
	_cleanup_(tree_close) struct tree base = {0}, right = {0};
	struct placement p = { .base = &base, .right = &right, .paths = &t->paths };
	git_oid derived;
	int ret = 0;

	if (!t->new->tip)
		return 0;
	if (git_oid_fromstr(&derived, t->new->tip))
		return err("%s is no commit", t->new->tip);
	if (tree_open(&base, t->repo, &t->target) || tree_open(&right, t->repo, &derived))
		return -1;
	for (int i = 0; i < TOOLS && !ret; i++)
		ret = judge(t, i, &p, rules, n);
	return ret;
}

static int try_all(struct trial *t, const struct rule *rules, size_t n)
{
	static int (*const try[TOOLS])(struct trial *) = { try_rebase, try_am, try_patch };
	int ret = git(t, NULL, "format-patch", "-q", "-o", t->patches, "old..series", NULL);

	if (ret)
		return ret < 0 ? ret : err("git format-patch fails in %s", t->dir);
	for (int i = 0; i < TOOLS && !ret; i++) {
		step_detail("%s", tool_names[i]);
		ret = try[i](t);
	}
	if (ret > 0)
		return err("git fails in %s", t->dir);
	return ret ? ret : judge_all(t, rules, n);
}

int textual_run(const struct derivation *old, const struct derivation *new, const struct rule *rules, size_t n,
		struct attempt (**all)[TOOLS])
{
	struct trial t = {
		.old = old, .new = new, .dir = cache_path("tmp/trial-%d/repo", getpid()),
		.patches = cache_path("tmp/trial-%d/patches", getpid()), .commits = xcalloc(old->n + 1, sizeof(*t.commits)),
		.all = xcalloc(old->n + 1, sizeof(*t.all)),
	};
	_free_ dir = cache_path("tmp/trial-%d", getpid());
	int ret = list_paths(&t);

	if (!ret)
		ret = make_repo(&t);
	if (!ret)
		ret = make_commits(&t);
	for (size_t i = 0; i < old->n; i++)
		for (int k = 0; k < TOOLS; k++)
			t.all[i][k].outcome = git_oid_is_zero(&t.commits[i]) ? NOT_TRIED : APPLIES;
	if (!ret)
		ret = try_all(&t, rules, n);
	git_repository_free(t.repo);
	remove_tree(dir);
	free(t.dir);
	free(t.patches);
	free(t.commits);
	strv_free(&t.paths);
	if (ret)
		textual_free(t.all, old->n);
	*all = ret ? NULL : t.all;
	return ret;
}

void textual_free(struct attempt (*all)[TOOLS], size_t n)
{
	for (size_t i = 0; all && i < n; i++)
		for (int k = 0; k < TOOLS; k++)
			free(all[i][k].what);
	free(all);
}
