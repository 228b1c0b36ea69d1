// SPDX-License-Identifier: GPL-2.0
/* A hooked function that was copied, for a caller of its own, in its file or in another one: the copy is not hooked. */
#include <string.h>

#include "bodies.h"
#include "job.h"
#include "spatch.h"

#define TWIN 0.6			/* of the words of both; two functions that do different things have less in common */

/* The function as if it had another name; caller frees. */
static char *with_name(const char *text, const struct slice *s, const char *name)
{
	const char *end = text + s->end;
	_str_ out = {0};
	size_t len;

	for (const char *p = text + s->start, *w; p < end; p = w + len) {
		w = next_word(p, &len);
		if (!w || w >= end) {
			w = end;
			len = 0;
		}
		str_addn(&out, p, w - p);
		if (strlen(s->name) == len && !memcmp(w, s->name, len))
			str_add(&out, name);
		else
			str_addn(&out, w, len);
	}
	str_add(&out, "\n");
	return xstrdup(str_get(&out));
}

/* Would the rule match in the function, if that had the name of the one that it is much like?  As check_twins(). */
static int check_twin(struct job *j, const struct file *f, const char *name, const char *like)
{
	const struct rule *r = j->rule;
	_free_ text = NULL, *after = NULL;
	struct slice twin;

	/* It was there when the file's functions were first looked at. */
	if (!slice_find(f->text, 0, name, &twin))
		return 0;
	text = with_name(f->text, &twin, like);
	if (spatch(r, j->tmp, like, text, &after))
		return -1;
	if (!after)
		return 0;
	return human(j, "%s:%d %s is much like %s, and the rule would match there as well; "
		     "read it and hook it, or name it in a line 'Unlike:' of %s",
		     f->path, line_of(f->text, twin.start), name, like, r->path);
}

static int check_file(struct job *j, struct file *f, const struct body *like)
{
	const struct bodies *all = file_bodies(f);
	int ret = 0;

	for (size_t i = 0; i < all->n && ret >= 0; i++) {
		const char *name = all->v[i].name;

		if (place_of(j->rule, name) < j->rule->n || strv_has(&j->rule->unlike, name) || bodies_alike(like, &all->v[i]) < TWIN)
			continue;
		ret = check_twin(j, f, name, like->name) ?: ret;
	}
	return ret;
}

int check_twins(struct job *j, const char *text)
{
	struct bodies *like = j->rule->everywhere ? NULL : bodies_of(text);
	int ret = 0;

	for (size_t i = 0; like && like->n && i < j->t->n && ret >= 0; i++)
		if (rule_looks_at(j->rule, j->t->files[i].path))
			ret = check_file(j, &j->t->files[i], &like->v[0]) ?: ret;
	bodies_free(like);
	return ret;
}
