// SPDX-License-Identifier: GPL-2.0
/* Building a cell's kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "build.h"
#include "kconfig.h"
#include "sweep.h"
#include "tree.h"

#define LINES 1450		/* that the first build says, as long as none has told */

void build_free(struct build *b)
{
	free(b->src);
	free(b->out);
	free(b->log);
	free(b->image);
	free(b->compiler);
	str_free(&b->detail);
	str_free(&b->error);
	str_free(&b->trouble);
	str_free(&b->tail);
}

static int open_build(struct build *b)
{
	const struct cell *c = b->cell;

	b->src = tree_path(c);
	b->out = tree_out(c);
	b->log = xasprintf("%s/build.log", b->out);
	b->image = xasprintf("%s/%s", b->out, c->arch.image);
	b->verdict = V_PASS;
	b->compiler = arch_cc_version(&c->arch, &c->line, &b->detail);
	if (b->compiler)
		return 0;
	if (!b->detail.len)
		return -EINTR;
	b->verdict = V_NO_COMPILER;
	return 1;
}

/* All that an image is made of. */
static char *image_key(const struct build *b)
{
	const struct cell *c = b->cell;
	_strv_ fragments = {0};
	struct hash h = {0};

	hash_text(&h, "tree", c->tree);
	hash_text(&h, "compiler", b->compiler);
	hash_text(&h, "target", c->arch.target);
	for (size_t i = 0; i < c->line.make.n; i++)
		hash_text(&h, "make", c->line.make.v[i]);
	for (size_t i = 0; i < c->arch.make.n; i++)
		hash_text(&h, "make", c->arch.make.v[i]);
	arch_fragments(&c->arch, c->ours, &fragments);
	for (size_t i = 0; i < fragments.n; i++)
		hash_file(&h, fragments.v[i]);
	return hash_end(&h);
}

static bool is_built(const struct build *b, const char *stamp, const char *key)
{
	_str_ text = {0};

	return file_exists(b->image) && !file_read(stamp, &text) && !strcmp(str_get(&text), key);
}

/* The number of a machine's lines in a whole build, remembered for the next tree. */
static char *lines_path(const struct build *b)
{
	return cache_path("builds/lines-%s", b->cell->arch.file);
}

static unsigned long count_steps(const char *log)
{
	_str_ text = {0};
	_strv_ lines = {0};
	unsigned long n = 0;

	file_read(log, &text);
	strv_split(&lines, str_get(&text), "\n");
	for (size_t i = 0; i < lines.n; i++)
		n += starts_with(lines.v[i], "  ");
	return n;
}

/*
 * The first build of a folder is measured by its lines, and goes on counting where it was interrupted.  How many lines
 * a later one will have nobody knows; the time of the last one has to do.
 */
static bool begin_log(struct build *b, const char *once)
{
	_free_ path = lines_path(b);
	_str_ text = {0};

	if (file_exists(once)) {
		unlink(b->log);
		return false;
	}
	file_read(path, &text);
	b->lines = count_steps(b->log);
	b->lines_total = atol(str_get(&text)) > 0 ? atol(str_get(&text)) : LINES;
	return true;
}

static void end_log(struct build *b, const char *once, bool first)
{
	_free_ path = lines_path(b);
	_free_ text = xasprintf("%lu\n", b->lines);

	if (!first)
		return;
	file_write(once, text, strlen(text));
	file_write(path, text, strlen(text));
}

/* CCACHE_STATSLOG: what became of each call of the compiler, a word a line. */
static void read_ccache(struct build *b)
{
	_free_ path = xasprintf("%s/ccache.log", b->out);
	_str_ text = {0};
	_strv_ words = {0};

	file_read(path, &text);
	strv_split(&words, str_get(&text), "\n");
	for (size_t i = 0; i < words.n; i++) {
		b->hits += !strcmp(words.v[i], "direct_cache_hit") || !strcmp(words.v[i], "preprocessed_cache_hit");
		b->misses += !strcmp(words.v[i], "cache_miss");
	}
}

static int check_config(struct build *b)
{
	_strv_ lost = {0};

	if (kconfig_lost(b, &lost))
		return -1;
	if (!lost.n)
		return 0;
	b->verdict = V_CONFIG_LOST;
	for (size_t i = 0; i < lost.n; i++)
		str_addf(&b->detail, "%s%s%s", i ? ", " : "", lost.v[i], ends_with(lost.v[i], "=") ? "n" : "");
	return 1;
}

static int make_image(struct build *b, bool first)
{
	_free_ kind = xasprintf("build %s%s", b->cell->arch.file, first ? "" : " again");
	_run_ r = {0};
	int ret;

	build_make(b, &r);
	strv_add(&r.argv, b->cell->arch.target);
	step_begin(kind, "%s: build", b->cell->label);
	ret = build_call(b, &r);
	read_ccache(b);
	step_end(!ret, "%s: %s (ccache: %ld of %ld objects)", b->cell->label, ret ? "not built" : "built", b->hits,
		 b->hits + b->misses);
	if (!ret && !file_exists(b->image)) {
		b->verdict = V_BUILD_FAILED;
		str_addf(&b->detail, "make %s made no %s", b->cell->arch.target, b->cell->arch.image);
		return 1;
	}
	return ret;
}

/* In a tree that stays as it is.  0, 1: the verdict is set, or negative. */
static int make_all(struct build *b)
{
	_free_ once = xasprintf("%s/.shpte-once", b->out);
	_free_ stats = xasprintf("%s/ccache.log", b->out);
	bool first;
	int ret;

	ret = mkdirs(b->out);
	if (ret)
		return err("%s: %s", b->out, strerror(-ret));
	unlink(stats);
	first = begin_log(b, once);
	sweep_begin(b->out);
	ret = kconfig_make(b);
	if (!ret)
		ret = check_config(b);
	if (!ret)
		ret = make_image(b, first);
	sweep_end(b->out);
	if (!ret)
		end_log(b, once, first);
	return ret;
}

static int bring_up_to_date(struct build *b)
{
	_fd_ tree = tree_hold(b->cell);

	return tree < 0 ? tree : make_all(b);
}

int build_run(struct build *b)
{
	_free_ stamp = NULL;
	_free_ key = NULL;
	double begun = now();
	int ret;

	ret = open_build(b);
	if (!ret) {
		stamp = xasprintf("%s/.shpte-built", b->out);
		key = image_key(b);
		b->done_before = is_built(b, stamp, key);
		if (b->done_before)
			return 0;
		unlink(stamp);
		ret = bring_up_to_date(b);
	}
	b->seconds = now() - begun;
	if (!ret) {
		ret = file_write(stamp, key, strlen(key));
		return ret ? err("%s: %s", stamp, strerror(-ret)) : 0;
	}
	if (ret == -EINTR) {
		b->verdict = V_STOPPED;
		return 0;
	}
	return ret < 0 ? -1 : 0;
}

int build_image(struct build *b)
{
	int ret = build_run(b);

	if (!ret && b->verdict == V_STOPPED)
		return -EINTR;
	if (!ret && b->verdict != V_PASS)
		return err("%s: %s: %s; see %s", b->cell->name, verdict_name(b->verdict), str_get(&b->detail), b->log);
	return ret;
}
