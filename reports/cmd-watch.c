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

/* Runs this program.  Its stdout goes to *out.  Its exit status, -EINTR, or -1 after a message. */
static int ourselves(struct str *out, const char *command, const char *a, const char *b, const char *c, const char *d)
{
	_run_ r = { .out = out };
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int ret;

	if (n < 0)
		return err("/proc/self/exe: %s", strerror(errno));
	self[n] = '\0';
	run_args(&r, self, command, NULL);
	if (kernels_dir && strcmp(command, "report"))
		run_args(&r, "--kernels", kernels_dir, NULL);
	run_args(&r, a, b, c, d, NULL);
	ret = run_wait(&r);
	if (ret >= 0)
		return ret;
	return run_stopped() ? -EINTR : err("%s %s: %s", self, command, strerror(-ret));
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
	int ret;

	dir_list(results, NULL, &any);
	ret = any.n ? ourselves(&said, "report", NULL, NULL, NULL, NULL) : 0;
	return ret > 0 ? err("%s %s: the site is not written; the next run tries again", line, version) : ret;
}

/* All steps for a version that was fetched; *subject and *body become the mail. 0; -EINTR; -1 after a message. */
static int deal_with(const char *line, const char *version, const char *old, struct str *subject, struct str *body)
{
	_free_ report = cache_path("tmp/watch-%d.txt", getpid()), *cells = xasprintf("%s/*", line);
	_str_ said = {0}, text = {0};
	int ret, ported = ourselves(&said, "rebase", "--mail", report, old, line);

	if (ported < 0 || ported > 1 || file_read(report, &text))
		return ported == -EINTR ? ported : err("%s %s: rebase fails; the next run tries again", line, version);
	unlink(report);
	str_addf(subject, "[shpte] %s %s: %s", line, version, ported ? "needs a human" : "ported");
	if (!ported && !no_boots) {
		_str_ verdicts = {0};

		ret = ourselves(&verdicts, "matrix", cells, NULL, NULL, NULL);
		if (ret < 0)
			return ret;
		/* No room on the disk, no network: that is no news of the kernel. */
		if (strstr(str_get(&verdicts), ": " NOT_RUN))
			return err("%s %s: not all cells were run; the next run tries again", line, version);
		str_add(subject, ret ? ", not all cells pass" : ", all cells pass");
		str_addf(body, "%s\n", str_get(&verdicts));
	}
	str_add(body, str_get(&text));
	ret = ported ? 0 : note_last(line, PORTED, version);
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
	int ret = ourselves(&said, "fetch", "--refresh", name, NULL, NULL);

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
