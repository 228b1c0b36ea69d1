// SPDX-License-Identifier: GPL-2.0
/* The files of the site, and their way into place: a reader never sees half a site. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "site.h"
#include "template.h"

/* In each site, so that we replace nothing that is not one. */
#define MARKER ".shpte-site"

/* Beside the output, so that it can be renamed into its place. */
static char *beside(const char *output, const char *suffix)
{
	const char *slash = strrchr(output, '/');
	int n = slash ? slash + 1 - output : 0;

	return xasprintf("%.*s.%s.%s", n, output, output + n, suffix);
}

/* What the user means: symbolic links followed, no slashes at the end. */
static char *resolve(const char *output)
{
	char *real = realpath(output, NULL);
	size_t n = strlen(output);

	while (n > 1 && output[n - 1] == '/')
		n--;
	return real ? real : xstrndup(output, n);
}

static int check_ours(const char *output)
{
	_free_ marker = xasprintf("%s/" MARKER, output);
	_strv_ names = {0};
	int ret = dir_list(output, NULL, &names);

	if (ret == -ENOENT || (!ret && (!names.n || file_exists(marker))))
		return 0;
	if (ret)
		return err("%s: %s", output, strerror(-ret));
	return err("%s has files that are no site of ours; give a new or an empty folder", output);
}

int site_begin(struct site *s, const char *output)
{
	_free_ clean = resolve(output);
	int ret;

	if (check_ours(clean))
		return -1;
	s->old = xstrdup(clean);
	s->dir = beside(clean, "new");
	/* What is there was left by a run that was killed: the caller holds the lock. */
	ret = remove_tree(s->dir);
	if (!ret || ret == -ENOENT)
		ret = mkdirs(s->dir);
	if (ret)
		return err("%s: %s", s->dir, strerror(-ret));
	return site_write(s, MARKER, "", 0);
}

/* One sync for all files; each by itself would take longer than writing them. */
static void flush(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	syncfs(fd);
	close(fd);
}

/* For file systems that can't exchange: not in one step, but nothing is lost if we die between. */
static int swap_slowly(const char *from, const char *to, const char *old)
{
	remove_tree(old);
	if (rename(to, old) && errno != ENOENT)
		return -errno;
	if (rename(from, to))
		return -errno;
	remove_tree(old);
	return 0;
}

int site_swap(struct site *s, const char *output)
{
	_free_ clean = resolve(output), *old = beside(clean, "old");
	int ret = 0;

	flush(s->dir);
	if (renameat2(AT_FDCWD, s->dir, AT_FDCWD, clean, RENAME_EXCHANGE)) {
		if (errno == ENOENT)
			ret = rename(s->dir, clean) ? -errno : 0;
		else
			ret = swap_slowly(s->dir, clean, old);
	}
	if (ret)
		return err("%s: %s", clean, strerror(-ret));
	remove_tree(s->dir);		/* the old one, after an exchange */
	return 0;
}

/* Where a file of the site is written; its folder is made. Caller frees. */
static char *place(const struct site *s, const char *path)
{
	_free_ parent = xasprintf("%s/%s", s->dir, path);

	*strrchr(parent, '/') = '\0';
	mkdirs(parent);			/* a failure shows when the file is opened */
	return xasprintf("%s/%s", s->dir, path);
}

int site_write(struct site *s, const char *path, const char *data, size_t len)
{
	_free_ full = place(s, path);
	FILE *f = fopen(full, "we");

	if (!f)
		return err("%s: %s", full, strerror(errno));
	if (len)
		fwrite(data, 1, len, f);
	if (ferror(f) | fclose(f))
		return err("%s: %s", full, strerror(errno));
	return 0;
}

static int copy(int in, int out)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, n) != n)
			return errno ? -errno : -ENOSPC;
	return n < 0 ? -errno : 0;
}

int site_copy(struct site *s, const char *path, const char *from)
{
	_free_ full = place(s, path);
	int in = open(from, O_RDONLY | O_CLOEXEC), out, ret;

	if (in < 0)
		return err("%s: %s", from, strerror(errno));
	out = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	errno = out < 0 ? errno : 0;
	ret = out < 0 ? -errno : copy(in, out);
	close(in);
	if (out >= 0 && close(out) && !ret)
		ret = -errno;
	return ret ? err("%s: %s", full, strerror(-ret)) : 0;
}

const struct pair *site_pair(const struct site *s, const struct result *r)
{
	const struct pairs *l = *r->suite ? &s->suites : &s->pairs;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].base == r || l->v[i].ours == r)
			return &l->v[i];
	return NULL;
}

const struct pair *site_pair_of_ours(const struct site *s, const struct result *r)
{
	const struct pair *p = site_pair(s, r);

	return p && p->ours == r ? p : NULL;
}

int site_page(struct site *s, const char *path, const char *title, const struct str *crumbs, const struct str *body)
{
	const struct tvar vars[] = {
		{ "title", title },
		{ "root", strchr(path, '/') ? "../" : "" },
		{ "crumbs", str_get(crumbs) },
		{ "body", str_get(body) },
		{ 0 }
	};
	_str_ page = {0};

	if (template_file(&page, "page.html", vars))
		return -1;
	return site_write(s, path, page.s, page.len);
}
