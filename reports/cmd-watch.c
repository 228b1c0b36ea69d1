// SPDX-License-Identifier: GPL-2.0
/*
 * shpte watch: has a line a newer version?  Then fetch it, carry the branch over, build, boot, report, and write the mail.  Each
 * step is a run of this program, which goes on where it was stopped; what is done is noted last.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../build-matrix/build-matrix.h"
#include "../kernels/kernels.h"
#include "../lib/fs.h"
#include "../lib/json.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "../lib/run.h"
#include "mailbox.h"
#include "reports.h"

#include <git2.h>

static const char *mbox, *against;
static bool no_boots;

const struct opt opts_watch[] = {
	{ "mail", "FILE", "the mailbox that mails are added to; default: watch/mail.mbox in the cache", OPT_STR, &mbox },
	{ "against", "KERNEL", "what a line is held against of which no version was seen before; default: the first line", OPT_STR, &against },
	{ "no-boots", NULL, "fetch, rebase and audit only", OPT_FLAG, &no_boots },
	OPT_KERNELS,
	{ 0 }
};

/* Of a line: the version that was dealt with last, and the last one that needed no human. */
#define DONE ""
#define PORTED ".ported"

/* "" when there is none. Caller frees. */
static char *last(const char *line, const char *what)
{
	_free_ path = cache_path("watch/%s%s", line, what);
	_str_ text = {0};

	file_read(path, &text);
	return xstrdup(text.len ? str_trim(text.s) : "");
}

static int note_last(const char *line, const char *what, const char *version)
{
	_free_ path = cache_path("watch/%s%s", line, what);
	int ret = file_write(path, version, strlen(version));

	return ret ? err("cannot write %s: %s", path, strerror(-ret)) : 0;
}

static int add_mail(const char *subject, const char *body)
{
	_free_ fallback = cache_path("watch/mail.mbox");

	return mailbox_add(mbox ? mbox : fallback, subject, body);
}

/* Before the first cell has a result there is no site. */
static int write_site(const char *line, const char *version)
{
	_free_ results = cache_path("results");
	_strv_ any = {0};
	_str_ said = {0};
	_run_ r = { .out = &said };
	int ret;

	dir_list(results, NULL, &any);
	if (!any.n)
		return 0;
	ret = run_ourselves(&r);
	if (!ret) {
		run_args(&r, "report", NULL);
		ret = run_ourselves_wait(&r);
	}
	return ret > 0 ? err("%s %s: the site is not written; the next run tries again", line, version) : ret;
}

/* Carries the branch over, and boots it: the report as JSON, the caller's reference, and in the file `mail`. 0; -EINTR; -1 after a message. */
static int rebase(const char *line, const char *old, const char *mail, json_t **port)
{
	_str_ said = {0};
	_run_ r = { .out = &said };
	int ret = kernels_ourselves(&r, "rebase");

	if (ret)
		return ret;
	run_args(&r, "--json", "--mail", mail, NULL);
	if (!no_boots)
		run_args(&r, "--matrix", "*", NULL);
	run_args(&r, old, line, NULL);
	ret = run_ourselves_wait(&r);
	if (ret < 0)
		return ret;
	*port = ret > 1 ? NULL : json_loads(str_get(&said), 0, NULL);
	return *port ? 0 : -1;
}

/* No room on the disk, no network: that is no news of the kernel. */
static bool all_run(const json_t *cells)
{
	const json_t *c;
	size_t i;

	json_array_foreach(cells, i, c)
		if (!strcmp(json_text(c, "verdict"), NOT_RUN))
			return false;
	return true;
}

static void add_subject(struct str *subject, const char *line, const char *version, const json_t *port)
{
	str_addf(subject, "[shpte] %s %s: %s", line, version, json_text(port, "verdict"));
	if (json_object_get(port, "cells"))
		str_add(subject, json_is_true(json_object_get(port, "cells_good")) ? ", no cell is worse than its base" :
										   ", not all cells pass");
}

/* All steps for a version that was fetched; *subject and *body become the mail. 0; -EINTR; -1 after a message. */
static int deal_with(const char *line, const char *version, const char *old, struct str *subject, struct str *body)
{
	_free_ report = cache_path("tmp/watch-%d.txt", getpid());
	json_t *port = NULL;
	int ret = rebase(line, old, report, &port);

	if (!ret && file_read(report, body))
		ret = -1;
	unlink(report);
	if (ret && ret != -EINTR)
		err("%s %s: rebase fails; the next run tries again", line, version);
	if (!ret && !all_run(json_object_get(port, "cells")))
		ret = err("%s %s: not all cells were run; the next run tries again", line, version);
	if (!ret && !strcmp(json_text(port, "verdict"), "ported"))
		ret = note_last(line, PORTED, version);
	if (!ret)
		add_subject(subject, line, version, port);
	json_decref(port);
	return ret ? ret : write_site(line, version);
}

/* The version that the store holds of a line; NULL: none.  0 or -1 after a message. */
static int held_of(const struct line *l, char **held)
{
	git_repository *repo = NULL;

	if (store_open(&repo))
		return -1;
	*held = store_version(repo, l);
	git_repository_free(repo);
	return 0;
}

/* What the new version is held against: one that has a branch.  Caller frees; NULL after a message. */
static char *old_of(const struct line *l, const char *name, const char *done)
{
	_free_ ported = last(name, PORTED);
	_strv_ names = {0};
	char *held = NULL;

	if (*ported)
		return xstrdup(ported);
	if (!*done && held_of(l, &held))
		return NULL;
	lines_known(&names);
	return held ? held : xstrdup(against ? against : names.v[0]);
}

/*
 * Fetches it.  *version: what the tree says of itself, which a source may not (of a commit it knows nothing but the id), and of what is
 * there now.  0; -EINTR; -1 after a message.
 */
static int fetch_line(const struct line *l, const char *name, char **version)
{
	_str_ said = {0};
	_run_ r = { .out = &said };
	int ret = kernels_ourselves(&r, "fetch");

	if (!ret) {
		run_args(&r, "--refresh", name, NULL);
		ret = run_ourselves_wait(&r);
	}
	if (ret)
		return ret < 0 ? ret : -1;
	ret = held_of(l, version);
	return !ret && !*version ? err("%s: fetched, and the store has none", name) : ret;
}

static int watch_line(const char *name)
{
	_cleanup_(line_free) struct line l = {0};
	_free_ done = last(name, DONE), *seen = NULL, *version = NULL, *old = NULL;
	_str_ subject = {0}, body = {0};
	int ret = line_load(&l, name);

	if (ret)
		return ret;
	seen = kernel_upstream(&l);
	if (!seen)
		return run_stopped() ? -EINTR : -1;
	if (!strcmp(seen, done))
		return 0;
	old = old_of(&l, name, done);
	note("%s: %s is new", name, seen);
	ret = old ? fetch_line(&l, name, &version) : -1;
	if (!ret)
		ret = deal_with(name, version, old, &subject, &body);
	if (!ret)
		ret = add_mail(str_get(&subject), str_get(&body));
	if (!ret)
		ret = note_last(name, DONE, version);
	if (!ret)
		say("%s", subject.s);
	return ret;
}

int cmd_watch(struct strv *args)
{
	_free_ dir = cache_path("watch"), *lock = cache_path("watch.lock");
	_strv_ names = {0};
	int fd, ret = mkdirs(dir);

	if (ret)
		return err("cannot make %s: %s", dir, strerror(-ret));
	for (size_t i = 0; i < args->n; i++)
		strv_add(&names, args->v[i]);
	if (!names.n)
		lines_known(&names);
	fd = lock_file(lock, "watch");
	if (fd < 0)
		return fd;
	/* A line that fails does not keep the others from their news. */
	for (size_t i = 0; i < names.n && ret != -EINTR; i++) {
		int one = watch_line(names.v[i]);

		ret = one == -EINTR || !ret ? one : ret;
	}
	close(fd);
	return ret;
}
