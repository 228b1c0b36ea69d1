// SPDX-License-Identifier: GPL-2.0
/*
 * A rule is applied function by function: spatch is given a file that holds one function only.  It takes a tenth of the time that
 * the whole file takes, and when it matches nothing, or cannot parse, the function is known.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "apply.h"
#include "slice.h"

/* One rule at work. */
struct job {
	struct tree *t;
	const struct rule *rule;
	const char *header, *tmp;
	struct rule_fact *fact;
	int *got;			/* places matched, one a rule->places[] */
	bool *seen;			/* function found, or, where no call is wanted, changed; one a rule->places[] */
};

static int line_of(const char *text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

static size_t place_of(const struct rule *r, const char *function)
{
	size_t i;

	for (i = 0; i < r->n && strcmp(r->places[i].function, function); i++)
		;
	return i;
}

/* True when spatch can't make sense of the function; *line is the first bad one, from 1. */
static bool unparsable(const char *path, int *line)
{
	_run_ run = {0};
	_str_ out = {0};
	const char *at;

	run_args(&run, "spatch", "--parse-c", "--verbose-parsing", path, NULL);
	run.out = run.err = &out;
	run_wait(&run);
	at = strstr(str_get(&out), "parse error");
	if (at)
		at = strstr(at, ", line ");
	*line = at ? atoi(at + strlen(", line ")) : 0;
	return strstr(str_get(&out), "badcount:") != NULL || at;
}

/* Runs spatch on the text of one function; *after gets the new text, or stays NULL when nothing matched. */
static int spatch(struct job *j, const char *function, const char *before, size_t len, char **after)
{
	_free_ in = xasprintf("%s/%s.c", j->tmp, function);
	_free_ out = xasprintf("%s/%s.out", j->tmp, function);
	_run_ run = {0};
	_str_ said = {0}, text = {0};
	int status;

	if (file_write(in, before, len) || file_write(out, "", 0))
		return err("cannot write to %s; is the disk full?", j->tmp);
	run_args(&run, "spatch", "--very-quiet", "--no-includes", "--sp-file", j->rule->path, in, "-o", out, NULL);
	run.out = run.err = &said;
	status = run_wait(&run);
	/* some releases call it a failure when there is nothing to write */
	if (status == 255 && strstr(str_get(&said), "no modified files"))
		return 0;
	if (status) {
		const char *why = strstr(str_get(&said), "error");
		_free_ line = xstrndup(why ? why : str_get(&said), strcspn(why ? why : str_get(&said), "\n"));
		_free_ what = run_describe(&run, status);

		return err("rule %s: %s: %s", j->rule->name, what, line);
	}
	if (!file_read(out, &text) && text.len && strcmp(text.s, before))
		*after = xstrdup(text.s);
	return 0;
}

/* Puts the function's new text into its file and notes where. */
static void splice(struct job *j, struct file *f, const struct slice *s, const char *after)
{
	const char *call = strstr(after, j->rule->adds);
	_str_ text = {0};

	str_addn(&text, f->text, s->start);
	str_add(&text, after);
	str_add(&text, f->text + s->end);
	strv_addf(&j->fact->where, "%s:%d %s", f->path,
		  line_of(str_get(&text), s->start + (call ? call - after : 0)), s->name);
	free(f->text);
	f->text = text.s;
	text.s = NULL;
	f->changed = true;
}

static int too_few(struct job *j, const struct file *f, const struct slice *s, int got, int wanted)
{
	_free_ path = xasprintf("%s/%s.c", j->tmp, s->name);
	int line;

	if (unparsable(path, &line))
		return err("rule %s: %s:%d: spatch cannot parse the function %s, so the rule was not applied; change the rule or add a fix-up patch to the kernel line",
			   j->rule->name, f->path, line_of(f->text, s->start) + (line ? line - 1 : 0), s->name);
	if (!got)
		return err("rule %s: %s: matches nothing in %s, must match %d; read the function and change %s",
			   j->rule->name, f->path, s->name, wanted, j->rule->path);
	return err("rule %s: %s: matches %d of %d places in %s; read the function and change %s",
		   j->rule->name, f->path, got, wanted, s->name, j->rule->path);
}

/* The rule on one function; *end is moved to the function's new end. */
static int apply_slice(struct job *j, struct file *f, const struct slice *s, size_t *end)
{
	const struct rule *r = j->rule;
	size_t p = place_of(r, s->name);
	int wanted = p < r->n ? r->places[p].wanted : 0, got;
	_free_ before = xstrndup(f->text + s->start, s->end - s->start);
	_free_ text = xasprintf("%s\n", before);
	_free_ after = NULL;

	if (spatch(j, s->name, text, strlen(text), &after))
		return -1;
	got = after ? count_calls(after, 0, strlen(after), r->adds) -
		      count_calls(before, 0, strlen(before), r->adds) : 0;
	if (p < r->n) {
		j->seen[p] |= wanted || after;
		j->got[p] += got;
	}
	if (got < wanted)
		return too_few(j, f, s, got, wanted);
	if (got > wanted)
		return err("rule %s: %s: matches %d places in %s, must match %d; read the function and change %s",
			   r->name, f->path, got, s->name, wanted, r->path);
	if (!after)
		return 0;
	after[strlen(after) - 1] = 0;	/* the newline that we added */
	splice(j, f, s, after);
	*end = s->start + strlen(after);
	j->fact->places += got;
	return 0;
}

static bool wanted_slice(const struct rule *r, const char *text, const struct slice *s)
{
	if (r->everywhere)	/* of a function that is there twice, under #ifdef, one may have nothing to match */
		return count_calls(text, s->body, s->end, r->everywhere);
	return place_of(r, s->name) < r->n;
}

/* A quick look before the functions are told apart. */
static bool worth_slicing(const struct rule *r, const char *text)
{
	if (r->everywhere && strstr(text, r->everywhere))
		return true;
	for (size_t i = 0; i < r->n; i++)
		if (strstr(text, r->places[i].function))
			return true;
	return false;
}

static int apply_file(struct job *j, struct file *f)
{
	size_t at = 0, changes = j->fact->where.n;
	struct slice s;
	char *text;

	if (!worth_slicing(j->rule, f->text))
		return 0;
	while (slice_next(f->text, at, &s)) {
		at = s.end;
		if (wanted_slice(j->rule, f->text, &s) && apply_slice(j, f, &s, &at))
			return -1;
	}
	if (j->fact->where.n == changes)
		return 0;
	text = add_include(f->text, j->header);
	if (text)
		tree_set(j->t, f->path, text);
	return 0;
}

/* Is the rule to look into this file? */
static bool in_scope(const struct rule *r, const char *path)
{
	if (!ends_with(path, ".c") || strv_has(&r->except, path))
		return false;
	for (size_t i = 0; i < r->in.n; i++) {
		size_t len = strlen(r->in.v[i]);

		if (!strncmp(path, r->in.v[i], len) && path[len] == '/')
			return true;
	}
	return false;
}

static int apply_all(struct job *j)
{
	const struct rule *r = j->rule;

	for (size_t i = 0; i < r->in.n; i++)
		if (tree_folder(j->t, r->in.v[i]))
			return -1;
	for (size_t i = 0; i < j->t->n; i++)
		if (in_scope(r, j->t->files[i].path) && apply_file(j, &j->t->files[i]))
			return -1;
	for (size_t i = 0; i < r->n; i++) {
		j->fact->wanted += r->places[i].wanted;
		if (!j->seen[i] && !r->places[i].wanted)
			return err("rule %s: no function %s in %s is changed; find where its code went and change %s",
				   r->name, r->places[i].function, r->in.v[0], r->path);
		if (!j->seen[i] && r->everywhere)
			return err("rule %s: no function %s in %s calls %s; find where its code went and change %s",
				   r->name, r->places[i].function, r->in.v[0], r->everywhere, r->path);
		if (!j->seen[i])
			return err("rule %s: there is no function %s in %s; find where its code went and change %s",
				   r->name, r->places[i].function, r->in.v[0], r->path);
		if (j->got[i] != r->places[i].wanted)
			return err("rule %s: %s is there more than once and %d places match, must be %d; read them and change %s",
				   r->name, r->places[i].function, j->got[i], r->places[i].wanted, r->path);
	}
	return 0;
}

int apply_rule(struct tree *t, const struct rule *r, const char *header, const char *tmp,
	       struct rule_fact *fact)
{
	struct job j = { t, r, header, tmp, fact, xcalloc(r->n, sizeof(int)), xcalloc(r->n, sizeof(bool)) };
	double start = now();
	int ret;

	fact->name = xstrdup(r->name);
	fact->subject = xstrdup(r->subject);
	ret = apply_all(&j);
	fact->seconds = now() - start;
	free(j.got);
	free(j.seen);
	return ret;
}
