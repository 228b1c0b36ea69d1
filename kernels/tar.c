// SPDX-License-Identifier: GPL-2.0
/* A tarball, or the one inside a Debian package, as a stream into the quarantine. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "room.h"

#define BLOCK (1 << 17)

/* One layer of a package: an ar, in it a tar, in it the kernel's tar. */
struct layer {
	struct archive *a;
	struct layer *outer;
	char *member;			/* pattern of the member that holds the next layer */
};

struct tarball {
	const char *path;
	off_t size;
	struct layer layers[3];
	int n;
	char *top;			/* the one folder that all is in */
};

bool path_is_safe(const char *path)
{
	if (!path[0] || path[0] == '/' || strchr(path, '\n'))
		return false;
	for (const char *s = path; *s;) {
		size_t n = strcspn(s, "/");

		if ((n == 2 && !strncmp(s, "..", n)) || (n == 4 && !strncasecmp(s, ".git", n)))
			return false;
		if (n == 0 || (n == 1 && s[0] == '.'))
			return false;
		s += n;
		if (*s == '/' && !*++s)
			return false;
	}
	return true;
}

const char *path_strip(const char *path, char **top, bool *same)
{
	size_t n;

	while (starts_with(path, "./"))
		path += 2 + strspn(path + 2, "/");
	n = strcspn(path, "/");
	*same = !n || (n == 1 && path[0] == '.') || !*top || (strlen(*top) == n && !strncmp(path, *top, n));
	if (n && !*top && !(n == 1 && path[0] == '.'))
		*top = xstrndup(path, n);
	path += n;
	return path[0] && path[1] ? path + 1 : NULL;
}

static int bad(const struct tarball *t, const struct layer *l)
{
	const char *why = archive_error_string(l->a);

	return err("%s: damaged or cut off, or no tarball: %s; get the file again", t->path, why ? why : "unreadable");
}

static la_ssize_t read_outer(struct archive *a, void *arg, const void **buf)
{
	struct layer *outer = arg;
	const char *why;
	la_int64_t offset;
	size_t n;
	int ret;

	if (run_stopped())
		return ARCHIVE_FATAL;
	ret = archive_read_data_block(outer->a, buf, &n, &offset);
	if (ret == ARCHIVE_EOF)
		return 0;
	if (ret == ARCHIVE_OK)
		return n;
	why = archive_error_string(outer->a);
	archive_set_error(a, EIO, "%s", why ? why : "unreadable");
	return ARCHIVE_FATAL;
}

static int open_layer(struct tarball *t, const char *member, bool ar)
{
	struct layer *l = &t->layers[t->n];
	int ret;

	l->a = archive_read_new();
	l->member = member ? xstrdup(member) : NULL;
	l->outer = t->n ? l - 1 : NULL;
	t->n++;
	archive_read_support_filter_all(l->a);
	if (ar) {
		archive_read_support_format_ar(l->a);
	} else {
		archive_read_support_format_tar(l->a);
		/* Reads on to the very end, where the compressor's checksum is. */
		archive_read_set_options(l->a, "read_concatenated_archives");
	}
	if (l->outer)
		ret = archive_read_open(l->a, l->outer, NULL, read_outer, NULL);
	else
		ret = archive_read_open_filename(l->a, t->path, BLOCK);
	return ret == ARCHIVE_OK ? 0 : bad(t, l);
}

/* The next member of a layer: 1, 0 at the end, -1 after a message. */
static int next(struct tarball *t, struct layer *l, struct archive_entry **e, const char **name)
{
	int ret = archive_read_next_header(l->a, e);

	if (ret == ARCHIVE_EOF)
		return 0;
	if (ret != ARCHIVE_OK && ret != ARCHIVE_WARN)
		return bad(t, l);
	*name = archive_entry_pathname(*e);
	if (!*name)
		*name = archive_entry_pathname_utf8(*e);
	if (!*name)
		return err("%s: a file's name can't be read", t->path);
	return 1;
}

/* Moves a layer to the member that holds the next one. */
static int enter(struct tarball *t, struct layer *l)
{
	struct archive_entry *e;
	const char *name;
	int ret;

	while ((ret = next(t, l, &e, &name)) > 0)
		if (!fnmatch(l->member, name, 0))
			return 0;
	return ret ? ret : err("%s: holds no %s", t->path, l->member);
}

/* To the end of the layers around the kernel's tar, so that their damage is seen too. */
static int leave(struct tarball *t)
{
	for (int i = t->n - 2; i >= 0; i--) {
		struct archive_entry *e;
		const char *name;
		int ret;

		while ((ret = next(t, &t->layers[i], &e, &name)) > 0)
			;
		if (ret)
			return ret;
	}
	return 0;
}

static int feed_data(struct tarball *t, struct layer *l, struct feed *f, const char *name, la_int64_t size)
{
	char buf[65536];
	la_ssize_t n;

	while ((n = archive_read_data(l->a, buf, sizeof(buf))) > 0) {
		size -= n;
		if (size < 0 || feed_bytes(f, buf, n))
			break;
	}
	if (f->broken)
		return -1;
	if (n < 0)
		return bad(t, l);
	return size ? err("%s: %s is shorter or longer than it says", t->path, name) : 0;
}

static int feed_entry(struct tarball *t, struct layer *l, struct feed *f, struct archive_entry *e, const char *name)
{
	const char *link = archive_entry_hardlink(e), *path;
	bool same;

	path = path_strip(name, &t->top, &same);
	if (!same)
		return err("%s: must hold one top folder, but has %s and %s", t->path, t->top, name);
	/* git knows folders by the files in them. */
	if (archive_entry_filetype(e) == AE_IFDIR && !link)
		return 0;
	if (!path || name[0] == '/' || !path_is_safe(path) || !path_is_safe(t->top))
		return err("%s: unsafe name %s", t->path, name);
	if (link) {
		link = path_strip(link, &t->top, &same);
		if (!link || !same || !path_is_safe(link))
			return err("%s: unsafe link %s", t->path, name);
		return feed_copy(f, path, link);
	}
	if (archive_entry_filetype(e) == AE_IFLNK && archive_entry_symlink(e))
		return feed_link(f, path, archive_entry_symlink(e));
	if (archive_entry_filetype(e) != AE_IFREG)
		return err("%s: %s is neither file, link nor folder", t->path, name);
	if (feed_file(f, path, archive_entry_perm(e) & 0111 ? 0100755 : 0100644, archive_entry_size(e)))
		return -1;
	return feed_data(t, l, f, name, archive_entry_size(e));
}

static int feed_tar(struct feed *f, void *arg)
{
	struct tarball *t = arg;
	struct layer *l = &t->layers[t->n - 1];
	struct archive_entry *e;
	const char *name;
	int ret;

	while ((ret = next(t, l, &e, &name)) > 0) {
		ret = feed_entry(t, l, f, e, name);
		if (ret)
			break;
		if (!(f->files % 256))
			step_progress(archive_filter_bytes(t->layers[0].a, -1) >> 10, t->size >> 10);
		if (run_stopped())
			f->broken = true;
	}
	return ret ? ret : leave(t);
}

/* libarchive does not compare gzip's checksum, and a bare tar has none: look at what there is. */
static int check_end(const struct tarball *t)
{
	struct archive *a = t->layers[0].a;
	int code = archive_filter_code(a, 0), fd;
	_run_ gzip = {0};
	_str_ why = {0};
	char last[512];
	ssize_t n;

	if (code == ARCHIVE_FILTER_GZIP) {
		gzip.err = &why;
		run_args(&gzip, "gzip", "-t", "--", t->path, NULL);
		return run_wait(&gzip) ? err("%s: damaged or cut off: %s", t->path, str_get(&why)) : 0;
	}
	if (code != ARCHIVE_FILTER_NONE)
		return 0;
	fd = open(t->path, O_RDONLY | O_CLOEXEC);
	n = pread(fd, last, sizeof(last), t->size - sizeof(last));
	close(fd);
	for (ssize_t i = 0; i < n; i++)
		if (last[i])
			n = -1;
	return n < 0 ? err("%s: cut off: a tarball ends with zeros; get the file again", t->path) : 0;
}

static int open_tarball(struct tarball *t, bool deb)
{
	struct stat st;

	if (stat(t->path, &st))
		return err("%s: %s", t->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err("%s: is no file; a folder is named with dir:%s", t->path, t->path);
	t->size = st.st_size;
	if (!deb)
		return open_layer(t, NULL, false) ? -1 : check_end(t);
	if (open_layer(t, "data.tar*", true) || enter(t, &t->layers[0]))
		return -1;
	if (open_layer(t, "*usr/src/linux-source-*.tar*", false) || enter(t, &t->layers[1]))
		return -1;
	return open_layer(t, NULL, false);
}

static void close_tarball(struct tarball *t)
{
	while (t->n--) {
		archive_read_free(t->layers[t->n].a);
		free_charp(&t->layers[t->n].member);
	}
	free_charp(&t->top);
}

int tar_import(const char *path, bool deb, git_oid *tree)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct tarball t = { .path = path };
	int ret;

	step_begin(deb ? "import deb" : "import tar", "importing %s", base);
	ret = open_tarball(&t, deb);
	if (!ret)
		ret = import_tree(feed_tar, &t, path, tree);
	close_tarball(&t);
	step_end(!ret, ret ? "%.0s" : "imported %s", base);
	return ret;
}

static int fetch(const struct line *l, struct fetched *f)
{
	return tar_import(source_where(l), false, &f->tree);
}

/* The Makefile is near the start of a sorted tarball, so this is cheap. */
static char *upstream(const struct line *l)
{
	struct tarball t = { .path = source_where(l) };
	struct archive_entry *e;
	char *version = NULL;
	const char *name;
	_str_ text = {0};
	bool same;
	int ret = 0;

	if (open_tarball(&t, false))
		goto out;
	while ((ret = next(&t, &t.layers[0], &e, &name)) > 0) {
		const char *path = path_strip(name, &t.top, &same);
		char buf[4096];
		la_ssize_t n;

		if (!path || strcmp(path, "Makefile"))
			continue;
		while ((n = archive_read_data(t.layers[0].a, buf, sizeof(buf))) > 0)
			str_addn(&text, buf, n);
		version = version_of_makefile(str_get(&text));
		break;
	}
	if (!version && ret >= 0)
		err("%s: no Makefile that tells a kernel's version", t.path);
out:
	close_tarball(&t);
	return version;
}

const struct source_kind source_tar = { "tar:", fetch, upstream };
