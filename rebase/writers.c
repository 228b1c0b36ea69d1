// SPDX-License-Identifier: GPL-2.0
/*
 * Finding the functions: those that make a call which a pattern names are cut out of their files, and spatch looks at them; what it
 * cannot read is found by its text.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "audit.h"
#include "slice.h"
#include "spatch.h"
#include "stores.h"
#include "strays.h"

/* A pattern file: what its functions do, and the calls that it names, or the types that they store through a pointer to. */
struct pattern {
	char *does;
	struct strv calls, types;
};

struct search {
	struct strv in, except, files;
	struct pattern *patterns;
	size_t n;
	struct strv names;		/* of all calls that they name, sorted */
	struct str rules;		/* all pattern files, for spatch */
	char *dir;			/* with one file a source, of the functions to look at */
};

static void search_free(struct search *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->patterns[i].does);
		strv_free(&s->patterns[i].calls);
		strv_free(&s->patterns[i].types);
	}
	free(s->patterns);
	strv_free(&s->names);
	strv_free(&s->in);
	strv_free(&s->except);
	strv_free(&s->files);
	str_free(&s->rules);
	if (s->dir)
		remove_tree(s->dir);
	free(s->dir);
}

/* The names in `=~ "^(a|b|c)$"`. */
static void read_calls(struct pattern *p, const char *text)
{
	for (const char *at = text; (at = strstr(at, "=~ \"^(")); ) {
		const char *end;
		_free_ list = NULL;

		at += strlen("=~ \"^(");
		end = strstr(at, ")$\"");
		if (!end)
			return;
		list = xstrndup(at, end - at);
		strv_split(&p->calls, list, "|");
		at = end;
	}
}

/* The names in `typedef a, b;`. */
static void read_types(struct pattern *p, const char *text)
{
	const char *at = strstr(text, "\ntypedef ");
	_free_ list = NULL;

	if (!at)
		return;
	at += strlen("\ntypedef ");
	list = xstrndup(at, strcspn(at, ";"));
	strv_split(&p->types, list, ", ");
}

static int read_patterns(struct search *s)
{
	_free_ dir = data_path("cocci/audit");
	_strv_ names = {0};

	dir_list(dir, ".cocci", &names);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		_str_ text = {0};
		struct pattern *p;

		if (file_read(path, &text) || !starts_with(str_get(&text), "// "))
			return err("%s: a pattern begins with a line '// WHAT ITS FUNCTIONS DO'", path);
		s->patterns = xrealloc(s->patterns, (s->n + 1) * sizeof(*s->patterns));
		p = &s->patterns[s->n++];
		*p = (struct pattern){ .does = xstrndup(text.s + 3, strcspn(text.s + 3, "\n")) };
		read_calls(p, text.s);
		read_types(p, text.s);
		if (!p->calls.n && !p->types.n)
			return err("%s: names no calls, identifier ... =~ \"^(a|b)$\", and no types: typedef a, b;", path);
		str_addf(&s->rules, "%s\n", text.s);
		for (size_t k = 0; k < p->calls.n; k++)
			strv_add(&s->names, p->calls.v[k]);
	}
	strv_sort(&s->names);
	return s->n ? 0 : err("%s has no patterns", dir);
}

static int read_conf(struct search *s)
{
	static const char *const keys[] = { "audit.in", "audit.file", "except.file", NULL };
	_cleanup_(conf_close) struct conf *c = NULL;
	_free_ path = data_path("cocci/audit/audit.conf");

	if (conf_open(&c, path) || conf_check_keys(c, keys))
		return -1;
	conf_all(c, "audit.in", &s->in);
	conf_all(c, "except.file", &s->except);
	conf_all(c, "audit.file", &s->files);
	return 0;
}

static bool is_except(const struct search *s, const char *path)
{
	for (size_t i = 0; i < s->except.n; i++)
		if (!fnmatch(s->except.v[i], path, 0))
			return true;
	return false;
}

/* Comments are left out, and white space between words that need none. */
static void add_tokens(struct str *out, const char *s)
{
	while (*s) {
		const char *end = past_comment(s);

		if (end != s) {
			s = end;
		} else if (isspace((unsigned char)*s)) {
			s++;
		} else {
			size_t n = 1;

			while (is_word(*s) && is_word(s[n]))
				n++;
			str_addn(out, s, n);
			str_add(out, " ");
			s += n;
		}
	}
}

char *fingerprint(const char *text)
{
	_str_ tokens = {0};
	git_oid id;

	add_tokens(&tokens, text);
	git_odb_hash(&id, str_get(&tokens), tokens.len, GIT_OBJECT_BLOB);
	return xstrndup(git_oid_tostr_s(&id), 12);
}

static void add_call(struct writer *w, const struct pattern *p, const char *call)
{
	if (!strv_has(&w->calls, call))
		strv_add(&w->calls, call);
	if (!strv_has(&w->does, p->does))
		strv_add(&w->does, p->does);
}

/* A function's stores through pointers to the types that a pattern names. */
static void note_stores(const struct search *s, struct writer *w, const char *text, size_t start, size_t end)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->patterns[i].types.n; k++) {
			const char *type = s->patterns[i].types.v[k];
			_free_ name = stores_through(text, start, end, type);
			_free_ store = name ? xasprintf("%s *%s", type, name) : NULL;

			if (store)
				add_call(w, &s->patterns[i], store);
		}
}

/* The calls of a text that a pattern names go to w. */
static void note_calls(const struct search *s, struct writer *w, const char *text, size_t from, size_t to)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct pattern *p = &s->patterns[i];

		for (size_t k = 0; k < p->calls.n; k++)
			if (count_calls(text, from, to, p->calls.v[k]))
				add_call(w, p, p->calls.v[k]);
	}
}

/* Takes over w's calls; its text is [start, end) of the file's. */
static void add_writer(struct writers *all, struct writer *w, const struct file *f, const char *name, size_t start, size_t end)
{
	w->name = xstrdup(name);
	w->path = xstrdup(f->path);
	w->line = line_of(f->text, start);
	w->text = xstrndup(f->text + start, end - start);
	w->print = fingerprint(w->text);
	w->unread = true;
	all->v = xrealloc(all->v, (all->n + 1) * sizeof(*all->v));
	all->v[all->n++] = *w;
}

/* Is it itself what a pattern looks for?  In a header, that is only another name: its callers are on the list. */
static bool is_primitive(const struct search *s, const char *name)
{
	return strv_has(&s->names, name);
}

/* A call in no function: in a macro, or in what could not be read. */
static void add_stray(const struct search *s, const struct file *f, size_t at, struct writers *all)
{
	struct writer w = {0};
	size_t start, end;
	_free_ macro = macro_at(f->text, at, &start, &end);

	if (macro && ends_with(f->path, ".h") && is_primitive(s, macro))
		return;
	/* a macro that makes several is there once */
	for (size_t i = all->n; i-- && !strcmp(all->v[i].path, f->path); )
		if (all->v[i].line == line_of(f->text, start))
			return;
	note_calls(s, &w, f->text, start, end);
	add_writer(all, &w, f, macro ? macro : "(no function)", start, end);
}

static void find_strays(const struct search *s, const struct file *f, struct writers *all)
{
	_free_ outside = NULL;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->patterns[i].calls.n; k++) {
			const char *call = s->patterns[i].calls.v[k];

			if (!strstr(f->text, call))
				continue;
			if (!outside)
				outside = outside_functions(f->text);
			for (long at = 0; (at = stray_call(outside, at, call)) >= 0; at += strlen(call))
				add_stray(s, f, at, all);
		}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Has the file any of the words that are looked for?  Most files have none; to look for each word in each file would take longer than
 * all the rest.
 */
static bool has_words(const struct search *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->patterns[i].types.n; k++)
			if (strstr(text, s->patterns[i].types.v[k]))
				return true;
	for (const char *p = text; (p = strchr(p, '(')); p++) {
		char word[64] = "", *key = word;
		size_t len = 0;

		while (p - len > text && is_word(p[-(ptrdiff_t)len - 1]))
			len++;
		if (!len || len >= sizeof(word))
			continue;
		memcpy(word, p - len, len);
		if (bsearch(&key, s->names.v, s->names.n, sizeof(*s->names.v), by_name))
			return true;
	}
	return false;
}

/* Every function of the file that makes such a call, or such a store. */
static void find_in(const struct search *s, const struct file *f, struct writers *all)
{
	bool header = ends_with(f->path, ".h");
	struct slice at = {0};

	if (is_except(s, f->path) || !has_words(s, f->text))
		return;
	for (size_t from = 0; slice_next(f->text, from, &at); from = at.end) {
		struct writer w = {0};

		if (header && is_primitive(s, at.name))
			continue;
		note_calls(s, &w, f->text, at.body, at.end);
		note_stores(s, &w, f->text, at.start, at.end);
		if (w.calls.n)
			add_writer(all, &w, f, at.name, at.start, at.end);
	}
	find_strays(s, f, all);
}

struct others {
	const struct search *s;
	struct writers *all;
};

static bool find_in_other(const struct file *f, void *arg)
{
	struct others *o = arg;

	if (!in_folders(f->path, &o->s->in, &(struct strv){0}))
		find_in(o->s, f, o->all);
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct writer *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : x->line - y->line;
}

/* Each function as a file of its own, named by its number. */
static int cut_out(const struct search *s, const struct writers *all)
{
	_free_ rules = xasprintf("%s/patterns.cocci", s->dir);
	int ret = mkdirs(s->dir);

	if (!ret)
		ret = file_write(rules, str_get(&s->rules), s->rules.len);
	for (size_t i = 0; i < all->n && !ret; i++) {
		_free_ path = xasprintf("%s/%zu.c", s->dir, i);
		_free_ text = xasprintf("%s\n", all->v[i].text);

		ret = file_write(path, text, strlen(text));
	}
	return ret ? err("cannot write to %s: %s", s->dir, strerror(-ret)) : 0;
}

/* spatch's answer is a diff in which the matching lines are taken away: "--- /dir/17.c", then "-	set_pte_at(...)". */
static void read_answer(struct writers *all, const char *text)
{
	_strv_ lines = {0};
	struct writer *w = NULL;

	strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		if (starts_with(lines.v[i], "--- ")) {
			const char *name = strrchr(lines.v[i], '/');
			size_t number = strtoul(name ? name + 1 : lines.v[i] + 4, NULL, 10);

			w = number < all->n ? &all->v[number] : NULL;
		} else if (lines.v[i][0] == '-' && w) {
			w->unread = false;
		}
	}
}

static char *kept_of(const struct search *s, const struct writers *all)
{
	struct hash h = {0};

	hash_text(&h, "patterns", str_get(&s->rules));
	for (size_t i = 0; i < all->n; i++)
		hash_text(&h, "function", all->v[i].text);
	return spatch_kept(&h);
}

static int ask_spatch(const struct search *s, const struct writers *all, struct str *answer)
{
	_free_ rules = xasprintf("%s/patterns.cocci", s->dir);
	_free_ jobs = xasprintf("%ld", sysconf(_SC_NPROCESSORS_ONLN));
	_free_ macros = data_path("cocci/macros.h");
	_str_ why = {0};
	_run_ r = { .out = answer, .err = &why };
	int ret = cut_out(s, all);

	if (ret)
		return ret;
	run_args(&r, "spatch", "--very-quiet", "--no-includes", "--macro-file", macros, "-j", jobs, "--sp-file", rules, "--dir", s->dir,
		 NULL);
	ret = run_wait(&r);
	if (ret) {
		_free_ said = run_describe(&r, ret);

		return run_stopped() ? -EINTR : err("audit: %s: %.*s", said, (int)strcspn(str_get(&why), "\n"), str_get(&why));
	}
	return 0;
}

/* What it answers of the same functions it has answered before. */
static int match(const struct search *s, struct writers *all)
{
	_free_ kept = kept_of(s, all);
	_str_ answer = {0};

	if (file_read(kept, &answer)) {
		int ret = ask_spatch(s, all, &answer);

		if (ret)
			return ret;
		spatch_keep(kept, str_get(&answer));
	}
	read_answer(all, str_get(&answer));
	return 0;
}

char *writers_text(struct tree *t, const char *path, const char *function)
{
	_cleanup_(search_free) struct search s = {0};
	const struct file *same = tree_file(t, path);
	struct slice at;

	if (same && slice_find(same->text, 0, function, &at))
		return xstrndup(same->text + at.start, at.end - at.start);
	if (read_conf(&s))
		return NULL;
	for (size_t i = 0; i < s.in.n; i++)
		if (tree_folder(t, s.in.v[i]))
			return NULL;
	for (size_t i = 0; i < t->n; i++) {
		const struct file *f = &t->files[i];

		if (in_folders(f->path, &s.in, &s.except) && slice_find(f->text, 0, function, &at))
			return xstrndup(f->text + at.start, at.end - at.start);
	}
	return NULL;
}

int writers_find(struct tree *t, struct writers *all)
{
	_cleanup_(search_free) struct search s = { .dir = cache_path("tmp/audit-%d", getpid()) };
	struct others o = { &s, all };

	*all = (struct writers){0};
	if (read_conf(&s) || read_patterns(&s))
		return -1;
	for (size_t i = 0; i < s.in.n; i++)
		if (tree_folder(t, s.in.v[i]))
			return -1;
	for (size_t i = 0; i < t->n; i++)
		if (in_folders(t->files[i].path, &s.in, &s.except))
			find_in(&s, &t->files[i], all);
	for (size_t i = 0; i < s.files.n; i++)
		tree_each(t, s.files.v[i], find_in_other, &o);
	qsort(all->v, all->n, sizeof(*all->v), by_place);
	return match(&s, all);
}

void writers_free(struct writers *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].name);
		free(all->v[i].path);
		free(all->v[i].text);
		free(all->v[i].print);
		strv_free(&all->v[i].calls);
		strv_free(&all->v[i].does);
	}
	free(all->v);
	*all = (struct writers){0};
}
