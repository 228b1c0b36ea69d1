// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "../lib/run.h"
#include "rebase.h"

static const char *output, *sign;

const struct opt opts_export[] = {
	{ "output", "DIR", "folder for the series, not there yet or empty (default: shpte-VERSION)", OPT_STR, &output },
	{ "sign-off", "WHO", "\"Your Name <you@example.org>\": author of the patches, who signs them off", OPT_STR, &sign },
	OPT_KERNELS,
	{ 0 }
};

/* "Name <address>", of which git makes a header line. */
static bool is_person(const char *who)
{
	const char *open = strchr(who, '<'), *at = open ? strchr(open, '@') : NULL, *close = at ? strchr(at, '>') : NULL;

	return close && open > who + 1 && open[-1] == ' ' && at > open + 1 && close > at + 1 && !close[1] && !strpbrk(who, "\n\r");
}

/*
 * The branch's commits are nobody's: their author is this program, so that the same rules give the same commits.  Who sends them is
 * their author, and says that he may.
 */
static int sign_patch(const char *path)
{
	_str_ text = {0}, now = {0};
	char *from, *rest, *end;

	if (file_read(path, &text))
		return err("export: cannot read %s", path);
	from = text.s ? strstr(text.s, "\nFrom: ") : NULL;
	rest = from ? strchr(from + 1, '\n') : NULL;
	end = rest ? strstr(rest, "\n---\n") : NULL;
	if (!end)
		return err("export: %s is no patch", path);
	str_addn(&now, text.s, from - text.s);
	str_addf(&now, "\nFrom: %s", sign);
	str_addn(&now, rest, end - rest);
	str_addf(&now, "\n%sSigned-off-by: %s%s", end[-1] == '\n' ? "" : "\n", sign, end);
	return file_write(path, now.s, now.len) ? err("cannot write %s; is the disk full?", path) : 0;
}

static int sign_all(const char *dir)
{
	_strv_ names = {0};

	dir_list(dir, ".patch", &names);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);

		if (sign_patch(path))
			return -1;
	}
	return 0;
}

/* Writes the series; git numbers the patches and makes the cover letter from the branch description. */
static int format_patch(const struct derivation *d, const char *dir)
{
	_free_ store = store_path();
	_run_ run = {0};
	_str_ said = {0};
	int status;

	run_args(&run, "git", "--git-dir", store, "format-patch", "--quiet", "--cover-letter",
		 "--cover-from-description=message", "-o", dir, NULL);
	strv_addf(&run.argv, "%s..%s", d->base, d->tip);
	/* A patch without a/ and b/, or by another name, is none for git am. */
	git_ours(&run);
	run.out = run.err = &said;
	status = run_wait(&run);
	if (status) {
		_free_ what = run_describe(&run, status);

		return err("export: %s: %s", what, str_trim(said.s ? said.s : (char[]){""}));
	}
	return 0;
}

/* Replaces one placeholder of git's in the cover letter. */
static void fill(struct str *letter, const char *placeholder, const char *text)
{
	char *at = letter->s ? strstr(letter->s, placeholder) : NULL;
	_str_ now = {0};

	if (!at)
		return;
	str_addn(&now, letter->s, at - letter->s);
	str_add(&now, text);
	str_add(&now, at + strlen(placeholder));
	str_clear(letter);
	str_add(letter, str_get(&now));
}

static int cover_letter(const struct derivation *d, const char *dir)
{
	_free_ path = xasprintf("%s/0000-cover-letter.patch", dir);
	_free_ final = xasprintf("%s/0000-cover-letter.txt", dir);
	_str_ letter = {0}, blurb = {0};

	if (file_read(path, &letter))
		return err("export: git wrote no %s", path);
	str_addf(&blurb, "Processes that map the same part of the same file, MAP_SHARED or read-only,\n"
		 "get one copy of its pte pages instead of one each; parent and child share\n"
		 "those of private memory copy-on-write.\n\n"
		 "Derived by shpte from base/%s (%s).\n", d->version, d->base);
	fill(&letter, "*** SUBJECT HERE ***", "mm: share the pte pages of shared mappings");
	fill(&letter, "*** BLURB HERE ***", str_get(&blurb));
	/* no .patch, so that git am takes all of the folder's patches: it stops at a letter without a diff */
	if (file_write(final, letter.s, letter.len) || remove(path))
		return err("cannot write %s; is the disk full?", final);
	return 0;
}

/* Where the series is made: beside its place, so that it can be renamed. Caller frees. */
static char *made_in(const char *dir)
{
	_free_ real = realpath(dir, NULL), *clean = xstrdup(real ? real : dir);
	const char *slash;

	while (strlen(clean) > 1 && ends_with(clean, "/"))
		clean[strlen(clean) - 1] = '\0';
	slash = strrchr(clean, '/');
	return xasprintf("%.*s.%s.new", slash ? (int)(slash + 1 - clean) : 0, clean, slash ? slash + 1 : clean);
}

/* A series is not mixed with anything. */
static int check_empty(const char *dir)
{
	_strv_ names = {0};
	int ret = dir_list(dir, NULL, &names);

	if (ret && ret != -ENOENT)
		return err("%s: %s", dir, strerror(-ret));
	return names.n ? err("%s is not empty; remove it or name another folder with --output", dir) : 0;
}

/* All of it, and then into its place; the caller holds the lock. */
static int make_series(const struct derivation *d, const char *tmp, const char *dir)
{
	int ret;

	/* Left by a run that was killed. */
	remove_tree(tmp);
	ret = mkdirs(tmp);
	if (ret)
		return err("cannot make the folder %s: %s", tmp, strerror(-ret));
	ret = format_patch(d, tmp) || cover_letter(d, tmp) || (sign && sign_all(tmp)) ? -1 : 0;
	if (!ret && rename(tmp, dir))
		ret = err("cannot rename %s to %s: %s; name a folder that is not there yet with --output", tmp, dir,
			  strerror(errno));
	if (ret)
		remove_tree(tmp);
	return ret;
}

static int write_series(const struct derivation *d, const char *dir)
{
	_free_ path = cache_path("export.lock"), *tmp = made_in(dir);
	_fd_ lock = lock_file(path, "export");

	if (lock < 0)
		return lock;
	if (check_empty(dir) || make_series(d, tmp, dir))
		return -1;
	say("%s: %zu patches; apply with 'git am %s/*.patch' on base %.12s", dir, derivation_commits(d), dir, d->base);
	return 0;
}

int cmd_export(struct strv *args)
{
	struct line line = {0};
	struct derivation d = {0};
	char *version = NULL;
	int ret;

	if (sign && !is_person(sign))
		return usage("--sign-off %s: write \"Your Name <you@example.org>\"", sign);
	ret = line_load(&line, args->v[0]);

	if (!ret)
		ret = kernel_fetch(&line, false, &version);
	if (!ret)
		ret = derive(version, &d);
	if (!ret) {
		_free_ dir = output ? xstrdup(output) : xasprintf("shpte-%s", version);

		ret = write_series(&d, dir);
	}
	derivation_free(&d);
	free(version);
	line_free(&line);
	return ret;
}
