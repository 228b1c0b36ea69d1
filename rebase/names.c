// SPDX-License-Identifier: GPL-2.0
/* What a rule adds, and does not find in the function: does the tree have it? */
#include <stdlib.h>
#include <string.h>

#include "blank.h"
#include "names.h"
#include "slice.h"

struct wanted {
	const char *name;
	size_t len;
};

static bool has_name(const char *text, const char *name, size_t len)
{
	for (const char *p = text; (p = memmem(p, strlen(p), name, len)); p += len)
		if (!is_word(p[len]) && (p == text || !is_word(p[-1])))
			return true;
	return false;
}

static bool file_has_name(const struct file *f, void *arg)
{
	const struct wanted *w = arg;

	return has_name(f->text, w->name, w->len);
}

/* In the file itself, our own header, or a header beside the file or of include/? */
static bool is_known(struct tree *t, const struct file *f, const char *header, const char *name, size_t len)
{
	_free_ ours = xasprintf("include/%s", header);
	_free_ beside = xasprintf("%.*s/*.h", (int)(strrchr(f->path, '/') - f->path), f->path);
	struct wanted w = { name, len };
	const struct file *own;

	if (has_name(f->text, name, len))
		return true;
	own = tree_file(t, ours);
	return (own && has_name(own->text, name, len)) || tree_each(t, beside, file_has_name, &w) ||
	       tree_each(t, "include/", file_has_name, &w);
}

char *names_unknown(struct tree *t, const char *path, const char *header, const char *before, const char *after)
{
	_free_ was = xstrdup(before), *is = xstrdup(after);
	size_t len;

	blank(was);
	blank(is);
	for (const char *w = is; (w = next_word(w, &len)); w += len) {
		if ((w[len] != '(' && !is_constant(w, len)) || is_keyword(w, len) || has_name(was, w, len))
			continue;
		if (!is_known(t, tree_file(t, path), header, w, len))
			return xasprintf("adds %.*s, which this tree does not have", (int)len, w);
	}
	return NULL;
}
