// SPDX-License-Identifier: GPL-2.0
/* What a rule adds, and does not find in the function: does the tree have it? */
#include <stdlib.h>
#include <string.h>

#include "blank.h"
#include "names.h"
#include "slice.h"

static bool file_has_name(const struct file *f, void *name)
{
	return find_word(f->text, f->text, name);
}

/* In the file itself, our own header, or a header beside the file or of include/? */
static bool is_known(struct tree *t, const struct file *f, const char *header, char *name)
{
	_free_ ours = xasprintf("include/%s", header);
	_free_ beside = xasprintf("%.*s/*.h", (int)(strrchr(f->path, '/') - f->path), f->path);
	const struct file *own;

	if (file_has_name(f, name))
		return true;
	own = tree_file(t, ours);
	return (own && file_has_name(own, name)) || tree_each(t, beside, file_has_name, name) ||
	       tree_each(t, "include/", file_has_name, name);
}

char *names_unknown(struct tree *t, const char *path, const char *header, const char *before, const char *after)
{
	_free_ was = xstrdup(before), *is = xstrdup(after);
	size_t len;

	blank(was);
	blank(is);
	for (const char *w = is; (w = next_word(w, &len)); w += len) {
		_free_ name = w[len] == '(' || is_constant(w, len) ? xstrndup(w, len) : NULL;

		if (!name || is_keyword(w, len) || find_word(was, was, name))
			continue;
		if (!is_known(t, tree_file(t, path), header, name))
			return xasprintf("adds %s, which this tree does not have", name);
	}
	return NULL;
}
