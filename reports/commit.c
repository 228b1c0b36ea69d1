// SPDX-License-Identifier: GPL-2.0
/* Commits out of the store: message and diff. */
#include <git2.h>
#include <string.h>

#include "../lib/log.h"
#include "format.h"
#include "html.h"
#include "site.h"

#define MOST_LINES 20000	/* shown of one commit's diff */

static void commit_free(git_commit **c)
{
	git_commit_free(*c);
}

static void tree_free(git_tree **t)
{
	git_tree_free(*t);
}

static void diff_free(git_diff **d)
{
	git_diff_free(*d);
}

static int git_err(const char *hex)
{
	const git_error *e = git_error_last();

	return err("commit %.12s in the store: %s", hex, e ? e->message : "unreadable");
}

static int find(struct site *s, const char *hex, git_commit **c)
{
	git_oid id;
	int ret;

	if (!s->repo || git_oid_fromstr(&id, hex))
		return 1;
	ret = git_commit_lookup(c, s->repo, &id);
	return ret == GIT_ENOTFOUND ? 1 : ret ? git_err(hex) : 0;
}

int commit_message(struct site *s, const char *hex, struct str *body)
{
	_cleanup_(commit_free) git_commit *c = NULL;
	int ret = find(s, hex, &c);
	const char *text = ret ? NULL : git_commit_body(c);

	if (text)
		str_add(body, text);
	return ret;
}

struct lines {
	struct str *html;
	int left;
};

/* libgit2 gives a file's header as one piece of several lines, code without its sign. */
static int add_line(const git_diff_delta *delta, const git_diff_hunk *hunk, const git_diff_line *line, void *arg)
{
	struct lines *l = arg;
	const char *class = line->origin == GIT_DIFF_LINE_ADDITION ? "add" :
			    line->origin == GIT_DIFF_LINE_DELETION ? "del" :
			    line->origin == GIT_DIFF_LINE_HUNK_HDR ? "hunk" :
			    line->origin == GIT_DIFF_LINE_FILE_HDR ? "file" : NULL;
	bool code = strchr("+- ", line->origin);
	bool newline = line->content_len && line->content[line->content_len - 1] == '\n';

	if (l->left-- <= 0)
		return 0;
	if (class)
		html_addf(l->html, "<span class=\"%s\">", class);
	if (code)
		str_addn(l->html, &line->origin, 1);
	html_textn(l->html, line->content, line->content_len);
	str_add(l->html, newline ? "" : "\n");
	str_add(l->html, class ? "</span>" : "");
	return 0;
}

static void add_stat(struct str *b, git_diff *diff)
{
	str_add(b, "<ul class=\"stat\">\n");
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		git_patch *patch = NULL;
		size_t add = 0, del = 0;

		if (!git_patch_from_diff(&patch, diff, i))
			git_patch_line_stats(NULL, &add, &del, patch);
		git_patch_free(patch);
		html_addf(b, "<li><a href=\"#f%zu\">%s</a> <span class=\"add\">+%zu</span> <span class=\"del\">−%zu</span></li>\n",
			  i, d->new_file.path, add, del);
	}
	str_add(b, "</ul>\n");
}

static void add_files(struct str *b, git_diff *diff)
{
	struct lines l = { .html = b, .left = MOST_LINES };

	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		git_patch *patch = NULL;

		if (git_patch_from_diff(&patch, diff, i) || !patch)
			continue;
		html_addf(b, "<h2 id=\"f%zu\" class=\"path\">%s</h2>\n<pre class=\"diff\">", i,
			  git_diff_get_delta(diff, i)->new_file.path);
		git_patch_print(patch, add_line, &l);
		str_add(b, "</pre>\n");
		git_patch_free(patch);
	}
	if (l.left < 0)
		html_addf(b, "<p>The diff is cut here: %s lines more.</p>\n", fmt_count(-l.left).s);
}

static int add_diff(struct site *s, struct str *b, git_commit *c)
{
	_cleanup_(commit_free) git_commit *parent = NULL;
	_cleanup_(tree_free) git_tree *new = NULL, *old = NULL;
	_cleanup_(diff_free) git_diff *diff = NULL;

	if (git_commit_parentcount(c) && (git_commit_parent(&parent, c, 0) || git_commit_tree(&old, parent)))
		return -1;
	if (git_commit_tree(&new, c) || git_diff_tree_to_tree(&diff, s->repo, old, new, NULL))
		return -1;
	add_stat(b, diff);
	add_files(b, diff);
	return 0;
}

/* Author and date are left out: derive sets both, so that the same rules give the same commit. */
int commit_html(struct site *s, const char *hex, struct str *html)
{
	_cleanup_(commit_free) git_commit *c = NULL;
	int ret = find(s, hex, &c);
	const char *body;

	if (ret)
		return ret;
	body = git_commit_body(c);
	if (body && *body)
		html_addf(html, "<pre class=\"message\">%s</pre>\n", body);
	return add_diff(s, html, c) ? git_err(hex) : 0;
}
