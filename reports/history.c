// SPDX-License-Identifier: GPL-2.0
/* When a cell turned red, when green again, and what was not as it had been. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "history.h"

static bool differ(const struct result *a, const struct result *b, const char *key)
{
	return strcmp(result_str(a, key), result_str(b, key));
}

/*
 * Each commit stands on the one before, so behind a changed rule all have other ids: the first one is the change.  On
 * another base all of them are other ones, and only a rule that was not there before is known to be news.
 */
static const json_t *changed_rule(const struct result *before, const struct result *after)
{
	bool same_base = !differ(before, after, "version");
	json_t *rule;
	size_t i;

	json_array_foreach(result_list(after, "rules"), i, rule) {
		const json_t *was = result_named(before, "rules", json_text(rule, "name"));

		if (!was || (same_base && strcmp(json_text(was, "commit"), json_text(rule, "commit"))))
			return rule;
	}
	return NULL;
}

static const json_t *dropped_rule(const struct result *before, const struct result *after)
{
	json_t *rule;
	size_t i;

	if (!json_array_size(result_list(after, "rules")))
		return NULL;
	json_array_foreach(result_list(before, "rules"), i, rule)
		if (!result_named(after, "rules", json_text(rule, "name")))
			return rule;
	return NULL;
}

static void find_cause(struct turn *t)
{
	const json_t *rule = changed_rule(t->before, t->after), *dropped = dropped_rule(t->before, t->after);
	_free_ kernel = differ(t->before, t->after, "version") ? xasprintf("new kernel %s", t->after->version) : NULL;
	const char *and = kernel ? ", and " : "";

	if (dropped)
		t->cause = xasprintf("%s%srule %s is gone", kernel ?: "", and, json_text(dropped, "name"));
	else if (rule) {
		t->cause = xasprintf("%s%srule %s: %s", kernel ?: "", and, json_text(rule, "name"), json_text(rule, "subject"));
		t->commit = json_text(rule, "commit");
	} else if (kernel)
		t->cause = xstrdup(kernel);
	else if (differ(t->before, t->after, "commit"))
		t->cause = xasprintf("commit %s", fmt_commit(t->after->commit).s);
	else if (differ(t->before, t->after, "compiler") && *result_str(t->after, "compiler") && *result_str(t->before, "compiler"))
		t->cause = xasprintf("compiler %s", result_str(t->after, "compiler"));
	else if (differ(t->before, t->after, "qemu"))
		t->cause = xasprintf("emulator %s", result_str(t->after, "qemu"));
	else if (differ(t->before, t->after, "key"))
		t->cause = xstrdup("the same kernel; its tests or its machine have changed");
	else
		t->cause = xstrdup("nothing has changed");
}

static void add(struct turns *t, const struct result *before, const struct result *after)
{
	t->v = xrealloc(t->v, (t->n + 1) * sizeof(*t->v));
	t->v[t->n] = (struct turn){ .before = before, .after = after, .commit = "" };
	if (before)
		find_cause(&t->v[t->n]);
	else
		t->v[t->n].cause = xstrdup("first run");
	t->n++;
}

/* The newest first; of one moment, by cell. */
static int by_time(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	int ret = strcmp(y->after->stamp, x->after->stamp);

	return ret ? ret : strcmp(x->after->cell, y->after->cell);
}

/* What says nothing of the kernel, such as a run that was stopped, is no turn, and what follows is held against what was before. */
void turns_find(struct turns *t, const struct results *runs)
{
	const struct result *last = NULL;

	*t = (struct turns){0};
	for (size_t i = 0; i < runs->n; i++) {
		const struct result *r = &runs->v[i];

		if (r->grade == NONE)
			continue;
		if (last && strcmp(last->cell, r->cell))
			last = NULL;
		if (!last || last->shown != r->shown || strcmp(last->verdict, r->verdict))
			add(t, last, r);
		last = r;
	}
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_time);
}

void turns_free(struct turns *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].cause);
	free(t->v);
	*t = (struct turns){0};
}
