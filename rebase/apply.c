// SPDX-License-Identifier: GPL-2.0
/*
 * A rule is applied function by function: spatch is given a file that holds one function only.  It takes a tenth of the time that
 * the whole file takes, and when it matches nothing, or cannot parse, the function is known.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "apply.h"
#include "callers.h"
#include "candidates.h"
#include "fit.h"
#include "job.h"
#include "names.h"
#include "needed.h"
#include "slice.h"
#include "spatch.h"
#include "strays.h"

size_t place_of(const struct rule *r, const char *function)
{
	size_t i, others = r->n;

	for (i = 0; i < r->n && !strv_has(&r->places[i].names, function); i++)
		if (strv_has(&r->places[i].names, "*"))
			others = i;
	return i < r->n ? i : others;
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

int human(struct job *j, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (j->fact->failed) {
		_free_ before = j->fact->failed;

		j->fact->failed = xasprintf("%s; %s", before, text);
	} else {
		j->fact->failed = xstrdup(text);
	}
	err("rule %s: %s", j->rule->name, text);
	return NEEDS_HUMAN;
}

/* Did the rule match nothing because spatch cannot read the function?  NEEDS_HUMAN after saying so. */
static int check_parsed(struct job *j, const struct file *f, const struct slice *s)
{
	_free_ path = xasprintf("%s/%s.c", j->tmp, s->name);
	int line;

	if (!file_exists(path) || !unparsable(path, &line))
		return 0;
	j->fact->unparsed = true;
	return human(j, "%s:%d: spatch cannot parse the function %s, so the rule was not applied; "
		     "change the rule or add a fix-up patch to the kernel line",
		     f->path, line_of(f->text, s->start) + (line ? line - 1 : 0), s->name);
}

static int too_few(struct job *j, const struct file *f, const struct slice *s, int got, int wanted)
{
	_free_ lost = NULL;

	if (check_parsed(j, f, s))
		return NEEDS_HUMAN;
	lost = split_off(j->t, f->path, s->name);
	if (!got)
		return human(j, "%s: matches nothing in %s, must match %d; read the function and change %s%s",
			     f->path, s->name, wanted, j->rule->path, lost);
	return human(j, "%s: matches %d of %d places in %s; read the function and change %s%s",
		     f->path, got, wanted, s->name, j->rule->path, lost);
}

/* Is this after an #else or #elif of an #if that is still open?  It is what a kernel without some option has. */
static bool in_else(const char *text, size_t at)
{
	unsigned long elses = 0;	/* a bit for each open #if, the innermost is the lowest */

	for (const char *line = text; line && line < text + at; line = strchr(line, '\n')) {
		const char *what = line += *line == '\n';

		if (*what != '#')
			continue;
		what += 1 + strspn(what + 1, " \t");
		if (starts_with(what, "if"))
			elses <<= 1;
		else if (starts_with(what, "el"))
			elses |= 1;
		else if (starts_with(what, "endif"))
			elses >>= 1;
	}
	return elses;
}

/* Does nothing, as what a kernel without some option has in a function's place: no call, no condition, no loop. */
static bool is_stub(const char *text, const struct slice *s)
{
	return !memchr(text + s->body, '(', s->end - s->body);
}

/* A function in which nothing matches, a stub or one of several names: does it leave the work to another one? */
static void note_idle(struct job *j, const struct file *f, const struct slice *s, const struct place *p)
{
	int calls = in_else(f->text, s->start) || is_stub(f->text, s);

	for (size_t i = 0; i < p->names.n; i++)
		if (strcmp(p->names.v[i], s->name))
			calls += count_calls(f->text, s->body, s->end, p->names.v[i]);
	strv_add(&j->idle, calls ? "" : s->name);
	strv_add(&j->idle_at, f->path);
}

/* The rule on one function; *end is moved to the function's new end. */
static int apply_slice(struct job *j, struct file *f, const struct slice *s, size_t *end)
{
	const struct rule *r = j->rule;
	size_t p = place_of(r, s->name);
	int wanted = p < r->n ? r->places[p].wanted : 0, got, ret;
	_free_ before = xstrndup(f->text + s->start, s->end - s->start);
	_free_ text = xasprintf("%s\n", before);
	_free_ after = NULL, *wrong = NULL;

	if (spatch(r, j->tmp, s->name, text, &after))
		return -1;
	got = after ? count_calls(after, 0, strlen(after), r->adds) -
		      count_calls(before, 0, strlen(before), r->adds) : 0;
	if (p < r->n) {
		j->seen[p] |= wanted || after;
		j->got[p] += got;
	}
	if (!got && wanted && (r->places[p].names.n > 1 || is_stub(f->text, s)))
		note_idle(j, f, s, &r->places[p]);
	else if (got < wanted)
		return too_few(j, f, s, got, wanted);
	if (got > wanted)
		return human(j, "%s: matches %d place%s in %s, must match %d; read the function and change %s",
			     f->path, got, got == 1 ? "" : "s", s->name, wanted, r->path);
	if (p < r->n && r->everywhere && count_calls(before, 0, strlen(before), r->everywhere) != got)
		return human(j, "%s: %s calls %s %d times, and %d of them match; read the function and change %s", f->path, s->name,
			     r->everywhere, count_calls(before, 0, strlen(before), r->everywhere), got, r->path);
	if (!after)
		return 0;
	wrong = fit_wrong(r, p < r->n ? &r->places[p] : NULL, before, after);
	if (!wrong)
		wrong = names_unknown(j->t, f->path, j->header, before, after);
	if (wrong)
		return human(j, "%s: the rule does not fit %s: %s; read the function and change %s", f->path, s->name, wrong, r->path);
	ret = check_twins(j, before);
	if (ret)
		return ret;
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
		for (size_t k = 0; k < r->places[i].names.n; k++)
			if (strstr(text, r->places[i].names.v[k]))
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
		size_t end = s.end, p = place_of(j->rule, s.name);
		int ret = wanted_slice(j->rule, f->text, &s) ? apply_slice(j, f, &s, &end) : 0;

		if (ret < 0)
			return ret;
		if (ret && p < j->rule->n)
			j->told[p] = true;
		at = end;
	}
	if (j->fact->where.n == changes || j->rule->plain)
		return 0;
	text = add_include(f->text, j->header);
	if (text)
		tree_set(j->t, f->path, text);
	return 0;
}

/* The first of the rule's files that has a function of this name; NULL: none. */
static const struct file *find_there(const struct job *j, const char *name, struct slice *s)
{
	for (size_t i = 0; i < j->t->n; i++)
		if (rule_looks_at(j->rule, j->t->files[i].path) && slice_find(j->t->files[i].text, 0, name, s))
			return &j->t->files[i];
	return NULL;
}

/*
 * Where none of the functions of a place makes the call that is looked for, but one is there: "mm/vma.c: foo".  NULL: none is.
 * Caller frees.
 */
static char *silent_function(const struct job *j, const struct place *p)
{
	const struct file *f = NULL;
	struct slice s;

	for (size_t i = 0; !f && i < p->names.n; i++)
		f = find_there(j, p->names.v[i], &s);
	return f ? xasprintf("%s: %s", f->path, s.name) : NULL;
}

/* As check_parsed(), of all functions of a place. */
static int check_place_parsed(struct job *j, const struct place *p)
{
	int ret = 0;

	for (size_t i = 0; i < p->names.n; i++) {
		struct slice s;
		const struct file *f = find_there(j, p->names.v[i], &s);

		if (f && check_parsed(j, f, &s))
			ret = NEEDS_HUMAN;
	}
	return ret;
}

/* Of several names one is enough, but where two are there both do what is to be hooked. */
static int check_names(struct job *j, const struct place *p)
{
	for (size_t i = 0; i < j->idle.n; i++) {
		if (!strv_has(&p->names, j->idle.v[i]))
			continue;
		if (check_place_parsed(j, p))
			return NEEDS_HUMAN;
		return human(j, "%s: matches nothing in %s, but elsewhere in %s; read the function and change %s", j->idle_at.v[i],
			     j->idle.v[i], p->text, j->rule->path);
	}
	return 0;
}

/* Has each place what it must have? */
static int check_place(struct job *j, size_t i)
{
	const struct rule *r = j->rule;
	const struct place *p = &r->places[i];

	if (j->told[i] || !strcmp(p->text, "*"))
		return 0;
	if (j->seen[i] && j->got[i] == p->wanted)
		return check_names(j, p);
	if (check_place_parsed(j, p))
		return NEEDS_HUMAN;
	if (!j->seen[i]) {
		_free_ silent = p->wanted && r->everywhere ? silent_function(j, p) : NULL;
		_free_ nearest = silent ? NULL : candidates(j->t, r, p->names.v[0]);

		if (!p->wanted)
			return human(j, "no function %s in %s is changed; find where its code went and change %s%s",
				     p->text, r->in.v[0], r->path, nearest);
		if (silent)
			return human(j, "%s is there, but calls no %s; read the function and change %s", silent, r->everywhere, r->path);
		if (r->everywhere)
			return human(j, "no function %s in %s calls %s; find where its code went and change %s%s",
				     p->text, r->in.v[0], r->everywhere, r->path, nearest);
		return human(j, "there is no function %s in %s; find where its code went and change %s%s",
			     p->text, r->in.v[0], r->path, nearest);
	}
	if (!j->got[i]) {
		const char *path = j->idle.n ? j->idle_at.v[0] : r->in.v[0];
		_free_ lost = split_off(j->t, path, p->names.v[0]);

		return human(j, "%s: matches nothing in %s, must match %d; read the function and change %s%s", path, p->text,
			     p->wanted, r->path, lost);
	}
	return human(j, "%s is there more than once and %d places match, must be %d; read them and change %s",
		     p->text, j->got[i], p->wanted, r->path);
}

int skip_rule(struct job *j, char *why)
{
	const char *before = needed_before(j->rule, j->t->version);

	j->fact->skipped = why;
	if (!before)
		return 0;
	return human(j, "was needed in %s, is not here: %s; is that so? Then add a line 'Not needed: RELEASE' to %s, "
		     "else change its conditions",
		     before, why, j->rule->path);
}

/* The tree is said to do itself what the rule is for: is nothing left to which the rule applies all the same? */
static int check_nothing_left(struct job *j, const char *why)
{
	const struct rule *r = j->rule;
	struct slice s;

	for (size_t i = 0; i < j->t->n; i++) {
		const struct file *f = &j->t->files[i];

		if (!rule_looks_at(r, f->path) || !worth_slicing(r, f->text))
			continue;
		for (size_t at = 0; slice_next(f->text, at, &s); at = s.end) {
			_free_ text = place_of(r, s.name) < r->n ? xasprintf("%.*s\n", (int)(s.end - s.start), f->text + s.start) : NULL;
			_free_ after = NULL;

			if (text && spatch(r, j->tmp, s.name, text, &after))
				return -1;
			if (after)
				return human(j, "%s, but %s: %s has a place that the rule matches as well; read the function and change %s",
					     why, f->path, s.name, r->path);
		}
	}
	return 0;
}

/* A file or folder of the rule's is not there: its code may be in another one beside it. */
static int lost_file(struct job *j, const char *path)
{
	_free_ folder = folder_of(path), *nearest = NULL;

	if (*folder && tree_has_path(j->t, folder) && !tree_folder(j->t, folder))
		nearest = candidates(j->t, j->rule, j->rule->places[0].names.v[0]);
	return human(j, "the tree has no %s; find where its code went and change the line 'In:' of %s%s", path, j->rule->path,
		     nearest ? nearest : "");
}

/* Says in the fact whether this tree needs the rule.  As apply_rule(). */
static int check_needed(struct job *j)
{
	const struct rule *r = j->rule;
	_free_ why = not_needed(j->t, r);
	const char *but = NULL;
	int ret;

	if (!why) {
		for (size_t i = 0; i < r->in.n; i++) {
			if (!tree_has_path(j->t, r->in.v[i]))
				return lost_file(j, r->in.v[i]);
			if (tree_folder(j->t, r->in.v[i]))
				return -1;
		}
		why = done_already(j->t, r, &but);
		if (!why)
			return 0;
		if (but)
			return human(j, "%s, and nothing does so for %s; read both and change %s", why, but, r->path);
		ret = check_nothing_left(j, why);
		if (ret)
			return ret;
	}
	return skip_rule(j, xstrdup(why));
}

/* Every function that makes the call was looked at; is it made anywhere else? */
static int check_strays(struct job *j)
{
	_free_ strays = j->rule->everywhere ? strays_of_rule(j->t, j->rule) : NULL;

	if (!strays)
		return 0;
	return human(j, "%s; look at it, and hook it by hand or name its file in a line 'Except:' of %s", strays, j->rule->path);
}

/* Do only those functions have it that are hooked, or that were read? */
static int check_callers(struct job *j)
{
	_free_ unknown = callers_unknown(j->t, j->rule);

	return unknown ? human(j, "%s; read it and hook it, or name it in a Callers line of %s", unknown, j->rule->path) : 0;
}

/* All of it is looked at, so that one run says all that is wrong. */
static int apply_all(struct job *j)
{
	const struct rule *r = j->rule;
	int ret = check_needed(j);

	if (ret || j->fact->skipped)
		return ret;
	for (size_t i = 0; i < j->t->n && ret >= 0; i++)
		if (rule_looks_at(r, j->t->files[i].path))
			ret = apply_file(j, &j->t->files[i]);
	for (size_t i = 0; i < r->n && ret >= 0; i++) {
		j->fact->wanted += strcmp(r->places[i].text, "*") ? r->places[i].wanted : j->got[i];
		ret = check_place(j, i);
	}
	if (ret >= 0)
		ret = check_strays(j);
	if (ret >= 0)
		ret = check_callers(j);
	return ret < 0 ? ret : j->fact->failed ? NEEDS_HUMAN : 0;
}

int apply_rule(struct tree *t, const struct rule *r, const char *header, const char *tmp,
	       struct rule_fact *fact)
{
	struct job j = {
		.t = t, .rule = r, .header = header, .tmp = tmp, .fact = fact,
		.got = xcalloc(r->n, sizeof(int)), .seen = xcalloc(r->n, sizeof(bool)),
		.told = xcalloc(r->n, sizeof(bool)),
	};
	double start = now();
	int ret;

	fact->name = xstrdup(r->name);
	fact->subject = xstrdup(r->subject);
	ret = apply_all(&j);
	if (ret)
		tree_undo(t);
	fact->seconds = now() - start;
	free(j.got);
	free(j.seen);
	free(j.told);
	strv_free(&j.idle);
	strv_free(&j.idle_at);
	return ret;
}
