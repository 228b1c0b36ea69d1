// SPDX-License-Identifier: GPL-2.0
/* A churn rule is applied to our own files, each as a whole. */
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "apply.h"
#include "job.h"
#include "needed.h"
#include "spatch.h"

/* The text with the rule's line in place of the one that it replaces; NULL: it is not there. Caller frees. */
static char *replace_line(const struct rule *r, const char *text)
{
	_free_ line = r->replace ? xasprintf("\n%s\n", r->replace) : NULL;
	const char *at = line ? strstr(text, line) : NULL;

	return at ? xasprintf("%.*s\n%s\n%s", (int)(at - text), text, r->by, at + strlen(line)) : NULL;
}

/* One of our files, whole. */
static int follow(struct job *j, const char *path)
{
	struct file *f = tree_file(j->t, path);
	_free_ name = xstrdup(path), *in = NULL, *before = NULL;
	char *after = NULL;
	int line;

	if (!f)
		return err("rule %s: the payload has no file %s", j->rule->name, path);
	before = replace_line(j->rule, f->text);
	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '-';
	in = xasprintf("%s/%s.c", j->tmp, name);
	if (!j->rule->textual && spatch(j->rule, j->tmp, name, before ? before : f->text, &after))
		return -1;
	if (!after && before)
		after = xstrdup(before);
	if (after) {
		tree_set(j->t, path, after);
		strv_add(&j->fact->where, path);
		j->fact->places++;
		return 0;
	}
	if (!j->rule->textual && unparsable(in, &line))
		return human(j, "%s:%d: spatch cannot parse the file, so the rule was not applied", path, line);
	return human(j, "matches nothing in %s; the payload and the rule must fit: read both", path);
}

int apply_churn(struct tree *t, const struct rule *r, const char *tmp, struct rule_fact *fact)
{
	struct job j = { .t = t, .rule = r, .tmp = tmp, .fact = fact };
	double start = now();
	char *why;
	int ret;

	fact->name = xstrdup(r->name);
	fact->subject = xstrdup(r->subject);
	why = not_needed(t, r);
	fact->wanted = why ? 0 : r->files.n;
	ret = why ? skip_rule(&j, why) : 0;
	for (size_t i = 0; i < r->files.n && !ret && !fact->skipped; i++)
		ret = follow(&j, r->files.v[i]);
	if (ret)
		tree_undo(t);
	fact->seconds = now() - start;
	return ret;
}
