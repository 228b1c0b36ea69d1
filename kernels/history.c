// SPDX-License-Identifier: GPL-2.0
/* What the repository that a tree came from knows of its past. */
#include <string.h>

#include "room.h"

/* Where the repository is on this machine, and the commit that was taken; false: it is none, or elsewhere. */
static bool find_origin(git_repository *store, const char *version, struct str *path, struct str *commit)
{
	_free_ identity = store_identity(store, version), *upstream = NULL;
	const char *where = identity ? strchr(identity, ':') : NULL;
	git_commit *root = NULL;

	if (!where || store_root(store, version, &root))
		return false;
	upstream = upstream_of(root);
	str_add(commit, upstream ? upstream : "HEAD");
	git_commit_free(root);
	where++;
	if (starts_with(where, "file://"))
		where += strlen("file://");
	str_addn(path, where, starts_with(identity, "git:") ? strcspn(where, "#") : strlen(where));
	return path->len && path->s[0] == '/';
}

char *kernel_history(git_repository *store, const char *version, const char *text, const char *folder)
{
	_str_ path = {0}, commit = {0}, out = {0}, why = {0};
	_run_ r = { .out = &out, .err = &why };

	if (!find_origin(store, version, &path, &commit))
		return xstrdup("");
	run_args(&r, "git", "-C", path.s, "log", "-1", "--format=%h (\"%s\")", NULL);
	strv_addf(&r.argv, "-S%s", text);
	run_args(&r, commit.s, "--", folder, NULL);
	/* Not everybody's tree is a repository, nor has every repository the past. */
	return xstrdup(run_wait(&r) ? "" : str_trim(out.s ? out.s : (char[]){""}));
}
