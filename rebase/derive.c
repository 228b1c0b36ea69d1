// SPDX-License-Identifier: GPL-2.0
/* Re-deriving a branch: the payload, then one commit a rule. */
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "apply.h"
#include "calls.h"
#include "facts.h"
#include "flags.h"
#include "mentions.h"
#include "options.h"

/* Raised when the same rules begin to give another branch. */
#define DERIVE_FORMAT "1"

static void add_folder(struct str *all, const char *dir)
{
	_strv_ names = {0};

	dir_list(dir, NULL, &names);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		_str_ text = {0};
		struct stat st;

		if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
			add_folder(all, path);
		} else if (!file_read(path, &text)) {
			str_addf(all, "%s %zu\n", names.v[i], text.len);
			str_addn(all, str_get(&text), text.len);
		}
	}
}

/* A hash of all that decides the branch. Caller frees. */
static char *derive_key(const char *base, const char *without)
{
	_free_ hooks = data_path("cocci/hooks");
	_free_ payload = data_path("cocci/payload");
	_free_ churn = data_path("cocci/churn");
	_free_ macros = data_path("cocci/macros.h");
	_free_ flaw = data_path("cocci/flaws/%s.cocci", without ? without : "");
	_str_ all = {0};
	git_oid id;

	str_addf(&all, "%s %s\n", DERIVE_FORMAT, base);
	if (without) {
		str_addf(&all, "without %s\n", without);
		/* Where it is a hook there is no such file. */
		file_read(flaw, &all);
	}
	add_folder(&all, hooks);
	add_folder(&all, payload);
	add_folder(&all, churn);
	file_read(macros, &all);
	git_odb_hash(&id, all.s, all.len, GIT_OBJECT_BLOB);
	return xstrdup(git_oid_tostr_s(&id));
}

static char *ref_commit(git_repository *repo, const char *branch)
{
	_free_ ref = xasprintf("refs/heads/%s", branch);
	git_oid id;

	return git_reference_name_to_id(&id, repo, ref) ? NULL : xstrdup(git_oid_tostr_s(&id));
}

static int commit_fact(struct tree *t, struct rule_fact *f, const char *message)
{
	git_oid id;
	int ret = tree_commit(t, message, &id);

	if (!ret)
		f->commit = xstrdup(git_oid_tostr_s(&id));
	return ret < 0 ? -1 : 0;
}

static bool left_out(const struct rule *r, const struct derivation *d)
{
	return d->without && !strcmp(r->name + strlen("hooks/"), d->without);
}

/* Applies a rule that changes the payload; adds to the commit message.  As apply_churn(). */
static int derive_follow(struct tree *t, const struct rule *r, const char *tmp, struct derivation *d, struct str *message)
{
	struct rule_fact *f = &d->rules[d->n++];
	git_oid id;
	int ret;

	*f = (struct rule_fact){0};
	ret = apply_churn(t, r, tmp, f);
	if (ret || f->skipped)
		return ret;
	str_addf(message, "%sFollows: %s", strstr(message->s, "\nFollows: ") ? "\n" : "\n\n", r->name);
	return tree_commit(t, "churn", &id);
}

/* All rules of the folder, or the one of that name. */
static int derive_follow_all(struct tree *t, const char *folder, const char *only, const char *tmp, struct derivation *d,
			     struct str *message, size_t *failed)
{
	struct rule *rules;
	size_t n;
	int ret = rules_load(folder, &rules, &n);

	if (ret)
		return ret;
	d->rules = xrealloc(d->rules, (d->room += n) * sizeof(*d->rules));
	for (size_t i = 0; i < n && ret >= 0; i++) {
		if (only && strcmp(rules[i].name + strlen(folder) + 1, only))
			continue;
		ret = derive_follow(t, &rules[i], tmp, d, message);
		*failed += ret == NEEDS_HUMAN;
	}
	rules_free(rules, n);
	return ret < 0 ? -1 : 0;
}

/* Does the tree have what the payload uses, and does the payload know what the tree has? */
static int check_payload(struct tree *t, const struct rule *rules, size_t n, struct rule_fact *fact, size_t *failed)
{
	int calls = check_calls(t, fact), options = check_options(t, rules, n, fact), flags = check_flags(t, fact);

	*failed += calls == NEEDS_HUMAN || options == NEEDS_HUMAN || flags == NEEDS_HUMAN;
	return calls < 0 || options < 0 || flags < 0 ? -1 : 0;
}

/* The payload as this tree needs it: as it is written, and each rule of cocci/churn that the tree calls for.  One commit. */
static int derive_payload(struct tree *t, const char *tmp, const struct rule *rules, size_t n, struct derivation *d, char **header,
			  size_t *failed)
{
	_free_ message = NULL;
	_str_ all = {0};
	size_t first = d->n++;
	git_oid start = t->commit, id;
	int ret;

	ret = apply_payload(t, &message, header, &d->rules[first]);
	if (ret < 0 || tree_commit(t, message, &id) < 0)
		return -1;
	*failed += ret == NEEDS_HUMAN;
	str_add(&all, message);
	if (derive_follow_all(t, "churn", NULL, tmp, d, &all, failed))
		return -1;
	/* The flaw that a mutant gets, after all that the tree calls for. */
	if (d->without && derive_follow_all(t, "flaws", d->without, tmp, d, &all, failed))
		return -1;
	if (tree_squash(t, &start, all.s, &id))
		return -1;
	d->rules[first].commit = xstrdup(git_oid_tostr_s(&id));
	/* a mutant is made of what was looked at before */
	return d->without ? 0 : check_payload(t, rules, n, &d->rules[first], failed);
}

static int derive_hook(struct tree *t, const struct rule *r, const char *header, const char *tmp, struct rule_fact *f)
{
	_free_ message = xasprintf("%s\n\n%s\n\nRule: %s\n", r->subject, r->body, r->name);
	int ret = apply_rule(t, r, header, tmp, f);

	return ret ? ret : commit_fact(t, f, message);
}

/* A branch that an earlier derivation has made stays, on the base that it was made for. */
static int tell_failed(struct tree *t, const struct derivation *d, size_t failed)
{
	_free_ left = ref_commit(t->repo, d->branch);
	_free_ hint = left ? xasprintf(", and %s is an earlier derivation's", d->branch) : NULL;

	err("%zu of %zu rules need a human; no branch is made%s", failed, d->n - 1, hint ?: "");
	return NEEDS_HUMAN;
}

static int derive_rules(struct tree *t, const char *tmp, struct rule *rules, size_t n,
			struct derivation *d)
{
	_free_ header = NULL;
	size_t failed = 0;
	int ret;

	d->room = n + 1;
	d->rules = xcalloc(d->room, sizeof(*d->rules));
	/* a mutant is made of what was looked at before */
	ret = d->without ? 0 : mentions_find(t, rules, n);
	if (!ret)
		ret = derive_payload(t, tmp, rules, n, d, &header, &failed);
	for (size_t i = 0; i < n && ret >= 0; i++) {
		struct rule_fact *f;

		if (left_out(&rules[i], d))
			continue;
		f = &d->rules[d->n++];
		*f = (struct rule_fact){0};
		step_progress(i + 1, n + 1);
		step_detail("%s", rules[i].name);
		ret = derive_hook(t, &rules[i], header, tmp, f);
		failed += ret == NEEDS_HUMAN;
	}
	if (ret < 0)
		return -1;
	return failed ? tell_failed(t, d, failed) : 0;
}

static int set_branch(git_repository *repo, struct derivation *d, const git_oid *tip)
{
	_free_ name = xasprintf("refs/heads/%s", d->branch);
	git_reference *ref = NULL;
	int ret = git_reference_create(&ref, repo, name, tip, 1, "derive");

	git_reference_free(ref);
	return ret ? err("cannot set %s in the store: %s", name, git_error_last()->message) : 0;
}

const char *failure_name(const struct rule_fact *f)
{
	return f->unparsed ? "parse failure" : "needs a human";
}

size_t derivation_commits(const struct derivation *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += !!d->rules[i].commit;
	return n;
}

static int derive_tree(git_repository *repo, const char *key, struct derivation *d)
{
	_free_ tmp = cache_path("tmp/derive-%d", getpid());
	struct rule *rules;
	struct tree t = {0};
	double start = now();
	git_oid base;
	size_t n;
	int ret;

	if (rules_load("hooks", &rules, &n))
		return -1;
	step_begin("derive", "derive %s", d->branch);
	ret = mkdirs(tmp);
	if (ret)
		ret = err("cannot make %s: %s", tmp, strerror(-ret));
	git_oid_fromstr(&base, d->base);
	if (!ret)
		ret = tree_open(&t, repo, &base);
	t.version = d->version;
	if (!ret)
		ret = derive_rules(&t, tmp, rules, n, d);
	d->seconds = now() - start;
	if (!ret) {
		d->tip = xstrdup(git_oid_tostr_s(&t.commit));
		ret = set_branch(repo, d, &t.commit) || facts_save(d, key) ? -1 : 0;
	}
	step_end(!ret, ret ? "" : "%zu commits", derivation_commits(d));
	tree_close(&t);
	remove_tree(tmp);
	rules_free(rules, n);
	return ret;
}

/* Up to date already, or derived now; d->version and d->without say which branch. */
static int derive_branch(git_repository *repo, struct derivation *d)
{
	_free_ base_branch = xasprintf("base/%s", d->version);
	_free_ branch = d->without ? xasprintf("shpte-mutant/%s/%s", d->version, d->without) :
				     xasprintf("shpte/%s", d->version);
	_free_ base = ref_commit(repo, base_branch);
	_free_ tip = ref_commit(repo, branch);
	_free_ key = NULL;

	if (!base)
		return err("the store has no %s; run 'shpte fetch' first", base_branch);
	key = derive_key(base, d->without);
	if (!facts_load(key, tip, d))
		return 0;
	d->base = xstrdup(base);
	d->branch = xstrdup(branch);
	d->fresh = true;
	return derive_tree(repo, key, d);
}

static int derive_any(const char *version, const char *without, struct derivation *d)
{
	git_repository *repo = NULL;
	int ret;

	memset(d, 0, sizeof(*d));
	if (store_open(&repo))
		return -1;
	d->version = xstrdup(version);
	d->without = without ? xstrdup(without) : NULL;
	ret = derive_branch(repo, d);
	git_repository_free(repo);
	return ret;
}

int derive(const char *version, struct derivation *d)
{
	return derive_any(version, NULL, d);
}

int derive_without(const char *version, const char *hook, struct derivation *d)
{
	return derive_any(version, hook, d);
}

void derivation_free(struct derivation *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->rules[i].name);
		free(d->rules[i].subject);
		free(d->rules[i].commit);
		free(d->rules[i].skipped);
		free(d->rules[i].failed);
		strv_free(&d->rules[i].where);
	}
	free(d->rules);
	free(d->version);
	free(d->without);
	free(d->branch);
	free(d->base);
	free(d->tip);
	memset(d, 0, sizeof(*d));
}
