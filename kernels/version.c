// SPDX-License-Identifier: GPL-2.0
/* Version strings. */
#include <ctype.h>
#include <string.h>

#include "room.h"

char *version_clean(const char *s)
{
	char *v = xstrdup(s);
	size_t n = strlen(v);

	for (size_t i = 0; i < n; i++) {
		bool dot = v[i] == '.' && i && v[i - 1] != '.' && i + 1 < n;

		if (!isalnum((unsigned char)v[i]) && !strchr("_+-", v[i]) && !dot)
			v[i] = '_';
	}
	if (v[0] == '-')
		v[0] = '_';
	if (ends_with(v, ".lock"))
		v[n - 5] = '_';
	return v;
}

/* The value of "NAME = value" at the start of a line, caller frees; NULL when there is none. */
static char *variable(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = text; s; s = strchr(s, '\n')) {
		_free_ value = NULL;
		const char *eq;

		s += *s == '\n';
		if (strncmp(s, name, n))
			continue;
		eq = s + n + strspn(s + n, " \t");
		if (*eq != '=')
			continue;
		value = xstrndup(eq + 1, strcspn(eq + 1, "\n#"));
		return xstrdup(str_trim(value));
	}
	return NULL;
}

char *version_of_makefile(const char *text)
{
	_free_ version = variable(text, "VERSION");
	_free_ patch = variable(text, "PATCHLEVEL");
	_free_ sub = variable(text, "SUBLEVEL");
	_free_ extra = variable(text, "EXTRAVERSION");
	_free_ all = NULL;

	if (!version || !patch || !isdigit((unsigned char)version[0]) || !isdigit((unsigned char)patch[0]))
		return NULL;
	all = xasprintf("%s.%s%s%s%s", version, patch, sub && sub[0] ? "." : "", sub ? sub : "", extra ? extra : "");
	return version_clean(all);
}

char *version_of_tree(struct git_repository *repo, const git_oid *id, const char *what)
{
	/* Files of every kernel; a tarball that ends early lacks the later ones. */
	static const char *const must[] = { "Kconfig", "Makefile", "mm/memory.c", NULL };
	git_tree_entry *entry = NULL;
	git_tree *tree = NULL;
	git_blob *blob = NULL;
	char *version = NULL;

	if (git_tree_lookup(&tree, repo, id)) {
		git_fail(what);
		return NULL;
	}
	for (int i = 0; must[i]; i++) {
		if (git_tree_entry_bypath(&entry, tree, must[i])) {
			err("%s: no whole kernel tree: %s is missing", what, must[i]);
			goto out;
		}
		git_tree_entry_free(entry);
	}
	if (git_tree_entry_bypath(&entry, tree, "Makefile") ||
	    git_blob_lookup(&blob, repo, git_tree_entry_id(entry))) {
		git_fail(what);
		goto out_entry;
	}
	version = version_of_makefile(git_blob_rawcontent(blob));
	if (!version)
		err("%s: its Makefile tells no VERSION and PATCHLEVEL: is this a Linux tree?", what);
	git_blob_free(blob);
out_entry:
	git_tree_entry_free(entry);
out:
	git_tree_free(tree);
	return version;
}
