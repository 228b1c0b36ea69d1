// SPDX-License-Identifier: GPL-2.0
/*
 * The trees that kernels are built in: one for a version and variant, kept from build to build.
 *
 * O= is a folder inside the tree.  Kbuild then names the sources by relative paths ("../mm/memory.c"), so that the
 * compiler is called in the same words for base and derived kernel, and ccache knows the one's objects from the other's.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "tree.h"

/* Sources, index and the objects of one machine. */
#define NEEDED (3ULL << 30)

/* Mutants are built where the derived kernel is: they differ from it in a file or two. */
static const char *tree_name(const struct cell *c)
{
	return c->ours ? "shpte" : "base";
}

char *tree_path(const struct cell *c)
{
	return cache_path("trees/%s/%s", c->version, tree_name(c));
}

char *tree_out(const struct cell *c)
{
	return cache_path("trees/%s/%s/build-%s", c->version, tree_name(c), c->arch.file);
}

int tree_lock(const struct cell *c)
{
	_free_ out = tree_out(c), *dir = tree_path(c);
	_free_ lock = xasprintf("%s.%s.lock", dir, c->arch.file);

	return lock_file(lock, out);
}

/* The commit that the tree is, whole. */
static char *mark_path(const struct cell *c)
{
	_free_ dir = tree_path(c);

	return xasprintf("%s.commit", dir);
}

static bool is_marked(const struct cell *c)
{
	_free_ path = mark_path(c);
	_str_ text = {0};

	return !file_read(path, &text) && !strcmp(str_get(&text), c->commit);
}

static void add_git(struct run *r, const struct cell *c, const char *dir)
{
	_free_ store = store_path();

	run_args(r, "git", "-c", "checkout.workers=0", NULL);
	strv_addf(&r->argv, "--git-dir=%s", store);
	strv_addf(&r->argv, "--work-tree=%s", dir);
	strv_addf(&r->env, "GIT_INDEX_FILE=%s.index", dir);
	/* What a user's own settings make of line ends and links is not the kernel's tree. */
	run_args(r, "-c", "core.autocrlf=false", "-c", "core.symlinks=true", NULL);
	git_ours(r);
}

/*
 * A tree that was copied or restored has other inodes than its index says. Without a look at the contents, every file
 * would be written anew, and every object built.
 */
static int refresh(const struct cell *c, const char *dir)
{
	_run_ r = {0};
	_str_ said = {0};

	add_git(&r, c, dir);
	run_args(&r, "update-index", "-q", "--refresh", NULL);
	r.out = &said;
	r.err = &said;
	/* Its exit status says that files differ: that is what comes next. */
	return run_wait(&r) == -EINTR ? -EINTR : 0;
}

static int checkout(const struct cell *c)
{
	_free_ dir = tree_path(c), *mark = mark_path(c);
	_free_ index = xasprintf("%s.index", dir);
	_free_ left = xasprintf("%s.lock", index);
	bool whole = !file_exists(index);
	_run_ r = {0};
	_str_ said = {0};
	int ret;

	if (whole && disk_free(dir) < NEEDED)
		return err("%s: %llu MB are free, a kernel tree with its objects needs %llu; make room there, or set XDG_CACHE_HOME",
			   dir, disk_free(dir) >> 20, NEEDED >> 20);
	ret = mkdirs(dir);
	if (ret)
		return err("%s: %s", dir, strerror(-ret));
	/* Of a git that was killed; the tree is locked, so nobody has it now. */
	unlink(left);
	unlink(mark);
	add_git(&r, c, dir);
	run_args(&r, "read-tree", "--reset", "-u", c->commit, NULL);
	r.err = &said;
	step_begin(whole ? "checkout" : "checkout again", "%s: check out %s", c->label, c->branch);
	ret = whole ? 0 : refresh(c, dir);
	if (!ret)
		ret = run_wait(&r);
	step_end(!ret, "%s: %s is %schecked out", c->label, c->branch, ret ? "not " : "");
	if (ret == -EINTR)
		return ret;
	if (ret) {
		_free_ how = run_describe(&r, ret);

		return err("%s: can't be checked out into %s: %s; %s", c->branch, dir, how, str_get(&said));
	}
	ret = file_write(mark, c->commit, strlen(c->commit));
	return ret ? err("%s: %s", mark, strerror(-ret)) : 0;
}

/* When nobody builds in it the tree is looked at as a whole: somebody may have tried something there. */
int tree_hold(const struct cell *c)
{
	_free_ dir = tree_path(c), *lock = xasprintf("%s.lock", dir);

	for (;;) {
		bool alone;
		int fd = lock_file_with(lock, dir, &alone), ret;

		if (fd < 0 || (!alone && is_marked(c)))
			return fd;
		if (!alone) {
			close(fd);
			fd = lock_file(lock, dir);
			if (fd < 0)
				return fd;
		}
		ret = checkout(c);
		if (!ret && !lock_share(fd) && is_marked(c))
			return fd;
		close(fd);
		if (ret)
			return ret;
	}
}

bool tree_differs(const char *old, const char *commit, const char *part)
{
	_free_ store = store_path();
	_run_ r = {0};
	_str_ out = {0}, said = {0};

	if (!strcmp(old, commit))
		return false;
	run_args(&r, "git", NULL);
	strv_addf(&r.argv, "--git-dir=%s", store);
	run_args(&r, "diff-tree", "-r", "--name-only", old, commit, "--", NULL);
	strv_addf(&r.argv, "*%s*", part);
	r.out = &out;
	r.err = &said;
	return run_wait(&r) || out.len;
}
