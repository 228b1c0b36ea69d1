// SPDX-License-Identifier: GPL-2.0
/* What our own files call and name of the kernel: does the tree have it? */
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "apply.h"
#include "blank.h"
#include "calls.h"
#include "nearest.h"
#include "slice.h"

#define BUCKETS 1024
#define ARGS_MAX 30

/* A name that our files call, or that is a constant or a member there, and that they do not declare. */
struct call {
	struct call *next;
	char *name, *at;		/* "mm/shpte/core.c:278", where it is first */
	unsigned long args;		/* a bit for each number of arguments that we give it */
	unsigned long known;		/* and that the tree's headers have it with */
	bool called;			/* else it is a constant or a member */
	bool ours, there, any;		/* declared by us; in a header; there with arguments that can't be counted */
};

struct calls {
	struct call *bucket[BUCKETS];
	struct tree *t;
	const struct strv *own;
};

static struct call **place_of(struct calls *c, const char *name, size_t len)
{
	unsigned int h = 5381;
	struct call **p;

	for (size_t i = 0; i < len; i++)
		h = h * 33 + (unsigned char)name[i];
	for (p = &c->bucket[h % BUCKETS]; *p; p = &(*p)->next)
		if (!strncmp((*p)->name, name, len) && !(*p)->name[len])
			break;
	return p;
}

static void calls_free(struct calls *c)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct call *next, *p = c->bucket[i]; p; p = next) {
			next = p->next;
			free(p->name);
			free(p->at);
			free(p);
		}
}

/* The number of arguments in the parentheses that open at p; -1: it cannot be told. */
static int count_args(const char *p)
{
	const char *first = p + 1 + strspn(p + 1, " \t\n");
	int depth = 0, n = 1;

	if (*first == ')' || (!strncmp(first, "void", 4) && first[4 + strspn(first + 4, " \t\n")] == ')'))
		return 0;
	for (; *p; p++) {
		depth += strchr("([{", *p) ? 1 : strchr(")]}", *p) ? -1 : 0;
		if (!depth)
			return n < ARGS_MAX ? n : -1;
		if (depth == 1 && !strncmp(p, "...", 3))
			return -1;
		n += depth == 1 && *p == ',';
	}
	return -1;
}

/* The end of the list that an `enum NAME {` opens at this word; the word itself: none. */
static const char *enum_end(const char *word)
{
	const char *brace = word + strcspn(word, "{;()=,"), *end = *brace == '{' ? strchr(brace, '}') : NULL;

	return starts_with(word, "enum ") && end ? end : word;
}

/* Notes what one of our files calls and names, and what it declares. */
static void read_ours(struct calls *c, const struct file *f)
{
	const char *listed;
	_free_ text = xstrdup(f->text);
	size_t len;

	blank(text);
	listed = text;
	for (const char *w = text; (w = next_word(w, &len)); w += len) {
		bool member = is_member(text, w), declared = !member && (w < listed || is_declared(text, w));
		bool called = w[len] == '(' && !declared && !member;
		bool named = called || (!declared && (member || is_constant(w, len)));
		struct call **p;

		if (w >= listed)
			listed = enum_end(w);
		if ((!declared && !named) || is_keyword(w, len))
			continue;
		p = place_of(c, w, len);
		if (!*p) {
			*p = xcalloc(1, sizeof(**p));
			(*p)->name = xstrndup(w, len);
		}
		(*p)->ours |= declared;
		(*p)->called |= called;
		if (named && !(*p)->at)
			(*p)->at = xasprintf("%s:%d", f->path, line_of(text, w - text));
		if (called && count_args(w + len) >= 0)
			(*p)->args |= 1ul << count_args(w + len);
	}
}

/* Looks in a header for what we call and name. */
static void read_header(struct calls *c, char *text)
{
	size_t len;

	blank(text);
	for (const char *w = text; (w = next_word(w, &len)); w += len) {
		struct call *call = *place_of(c, w, len);
		int n;

		/* of BIT() and the like there are thousands, and none says more */
		if (!call || call->ours || call->any || is_member(text, w))
			continue;
		n = w[len] == '(' ? count_args(w + len) : -1;
		call->there = true;
		if (n < 0)
			call->any = true;
		else
			call->known |= 1ul << n;
	}
}

static bool is_header(const char *path)
{
	const char *name = strrchr(path, '/');

	if (!ends_with(path, ".h"))
		return false;
	return starts_with(path, "include/") || (starts_with(path, "arch/") && strstr(path, "/include/")) ||
	       (starts_with(path, "mm/") && name == path + strlen("mm"));
}

static int visit(const char *root, const git_tree_entry *e, void *arg)
{
	_free_ path = xasprintf("%s%s", root, git_tree_entry_name(e)), *text = NULL;
	struct calls *c = arg;
	git_blob *blob = NULL;

	if (git_tree_entry_type(e) == GIT_OBJECT_TREE) {
		/* 1: not into this folder */
		if (*root)
			return 0;
		return strcmp(path, "include") && strcmp(path, "arch") && strcmp(path, "mm");
	}
	if (!is_header(path) || strv_has(c->own, path) || git_blob_lookup(&blob, c->t->repo, git_tree_entry_id(e)))
		return 0;
	text = xstrndup(git_blob_rawcontent(blob), git_blob_rawsize(blob));
	read_header(c, text);
	git_blob_free(blob);
	return 0;
}

/* The smallest number in the mask. */
static int least(unsigned long mask)
{
	int n = 0;

	while (!(mask >> n & 1))
		n++;
	return n;
}

/* What is wrong with the call, caller frees; NULL: nothing. */
static char *misfit(struct tree *t, const struct call *p)
{
	unsigned long strange = p->args & ~p->known;

	if (p->ours || !p->at)
		return NULL;
	if (!p->there) {
		_free_ near = nearest(t, p->name, p->called);

		return xasprintf("%s %s %s%s, which no header of this tree has; a rule of cocci/churn must follow%s", p->at,
				 p->called ? "calls" : "names", p->name, p->called ? "()" : "", near);
	}
	if (p->any || !strange)
		return NULL;
	return xasprintf("%s calls %s() with %d arguments, which in this tree has %d; a rule of cocci/churn must follow", p->at, p->name,
			 least(strange), least(p->known));
}

static int judge(struct calls *c, struct rule_fact *fact)
{
	_strv_ all = {0};

	for (size_t i = 0; i < BUCKETS; i++)
		for (struct call *p = c->bucket[i]; p; p = p->next) {
			_free_ why = misfit(c->t, p);

			if (why)
				strv_add(&all, why);
		}
	strv_sort(&all);
	for (size_t i = 0; i < all.n; i++)
		payload_misfit(fact, "%s", all.v[i]);
	return all.n ? NEEDS_HUMAN : 0;
}

int check_calls(struct tree *t, struct rule_fact *fact)
{
	struct calls c = { .t = t, .own = &fact->where };
	int ret = 0;

	for (size_t i = 0; i < fact->where.n; i++) {
		const struct file *f = tree_file(t, fact->where.v[i]);

		if (f && is_code(f->path))
			read_ours(&c, f);
	}
	if (git_tree_walk(t->base, GIT_TREEWALK_PRE, visit, &c))
		ret = err("the headers of the tree cannot be read: %s", git_error_last() ? git_error_last()->message : "?");
	if (!ret)
		ret = judge(&c, fact);
	calls_free(&c);
	return ret;
}
