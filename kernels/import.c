// SPDX-License-Identifier: GPL-2.0
/* A tree into a repository: the quarantine, and the stream that fills it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

#define FEED_BUF (1 << 20)

char *quarantine_path(void)
{
	return cache_path("import.git");
}

void quarantine_remove(void)
{
	_free_ path = quarantine_path();

	remove_tree(path);
}

int quarantine_make(void)
{
	_free_ path = quarantine_path();
	git_repository *repo = NULL;
	int ret = remove_tree(path);

	if (ret)
		return err("%s: can't be removed: %s", path, strerror(-ret));
	if (git_repository_init(&repo, path, true))
		return git_fail(path);
	git_repository_free(repo);
	return 0;
}

static int move(const char *from, const char *to, const char *suffix)
{
	_strv_ names = {0};
	int ret = dir_list(from, suffix, &names);

	for (size_t i = 0; i < names.n && !ret; i++) {
		_free_ a = xasprintf("%s/%s", from, names.v[i]);
		_free_ b = xasprintf("%s/%s", to, names.v[i]);

		ret = rename(a, b) ? -errno : 0;
	}
	return ret ? err("%s: can't be moved into the store: %s", from, strerror(-ret)) : 0;
}

int quarantine_adopt(struct git_repository *store)
{
	_free_ path = quarantine_path();
	_free_ from = xasprintf("%s/objects/pack", path);
	_free_ to = xasprintf("%sobjects/pack", git_repository_path(store));
	git_odb *odb = NULL;
	int ret = mkdirs(to);

	if (ret)
		return err("cannot make %s: %s", to, strerror(-ret));
	/* An index makes its pack known, so it comes second. */
	if (move(from, to, ".pack") || move(from, to, ".idx"))
		return -1;
	if (git_repository_odb(&odb, store) || git_odb_refresh(odb))
		return git_fail(path);
	git_odb_free(odb);
	quarantine_remove();
	return 0;
}

static int feed_flush(struct feed *f)
{
	for (size_t done = 0; done < f->used && !f->broken;) {
		ssize_t n = write(f->fd, f->buf + done, f->used - done);

		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			f->broken = true;
	}
	f->used = 0;
	return f->broken ? -1 : 0;
}

int feed_bytes(struct feed *f, const void *data, size_t n)
{
	const char *p = data;

	while (n && !f->broken) {
		size_t part = FEED_BUF - f->used < n ? FEED_BUF - f->used : n;

		memcpy(f->buf + f->used, p, part);
		f->used += part;
		p += part;
		n -= part;
		if (f->used == FEED_BUF)
			feed_flush(f);
	}
	return f->broken ? -1 : 0;
}

/* As git fast-import reads names: quoted like a C string. */
static void add_quoted(struct str *b, const char *path)
{
	str_add(b, "\"");
	for (; *path; path++)
		str_addf(b, strchr("\"\\", *path) ? "\\%c" : "%c", *path);
	str_add(b, "\"");
}

int feed_file(struct feed *f, const char *path, unsigned int mode, unsigned long long size)
{
	_str_ b = {0};

	str_addf(&b, "M %06o inline ", mode);
	add_quoted(&b, path);
	str_addf(&b, "\ndata %llu\n", size);
	f->files++;
	return feed_bytes(f, b.s, b.len);
}

int feed_link(struct feed *f, const char *path, const char *target)
{
	if (feed_file(f, path, 0120000, strlen(target)))
		return -1;
	return feed_bytes(f, target, strlen(target));
}

int feed_copy(struct feed *f, const char *path, const char *of)
{
	_str_ b = {0};

	str_add(&b, "C ");
	add_quoted(&b, of);
	str_add(&b, " ");
	add_quoted(&b, path);
	str_add(&b, "\n");
	f->files++;
	return feed_bytes(f, b.s, b.len);
}

struct job {
	struct feed feed;
	feed_fn fn;
	void *arg;
	int ret;
};

static void *feed_thread(void *arg)
{
	/* The stream must end with "done": cut off by an error, it can't be taken for a whole one. */
	static const char head[] = "feature done\ncommit refs/heads/import\ncommitter shpte <shpte> 0 +0000\ndata 0\n\n";
	struct job *j = arg;

	j->ret = feed_bytes(&j->feed, head, strlen(head));
	if (!j->ret)
		j->ret = j->fn(&j->feed, j->arg);
	if (!j->ret)
		j->ret = feed_bytes(&j->feed, "done\n", 5);
	if (!j->ret)
		j->ret = feed_flush(&j->feed);
	close(j->feed.fd);
	return NULL;
}

static int say_why(const struct run *r, int status, const char *why, const char *what)
{
	_free_ said = run_describe(r, status);
	_free_ where = cache_path("import.git");

	if (status == -EINTR || run_stopped())
		return err("%s: import stopped; run again to go on", what);
	if (strstr(why, "No space left") || strstr(why, "Out of diskspace"))
		return err("%s: disk full (%llu MB free); a kernel needs about 1000 MB there: "
			   "make room or set XDG_CACHE_HOME, and run again", where, disk_free(where) >> 20);
	return err("%s: import failed: %s: %.*s", what, said, (int)strcspn(why, "\n"), why);
}

static int read_tree(git_oid *tree, const char *what)
{
	_free_ path = quarantine_path();
	git_repository *repo = NULL;
	git_object *o = NULL;
	int ret = 0;

	if (git_repository_open_bare(&repo, path) || git_revparse_single(&o, repo, "refs/heads/import^{tree}"))
		ret = git_fail(what);
	else
		git_oid_cpy(tree, git_object_id(o));
	git_object_free(o);
	git_repository_free(repo);
	return ret;
}

int import_tree(feed_fn fn, void *arg, const char *what, git_oid *tree)
{
	_free_ path = quarantine_path();
	_str_ why = {0};
	_run_ git = { .err = &why };
	struct job j = { .fn = fn, .arg = arg };
	pthread_t thread;
	int p[2], status;

	if (quarantine_make())
		return -1;
	if (pipe2(p, O_CLOEXEC))
		return err("pipe: %s", strerror(errno));
	fcntl(p[1], F_SETPIPE_SZ, FEED_BUF);
	git.in_fd = p[0];
	j.feed.fd = p[1];
	j.feed.buf = xcalloc(1, FEED_BUF);
	/* No search for deltas and little compression: twice the disk for a third of the time. */
	run_args(&git, "git", "--git-dir", path, "-c", "core.compression=1", "-c", "fastimport.unpackLimit=0",
		 "fast-import", "--quiet", "--depth=0", NULL);
	if (pthread_create(&thread, NULL, feed_thread, &j)) {
		close(p[0]);
		close(p[1]);
		free(j.feed.buf);
		return err("no thread: %s", strerror(errno));
	}
	status = run_wait(&git);
	pthread_join(thread, NULL);
	free(j.feed.buf);
	if (j.ret && !j.feed.broken)
		return -1;		/* it said why */
	if (status || j.ret)
		return say_why(&git, status, str_get(&why), what);
	return read_tree(tree, what);
}
