// SPDX-License-Identifier: GPL-2.0
/* shpte sparse KERNEL/ARCH: what sparse says of the derived kernel and not of the base. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "build.h"
#include "tree.h"

const struct opt opts_sparse[] = { OPT_KERNELS, { 0 } };

static const char too_old[] = "this kernel wants a newer sparse";

/* What sparse said of one of the two kernels. */
struct side {
	struct cell cell;
	struct strv objects;	/* "mm/memory.o" */
	struct strv warnings;	/* with their places */
	struct strv keys;	/* the same without line numbers */
	bool refused;		/* the tree's make found sparse too old, and went on without */
};

static void side_free(struct side *s)
{
	cell_free(&s->cell);
	strv_free(&s->objects);
	strv_free(&s->warnings);
	strv_free(&s->keys);
}

/* A warning without the line and column, which are others as soon as a line is added above. Caller frees. */
static char *key_of(const char *line)
{
	_str_ key = {0};

	for (const char *p = line; *p; p++) {
		str_addn(&key, p, 1);
		while (*p == ':' && isdigit((unsigned char)p[1]))
			p += 1 + strspn(p + 1, "0123456789");
	}
	return xstrdup(str_get(&key));
}

/* "../mm/memory.c:12:3: warning: ..."; "note:" lines say where a header was included. */
static void on_line(void *arg, const char *line)
{
	struct side *s = arg;
	_free_ key = NULL;

	s->refused |= !!strstr(line, "is not available or not up to date");
	if (!strstr(line, ": warning: ") && !strstr(line, ": error: "))
		return;
	if (starts_with(line, "../"))
		line += 3;
	key = key_of(line);
	strv_add(&s->warnings, line);
	strv_add(&s->keys, key);
}

/* The C files that the branch adds or changes; of the base those that it has. */
static int find_objects(struct side *base, struct side *ours)
{
	_free_ store = store_path();
	_strv_ lines = {0};
	_str_ out = {0}, said = {0};
	_run_ r = {0};

	run_args(&r, "git", NULL);
	strv_addf(&r.argv, "--git-dir=%s", store);
	run_args(&r, "diff-tree", "-r", "--name-status", base->cell.commit, ours->cell.commit, "--", "*.c", NULL);
	r.out = &out;
	r.err = &said;
	if (run_wait(&r))
		return run_stopped() ? -EINTR : err("git diff-tree: %s", str_get(&said));
	strv_split(&lines, str_get(&out), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *path = strchr(lines.v[i], '\t');

		if (!path || !ends_with(path, ".c"))
			continue;
		strv_addf(&ours->objects, "%.*so", (int)strlen(path + 1) - 1, path + 1);
		if (*lines.v[i] != 'A')
			strv_addf(&base->objects, "%.*so", (int)strlen(path + 1) - 1, path + 1);
	}
	return ours->objects.n ? 0 : err("%s changes no C file", ours->cell.branch);
}

/* Kbuild would compile those that this configuration has not, and need not compile, as well. */
static void keep_built(struct side *s, const struct build *b)
{
	struct strv built = {0};

	for (size_t i = 0; i < s->objects.n; i++) {
		_free_ path = xasprintf("%s/%s", b->out, s->objects.v[i]);

		if (!access(path, F_OK))
			strv_add(&built, s->objects.v[i]);
	}
	strv_free(&s->objects);
	s->objects = built;
}

/* Kbuild calls sparse for each object that it is asked for, compiled again or not. */
static int check(struct side *s, struct build *b)
{
	_run_ r = {0};
	int ret;

	build_make(b, &r);
	run_args(&r, "-s", "C=2", "CHECK=sparse", NULL);
	for (size_t i = 0; i < s->objects.n; i++)
		strv_add(&r.argv, s->objects.v[i]);
	r.on_line = on_line;
	r.arg = s;
	step_begin("sparse", "%s: sparse", s->cell.name);
	ret = run_wait(&r);
	step_end(!ret, ret ? "" : "%s: sparse on %zu files: %zu warnings", s->cell.name, s->objects.n, s->warnings.n);
	if (!ret && s->refused)
		return err("%s: nothing was checked: %s (its scripts/checker-valid.sh)", s->cell.name, too_old);
	if (ret > 0)
		return err("%s: make C=2 ends with exit status %d; is sparse installed?", s->cell.name, ret);
	if (ret && ret != -EINTR) {
		_free_ how = run_describe(&r, ret);

		return err("%s: %s", s->cell.name, how);
	}
	return ret;
}

/* build_run() leaves early when all is up to date, and another variant may have been checked out since. */
static int check_in_tree(struct side *s, struct build *b)
{
	_fd_ tree = tree_hold(&s->cell);

	return tree < 0 ? tree : check(s, b);
}

/* In the tree that the image is built in: headers that are made while building have to be there. */
static int run_side(struct side *s)
{
	_cleanup_(build_free) struct build b = { .cell = &s->cell };
	_fd_ lock = -1;
	int ret;

	if (!s->objects.n)
		return 0;
	lock = tree_lock(&s->cell);
	if (lock < 0)
		return lock;
	ret = build_image(&b);
	if (!ret)
		keep_built(s, &b);
	/* make without a target makes them all */
	return ret || !s->objects.n ? ret : check_in_tree(s, &b);
}

/* Kept for the rebase report; `why` is why nothing was checked, or NULL. */
static int record(const struct side *ours, const struct strv *news, const char *why)
{
	_free_ dir = cache_path("sparse/%s", ours->cell.version), *path = xasprintf("%s/%s.json", dir, ours->cell.arch.name);
	json_t *list = json_array(), *j;
	_free_ text = NULL;
	int ret = mkdirs(dir);

	for (size_t i = 0; i < news->n; i++)
		json_array_append_new(list, json_string(news->v[i]));
	j = json_pack("{ss ss ss si si so ss*}", "kernel", ours->cell.kernel, "version", ours->cell.version, "arch",
		      ours->cell.arch.name, "files", (int)ours->objects.n, "warnings", (int)ours->warnings.n, "new", list, "why", why);
	text = json_dumps(j, JSON_INDENT(1));
	if (!ret)
		ret = file_write(path, text, strlen(text));
	json_decref(j);
	return ret ? err("%s: %s", path, strerror(-ret)) : 0;
}

/* Each warning of the base excuses one of ours. */
static int tell(const struct side *base, const struct side *ours)
{
	_strv_ left = {0}, news = {0};

	for (size_t i = 0; i < base->keys.n; i++)
		strv_add(&left, base->keys.v[i]);
	for (size_t i = 0; i < ours->keys.n; i++) {
		size_t k = 0;

		while (k < left.n && strcmp(left.v[k], ours->keys.v[i]))
			k++;
		if (k < left.n) {
			*left.v[k] = '\0';
			continue;
		}
		say("%s", ours->warnings.v[i]);
		strv_add(&news, ours->warnings.v[i]);
	}
	say("%s: %zu files, %zu warnings, %zu of them not in the base", ours->cell.name, ours->objects.n, ours->warnings.n, news.n);
	return record(ours, &news, NULL) || news.n ? -1 : 0;
}

static int load(struct side *s, const char *name, const char *variant)
{
	_free_ cell = xasprintf("%s/%s", name, variant);

	return cell_load(&s->cell, cell);
}

int cmd_sparse(struct strv *args)
{
	_cleanup_(side_free) struct side base = {0}, ours = {0};
	const char *slash = strchr(args->v[0], '/');
	int ret;

	if (!slash || strchr(slash + 1, '/'))
		return usage("'%s': base and derived kernel are compared; say KERNEL/ARCH, such as 6.12/i386-pae", args->v[0]);
	ret = load(&base, args->v[0], "base");
	if (!ret)
		ret = load(&ours, args->v[0], "shpte");
	if (!ret && (cell_prepare(&base.cell, NULL, NULL) || cell_prepare(&ours.cell, NULL, NULL)))
		ret = -1;
	if (!ret)
		ret = find_objects(&base, &ours);
	if (!ret)
		ret = run_side(&base);
	if (!ret)
		ret = run_side(&ours);
	if (base.refused || ours.refused) {
		_strv_ none = {0};

		say("%s: nothing was checked, %s", ours.cell.name, too_old);
		record(&ours, &none, too_old);
	}
	return ret ? ret : tell(&base, &ours);
}
