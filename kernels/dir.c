// SPDX-License-Identifier: GPL-2.0
/* A tree on disk. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "room.h"

struct walk {
	const char *root;
	struct strv files;		/* relative to it */
};

static int feed_one(struct feed *f, const struct walk *w, const char *name)
{
	_free_ path = xasprintf("%s/%s", w->root, name);
	char buf[65536];
	struct stat st;
	ssize_t n;
	int fd;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : err("%s: %s", path, strerror(errno)); /* deleted, but git still lists it */
	if (S_ISLNK(st.st_mode)) {
		n = readlink(path, buf, PATH_MAX);
		if (n < 0)
			return err("%s: %s", path, strerror(errno));
		buf[n] = '\0';
		return feed_link(f, name, buf);
	}
	if (!S_ISREG(st.st_mode))
		return 0;		/* a socket of a running program, another repository's folder */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err("%s: %s", path, strerror(errno));
	if (feed_file(f, name, st.st_mode & 0111 ? 0100755 : 0100644, st.st_size)) {
		close(fd);
		return -1;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0 && n <= st.st_size) {
		st.st_size -= n;
		if (feed_bytes(f, buf, n))
			break;
	}
	close(fd);
	if (f->broken)
		return -1;
	return n || st.st_size ? err("%s: changed while it was read; run again when nobody writes there", path) : 0;
}

static int feed_dir(struct feed *f, void *arg)
{
	const struct walk *w = arg;

	for (size_t i = 0; i < w->files.n; i++) {
		if (run_stopped()) {
			f->broken = true;
			return -1;
		}
		if (!path_is_safe(w->files.v[i]))
			return err("%s: unsafe name %s", w->root, w->files.v[i]);
		if (feed_one(f, w, w->files.v[i]))
			return -1;
		if (!(i % 256))
			step_progress(i, w->files.n);
	}
	return 0;
}

static bool has(const char *root, const char *name)
{
	_free_ path = xasprintf("%s/%s", root, name);

	return file_exists(path);
}

/*
 * For git ls-files in a tree where a kernel was built: the tree's own .gitignore files say what is build output, but the
 * top one of Debian's source packages names everything, and some name a few files that belong to the tree.
 */
static void exclude_output(struct run *r)
{
	static const char *const patterns[] = {
		"!/*", "!.gitignore", "!.kunitconfig", "!tags", "/.config*", "/.tmp_*", "/.vmlinux*", "/.version",
		"/.missing-syscalls.d", "/.checked-*", "/.*.cmd", "/.*.d", "/*.o", "/*.a", "/vmlinux*", "/System.map", "/Module.symvers",
		"/modules.*", "/tags", "/TAGS", "/cscope.*",
	};

	run_args(r, "--exclude-standard", NULL);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		run_args(r, "-x", patterns[i], NULL);
}

/* What belongs to the tree: in a git work tree git knows, elsewhere everything but a build's output. */
static int list_files(struct walk *w)
{
	bool git = has(w->root, ".git");
	bool built = has(w->root, ".config") || has(w->root, "vmlinux") || has(w->root, "include/generated");
	_free_ quarantine = quarantine_path();
	_str_ out = {0}, why = {0};
	_run_ r = { .out = &out, .err = &why, .dir = w->root };
	int ret;

	if (!git && quarantine_make())
		return -1;
	run_args(&r, "git", NULL);
	if (!git)
		run_args(&r, "--git-dir", quarantine, "--work-tree", w->root, NULL);
	run_args(&r, "ls-files", "-z", "--others", NULL);
	if (git)
		run_args(&r, "--cached", "--deduplicate", "--exclude-standard", NULL);
	else if (built)
		exclude_output(&r);
	ret = run_wait(&r);
	if (ret) {
		_free_ said = run_describe(&r, ret);

		return err("%s: %s: %.*s", w->root, said, (int)strcspn(str_get(&why), "\n"), str_get(&why));
	}
	for (size_t i = 0; i < out.len; i += strlen(out.s + i) + 1)
		strv_add(&w->files, out.s + i);
	return 0;
}

static int check(const char *root)
{
	struct stat st;

	if (stat(root, &st))
		return err("%s: %s", root, strerror(errno));
	return S_ISDIR(st.st_mode) ? 0 : err("%s: is no folder; a tarball is named with tar:%s", root, root);
}

static int fetch(const struct line *l, struct fetched *f)
{
	struct walk w = { .root = source_where(l) };
	int ret;

	if (check(w.root))
		return -1;
	step_begin("import dir", "importing %s", w.root);
	ret = list_files(&w);
	if (!ret)
		ret = import_tree(feed_dir, &w, w.root, &f->tree);
	strv_free(&w.files);
	step_end(!ret, ret ? "%.0s" : "imported %s", w.root);
	return ret;
}

static char *upstream(const struct line *l)
{
	_free_ path = xasprintf("%s/Makefile", source_where(l));
	_str_ text = {0};
	char *version = NULL;

	if (check(source_where(l)))
		return NULL;
	file_read(path, &text);
	version = version_of_makefile(str_get(&text));
	if (!version)
		err("%s: tells no kernel's version", path);
	return version;
}

const struct source_kind source_dir = { "dir:", fetch, upstream };
