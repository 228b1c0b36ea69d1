// SPDX-License-Identifier: GPL-2.0
/* A hooked function that was copied, for a caller of its own: the copy is not hooked. */
#include <string.h>

#include "job.h"
#include "likeness.h"
#include "spatch.h"

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

int check_twins(struct job *j, const struct file *f, const struct slice *s)
{
	const struct rule *r = j->rule;
	struct slice twin;

	for (size_t at = 0; !r->everywhere && twin_next(f->text, s, at, &twin); at = twin.end) {
		_free_ text = NULL, *after = NULL;

		if (place_of(r, twin.name) < r->n || strv_has(&r->unlike, twin.name))
			continue;
		text = with_name(f->text, &twin, s->name);
		if (spatch(r, j->tmp, s->name, text, &after))
			return -1;
		if (after)
			return human(j, "%s:%d %s is much like %s, and the rule would match there as well; "
				     "read it and hook it, or name it in a line 'Unlike:' of %s",
				     f->path, line_of(f->text, twin.start), twin.name, s->name, r->path);
	}
	return 0;
}
