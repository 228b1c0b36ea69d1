// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "fragment.h"

/* The folder below arch/ that ARCH= means, as the tree's Makefile says.  Caller frees. */
static char *source_arch(const struct build *b)
{
	const char *arch = b->cell->arch.make_arch, *at;
	_free_ path = xasprintf("%s/Makefile", b->src);
	_free_ test = xasprintf("ifeq ($(ARCH),%s)", arch);
	_str_ text = {0};

	file_read(path, &text);
	at = strstr(str_get(&text), test);
	at = at ? strstr(at, "SRCARCH := ") : NULL;
	if (!at)
		return xstrdup(arch);
	at += strlen("SRCARCH := ");
	return xstrndup(at, strcspn(at, "\n"));
}

/* Is this file of the architecture's, or of all? */
static bool concerns(const char *path, const char *arch)
{
	size_t len = strlen(arch);

	if (!starts_with(path, "arch/") || !strchr(path + strlen("arch/"), '/'))
		return true;
	path += strlen("arch/");
	return !strncmp(path, arch, len) && path[len] == '/';
}

/* 1 the tree has the symbol for this architecture, 0 it has not, -EINTR, or -1 after a message. */
static int has_symbol(const struct build *b, const char *symbol)
{
	_free_ store = cache_path("store.git");
	_free_ arch = source_arch(b);
	_free_ said = NULL;
	_strv_ found = {0};
	_str_ out = {0};
	_run_ r = { .out = &out };
	int ret;

	run_args(&r, "git", "--git-dir", store, "grep", "-l", "-E", NULL);
	strv_addf(&r.argv, "^[[:space:]]*(menu)?config %s$", symbol);
	run_args(&r, b->cell->commit, "--", "*Kconfig*", NULL);
	ret = run_wait(&r);
	if (ret && ret != 1) {
		if (run_stopped())
			return -EINTR;
		said = run_describe(&r, ret);
		return err("%s: cannot look for CONFIG_%s: %s", b->cell->label, symbol, said);
	}
	strv_split(&found, str_get(&out), "\n");
	for (size_t i = 0; i < found.n; i++) {
		const char *colon = strchr(found.v[i], ':');	/* "COMMIT:PATH" */

		if (colon && concerns(colon + 1, arch))
			return 1;
	}
	return 0;
}

static int bad(const char *path, size_t line, const char *what)
{
	return err("%s:%zu: %s", path, line, what);
}

/* One fragment's lines that are for this tree. */
static int choose(const struct build *b, const char *path, const char *text, struct str *out)
{
	enum { ALL, YES, NO } which = ALL;
	size_t number = 0;
	int ret;

	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		_free_ s = xstrndup(at, strcspn(at, "\n"));

		number++;
		if (starts_with(s, "# if ")) {
			if (which != ALL)
				return bad(path, number, "'# if' within '# if'; blocks are not nested");
			ret = has_symbol(b, s + strlen("# if "));
			if (ret < 0)
				return ret;
			which = ret ? YES : NO;
		} else if (!strcmp(s, "# else")) {
			if (which == ALL)
				return bad(path, number, "'# else' without '# if SYMBOL'");
			which = which == YES ? NO : YES;
		} else if (!strcmp(s, "# end")) {
			if (which == ALL)
				return bad(path, number, "'# end' without '# if SYMBOL'");
			which = ALL;
		} else if (which != NO) {
			str_addf(out, "%s\n", s);
		}
	}
	return which == ALL ? 0 : bad(path, number, "'# if' without '# end'");
}

/* *path becomes that of the resolved fragment. */
static int resolve(const struct build *b, char **path, bool again)
{
	const char *name = strrchr(*path, '/');
	_free_ own = xasprintf("%s/fragments%s", b->out, name);
	_free_ dir = xasprintf("%s/fragments", b->out);
	_str_ text = {0}, chosen = {0};
	int ret;

	if (file_read(*path, &text) || !strstr(str_get(&text), "# if "))
		return 0;
	if (again || !file_exists(own)) {
		ret = choose(b, *path, text.s, &chosen);
		if (ret)
			return ret;
		ret = mkdirs(dir);
		if (!ret)
			ret = file_write(own, str_get(&chosen), chosen.len);
		if (ret)
			return err("cannot write %s: %s", own, strerror(-ret));
	}
	free(*path);
	*path = xstrdup(own);
	return 0;
}

int fragments_resolve(const struct build *b, struct strv *paths, bool again)
{
	int ret = 0;

	for (size_t i = 0; i < paths->n && !ret; i++)
		ret = resolve(b, &paths->v[i], again);
	return ret;
}
