// SPDX-License-Identifier: GPL-2.0
/* The first commit of a branch: our own files, and the lines that make the tree build them. */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "apply.h"

static const char *const keys[] = {
	"commit.subject", "commit.body", "commit.include",
	"insert.*.after", "insert.*.before", "insert.*.line", NULL
};

/* Every file below payload/<sub> goes to <sub> in the tree. */
static int copy_files(struct tree *t, const char *sub, struct rule_fact *fact)
{
	_free_ dir = data_path("cocci/payload/%s", sub);
	_strv_ names = {0};

	if (dir_list(dir, NULL, &names))
		return err("%s is missing", dir);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);
		_free_ in_tree = xasprintf("%s%s%s", sub, *sub ? "/" : "", names.v[i]);
		_str_ text = {0};
		struct stat st;

		if (stat(path, &st))
			return err("%s vanished", path);
		if (S_ISDIR(st.st_mode)) {
			if (copy_files(t, in_tree, fact))
				return -1;
			continue;
		}
		if (!*sub)	/* payload.conf itself */
			continue;
		if (tree_file(t, in_tree))
			return err("payload: the tree has a file %s of its own", in_tree);
		if (file_read(path, &text))
			return err("cannot read %s", path);
		tree_set(t, in_tree, xstrdup(str_get(&text)));
		strv_add(&fact->where, in_tree);
	}
	return 0;
}

/* The last line that equals `line`, as an offset; -1: none. */
static long find_line(const char *text, const char *line)
{
	size_t len = strlen(line);
	long found = -1;

	for (const char *p = text; p && *p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (!strncmp(p, line, len) && (p[len] == '\n' || !p[len]))
			found = p - text;
	}
	return found;
}

/*
 * Before which paragraph one that begins with `line` goes in a file whose paragraphs are sorted, as MAINTAINERS: behind
 * the greatest of those that sort before it, for some stand elsewhere.  An offset; -1: there is none.
 */
static long find_sorted(const char *text, const char *line)
{
	const char *best = NULL, *next;
	long at = -1;

	for (const char *p = text; *p; p = next) {
		next = strstr(p, "\n\n");
		if (!next)
			break;
		next += strspn(next, "\n");
		if (strcmp(p, line) >= 0 || (best && strcmp(p, best) <= 0))
			continue;
		best = p;
		at = next - text;
	}
	return at;
}

/* Where the new line goes, as an offset; -1: no such place. */
static long insert_place(const char *text, const char *after, const char *before, const char *line)
{
	long at;

	if (before && !strcmp(before, "sorted"))
		return find_sorted(text, line);
	if (before)
		return find_line(text, before);
	if (!strcmp(after, "last"))
		return strlen(text);
	at = find_line(text, after);
	if (at >= 0) {
		at += strlen(after);
		at += text[at] == '\n';
	}
	return at;
}

int payload_misfit(struct rule_fact *fact, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err("payload: %s", text);
	if (!fact->failed)
		fact->failed = xstrdup(text);
	return NEEDS_HUMAN;
}

static int insert_line(struct tree *t, struct conf *c, const char *path, struct rule_fact *fact)
{
	_free_ k_after = xasprintf("insert.%s.after", path);
	_free_ k_before = xasprintf("insert.%s.before", path);
	_free_ k_line = xasprintf("insert.%s.line", path);
	const char *after = conf_get(c, k_after), *before = conf_get(c, k_before);
	const char *line = conf_get(c, k_line);
	struct file *f = tree_file(t, path);
	long at;

	if (!line || !after == !before)
		return err("payload.conf: [insert \"%s\"] needs a line, and either after or before", path);
	if (!f)
		return payload_misfit(fact, "the tree has no file %s to add '%s' to", path, line);
	at = insert_place(f->text, after, before, line);
	if (at < 0)
		return payload_misfit(fact, "%s has no line '%s' to add '%s' at; change cocci/payload/payload.conf", path, before ? before : after,
				line);
	strv_addf(&fact->where, "%s", path);
	tree_set(t, path, xasprintf("%.*s%s%s\n%s", (int)at, f->text, at && f->text[at - 1] != '\n' ? "\n" : "", line, f->text + at));
	return 0;
}

int apply_payload(struct tree *t, char **subject, char **header, struct rule_fact *fact)
{
	_free_ path = data_path("cocci/payload/payload.conf");
	_cleanup_(conf_close) struct conf *c = NULL;
	_strv_ inserts = {0};
	double start = now();
	int ret = 0;

	if (conf_open(&c, path) || conf_check_keys(c, keys))
		return -1;
	if (!conf_get(c, "commit.subject") || !conf_get(c, "commit.include"))
		return err("%s: [commit] needs subject and include", path);
	if (copy_files(t, "", fact))
		return -1;
	conf_subsections(c, "insert", &inserts);
	for (size_t i = 0; i < inserts.n && ret >= 0; i++)
		ret = insert_line(t, c, inserts.v[i], fact);
	if (ret < 0)
		return -1;
	*header = xstrdup(conf_get(c, "commit.include"));
	*subject = xasprintf("%s\n\n%s", conf_get(c, "commit.subject"),
			     conf_get(c, "commit.body") ? conf_get(c, "commit.body") : "");
	fact->name = xstrdup("payload");
	fact->subject = xstrdup(conf_get(c, "commit.subject"));
	fact->places = fact->where.n;
	fact->wanted = fact->places + !!fact->failed;
	fact->seconds = now() - start;
	return fact->failed ? NEEDS_HUMAN : 0;
}
