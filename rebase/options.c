// SPDX-License-Identifier: GPL-2.0
/* The options that our own files ask for: does the tree have them?  One that is gone is off, and nothing complains. */
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "apply.h"
#include "blank.h"
#include "options.h"
#include "slice.h"

#define OPTION_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

struct option {
	char *name, *at;		/* without CONFIG_; "mm/shpte/shpte.h:184", where it is asked for first */
	bool there;
};

struct options {
	struct tree *t;
	struct option *v;
	size_t n;
};

static struct option *find(struct options *o, const char *name, size_t len)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strncmp(o->v[i].name, name, len) && !o->v[i].name[len])
			return &o->v[i];
	return NULL;
}

static void add(struct options *o, const struct file *f, size_t at, const char *name, size_t len)
{
	if (find(o, name, len))
		return;
	o->v = xrealloc(o->v, (o->n + 1) * sizeof(*o->v));
	o->v[o->n++] = (struct option){ .name = xstrndup(name, len), .at = xasprintf("%s:%d", f->path, line_of(f->text, at)) };
}

static void read_code(struct options *o, const struct file *f)
{
	_free_ text = xstrdup(f->text);
	const size_t prefix = strlen("CONFIG_");
	size_t len;

	blank(text);
	for (const char *w = text; (w = next_word(w, &len)); w += len)
		if (starts_with(w, "CONFIG_") && len > prefix)
			add(o, f, w - text, w + prefix, len - prefix);
}

/* Does the line say what an option depends on, or what it is set to? */
static bool is_condition(const char *line)
{
	static const char *const keys[] = { "depends on ", "select ", "imply ", "if ", "default ", "def_bool ", NULL };

	for (size_t i = 0; keys[i]; i++)
		if (starts_with(line, keys[i]))
			return true;
	return false;
}

static void read_kconfig(struct options *o, const struct file *f)
{
	bool on = false, goes_on = false;

	for (const char *line = f->text, *end; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		on = goes_on ? on : is_condition(line + strspn(line, " \t"));
		goes_on = end > line && end[-1] == '\\';
		for (const char *w = line; on && w < end; w++) {
			size_t len = strspn(w, OPTION_CHARS);

			if (len > 1 && w > line && !is_word(w[-1]) && !is_word(w[len]))
				add(o, f, w - f->text, w, len);
			w += len;
		}
	}
}

/* Marks those that a Kconfig file of the tree, or ours, declares. */
static void read_declared(struct options *o, const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		struct option *found;
		size_t skip;

		line += *line == '\n';
		skip = starts_with(line, "config ") ? 7 : starts_with(line, "menuconfig ") ? 11 : 0;
		found = skip ? find(o, line + skip, strcspn(line + skip, " \t\n")) : NULL;
		if (found)
			found->there = true;
	}
}

static int visit(const char *root, const git_tree_entry *e, void *arg)
{
	struct options *o = arg;
	git_blob *blob = NULL;
	_free_ text = NULL;

	if (git_tree_entry_type(e) != GIT_OBJECT_BLOB || !starts_with(git_tree_entry_name(e), "Kconfig") ||
	    git_blob_lookup(&blob, o->t->repo, git_tree_entry_id(e)))
		return 0;
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	read_declared(o, text);
	git_blob_free(blob);
	return 0;
}

/* A rule that says when there is an option says what to do where there is none. */
static void read_rule(struct options *o, const struct rule *r)
{
	for (size_t i = 1; i < r->when.n; i += 2)
		read_declared(o, r->when.v[i]);
}

int check_options(struct tree *t, const struct rule *rules, size_t n, struct rule_fact *fact)
{
	struct options o = { .t = t };
	int ret = 0, missing = 0;

	for (size_t i = 0; i < fact->where.n; i++) {
		const struct file *f = tree_file(t, fact->where.v[i]);

		/* not mm/Kconfig, which is the tree's but for a line */
		if (f && ends_with(f->path, "/shpte/Kconfig"))
			read_kconfig(&o, f);
		else if (f && is_code(f->path))
			read_code(&o, f);
	}
	for (size_t i = 0; i < n; i++)
		read_rule(&o, &rules[i]);
	if (git_tree_walk(t->base, GIT_TREEWALK_PRE, visit, &o))
		ret = err("the Kconfig files of the tree cannot be read: %s", git_error_last() ? git_error_last()->message : "?");
	for (size_t i = 0; i < o.n; i++) {
		if (!ret && !o.v[i].there)
			missing = payload_misfit(fact, "%s asks for %s, which no Kconfig file of this tree has; a rule of cocci/churn must follow",
				       o.v[i].at, o.v[i].name);
		free(o.v[i].name);
		free(o.v[i].at);
	}
	free(o.v);
	return ret ? ret : missing;
}
