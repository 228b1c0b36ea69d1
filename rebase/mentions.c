// SPDX-License-Identifier: GPL-2.0
/*
 * git grep over the whole base, once for all rules: some seconds of a new kernel's first derivation.  The answer depends on the base and
 * on the names, and is kept in the cache.
 */
#include <string.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "callers.h"
#include "mentions.h"
#include "rebase.h"

static void add_names(const struct strv *from, struct strv *names)
{
	for (size_t i = 0; i < from->n; i++)
		if (callers_plain(from->v[i]) && !strv_has(names, from->v[i]))
			strv_add(names, from->v[i]);
}

/* One line each, as grep -f reads them; NULL: there are none. Caller frees. */
static char *names_of(const struct rule *rules, size_t n)
{
	_strv_ names = {0};
	struct str all = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rules[i].n_callers; k++)
			add_names(&rules[i].callers[k].names, &names);
	for (size_t i = 0; i < names.n; i++)
		str_addf(&all, "%s\n", names.v[i]);
	return all.s;
}

/* 0, or -1 after a message. */
static int grep(const char *base, const char *names, struct str *out)
{
	_free_ store = store_path();
	_run_ r = { .in = names, .out = out };
	int status;

	git_ours(&r);
	run_args(&r, "git", "--git-dir", store, "grep", "-l", "-w", "-F", "-f", "-", base, "--", "*.c", "*.h", NULL);
	/* No part of a kernel, and headers of drivers, half of all text, which are for drivers. */
	run_args(&r, ":!Documentation", ":!tools", ":!samples", ":!scripts", ":(glob,exclude)drivers/**/*.h", NULL);
	status = run_wait(&r);
	if (status && status != 1) {	/* 1: there is none */
		_free_ what = run_describe(&r, status);

		return err("cannot look for callers in %s: %s", base, what);
	}
	return 0;
}

/* What is found, as git grep says it: "COMMIT:PATH". */
static int find(const char *base, const char *names, struct str *out)
{
	struct hash question = {0};
	_free_ key = NULL, *kept = NULL;

	hash_text(&question, "base", base);
	hash_text(&question, "names", names);
	key = hash_end(&question);
	kept = cache_path("mentions/%s", key);
	if (!file_read(kept, out))
		return 0;
	if (grep(base, names, out))
		return -1;
	/* A disk that is full only costs time. */
	file_write(kept, str_get(out), out->len);
	return 0;
}

int mentions_find(struct tree *t, const struct rule *rules, size_t n)
{
	_free_ names = names_of(rules, n);
	_free_ base = xstrdup(git_oid_tostr_s(&t->commit));
	_strv_ lines = {0};
	_str_ out = {0};

	if (!names)
		return 0;
	if (find(base, names, &out))
		return -1;
	strv_split(&lines, str_get(&out), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *path = strchr(lines.v[i], ':');

		if (path)
			strv_add(&t->mentions, path + 1);
	}
	return 0;
}
