// SPDX-License-Identifier: GPL-2.0
/* A kernel's configuration, from fragments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
#include "../lib/log.h"
#include "fragment.h"
#include "kconfig.h"
#include "tree.h"

static char *key(const struct build *b, const struct strv *fragments)
{
	struct hash h = {0};

	hash_text(&h, "compiler", b->compiler);
	for (size_t i = 0; i < b->cell->line.make.n; i++)
		hash_text(&h, "make", b->cell->line.make.v[i]);
	for (size_t i = 0; i < b->cell->arch.make.n; i++)
		hash_text(&h, "make", b->cell->arch.make.v[i]);
	for (size_t i = 0; i < fragments->n; i++)
		hash_file(&h, fragments->v[i]);
	return hash_end(&h);
}

/* The stamp says of what .config was made: "<key> <commit>". */
static bool is_fresh(const struct build *b, const char *stamp, const char *key)
{
	_free_ config = xasprintf("%s/.config", b->out);
	_str_ text = {0};
	_strv_ words = {0};

	if (!file_exists(config) || file_read(stamp, &text))
		return false;
	strv_split(&words, str_get(&text), " \n");
	return words.n == 2 && !strcmp(words.v[0], key) && !tree_differs(words.v[1], b->cell->commit, "Kconfig");
}

static int target(struct build *b, const char *name)
{
	_run_ r = {0};

	build_make(b, &r);
	strv_add(&r.argv, name);
	return build_call(b, &r);
}

static int merge(struct build *b, const struct strv *fragments)
{
	_run_ r = {0};

	run_args(&r, "sh", NULL);
	strv_addf(&r.argv, "%s/scripts/kconfig/merge_config.sh", b->src);
	run_args(&r, "-m", "-O", b->out, NULL);
	strv_addf(&r.argv, "%s/.config", b->out);
	for (size_t i = 0; i < fragments->n; i++)
		strv_add(&r.argv, fragments->v[i]);
	/* It leaves its temporary files where it stands. */
	r.dir = b->out;
	return build_call(b, &r);
}

static int make_config(struct build *b, const struct strv *fragments)
{
	int ret = target(b, "tinyconfig");

	if (!ret)
		ret = merge(b, fragments);
	return ret ? ret : target(b, "olddefconfig");
}

int kconfig_make(struct build *b)
{
	_free_ stamp = xasprintf("%s/.shpte-config", b->out);
	_free_ now = NULL;
	_free_ text = NULL;
	_strv_ fragments = {0};
	int ret = 0;

	arch_fragments(&b->cell->arch, b->cell->ours, &fragments);
	now = key(b, &fragments);
	text = xasprintf("%s %s\n", now, b->cell->commit);
	if (!is_fresh(b, stamp, now)) {
		unlink(stamp);
		step_begin("configure", "%s: configure", b->cell->label);
		ret = fragments_resolve(b, &fragments, true);
		if (!ret)
			ret = make_config(b, &fragments);
		step_end(!ret, "%s: %sconfigured", b->cell->label, ret ? "not " : "");
	}
	/* Also when nothing had to be done: the commit of then may vanish from the store. */
	if (!ret)
		file_write(stamp, text, strlen(text));
	return ret;
}

/* Adds "CONFIG_X=y" or "CONFIG_X=" (not set); a later mention of the symbol takes the place of an earlier one. */
static void ask(struct strv *wanted, const char *symbol, size_t n, const char *value)
{
	char *s = xasprintf("%.*s=%s", (int)n, symbol, value);

	for (size_t i = 0; i < wanted->n; i++) {
		if (strncmp(wanted->v[i], s, n + 1))
			continue;
		free(wanted->v[i]);
		wanted->v[i] = s;
		return;
	}
	strv_add(wanted, s);
	free(s);
}

static void read_fragment(struct strv *wanted, const char *path)
{
	_str_ text = {0};
	_strv_ lines = {0};

	file_read(path, &text);
	strv_split(&lines, str_get(&text), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		char *s = str_trim(lines.v[i]), *eq = strchr(s, '=');

		if (starts_with(s, "CONFIG_") && eq)
			ask(wanted, s, eq - s, eq + 1);
		else if (starts_with(s, "# CONFIG_") && ends_with(s, " is not set"))
			ask(wanted, s + 2, strcspn(s + 2, " "), "");
	}
}

/* Both begin with a line end; the symbol has this value, or with "CONFIG_X=" none. */
static bool has(const char *config, const char *wanted)
{
	_free_ line = xasprintf("\n%s\n", wanted);
	_free_ start = xasprintf("\n%s", wanted);

	return ends_with(wanted, "=") ? !strstr(config, start) : !!strstr(config, line);
}

/* What must not be on, whatever is asked for: ours, where the machine cannot have it. */
static bool refused(const struct build *b, const char *config, const char *wanted, struct strv *lost)
{
	if (b->cell->arch.supported || !starts_with(wanted, "CONFIG_SHPTE"))
		return false;
	if (has(config, wanted) && !ends_with(wanted, "="))
		strv_addf(lost, "%s, which must be refused here", wanted);
	return true;
}

int kconfig_lost(const struct build *b, struct strv *lost)
{
	_free_ path = xasprintf("%s/.config", b->out);
	_strv_ fragments = {0}, wanted = {0};
	_str_ config = {0};
	int ret;

	str_add(&config, "\n");
	ret = file_read(path, &config);
	if (ret)
		return err("%s: %s", path, strerror(-ret));
	arch_fragments(&b->cell->arch, b->cell->ours, &fragments);
	ret = fragments_resolve(b, &fragments, false);
	if (ret)
		return ret;
	for (size_t i = 0; i < fragments.n; i++)
		read_fragment(&wanted, fragments.v[i]);
	for (size_t i = 0; i < wanted.n; i++)
		if (!refused(b, config.s, wanted.v[i], lost) && !has(config.s, wanted.v[i]))
			strv_add(lost, wanted.v[i]);
	return 0;
}
