// SPDX-License-Identifier: GPL-2.0
/* A hash over everything that goes into something. */
#include <git2.h>
#include <stdbool.h>
#include <string.h>

#include "hash.h"

void hash_text(struct hash *h, const char *name, const char *value)
{
	/* With its length, so that no text can look like two. */
	str_addf(&h->text, "%s %zu %s\n", name, strlen(value ? value : ""), value ? value : "");
}

/* libgit2 counts who needs it; we do until the end. */
static void need_git(void)
{
	static bool done;

	if (!done)
		git_libgit2_init();
	done = true;
}

void hash_file(struct hash *h, const char *path)
{
	const char *slash = strrchr(path, '/');
	git_oid id;

	need_git();
	if (git_odb_hashfile(&id, path, GIT_OBJECT_BLOB))
		hash_text(h, path, "missing");
	else
		hash_text(h, slash ? slash + 1 : path, git_oid_tostr_s(&id));
}

char *hash_end(struct hash *h)
{
	git_oid id;

	need_git();
	git_odb_hash(&id, str_get(&h->text), h->text.len, GIT_OBJECT_BLOB);
	str_free(&h->text);
	return xstrdup(git_oid_tostr_s(&id));
}
