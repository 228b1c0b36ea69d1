// SPDX-License-Identifier: GPL-2.0
/* Calling the kernel's make: with what, and what its output tells. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "build.h"
#include "jobs.h"

/* Two builds of the same sources must give the same bytes, and ccache must know them. */
static void add_env(const struct build *b, struct run *r)
{
	static const char *const env[] = {
		"KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970", "KBUILD_BUILD_USER=shpte",
		"KBUILD_BUILD_HOST=shpte", "KBUILD_BUILD_VERSION=1", "CCACHE_NOHASHDIR=1", "LC_ALL=C",
		"KCONFIG_CONFIG=.config",
		/* Ours may be those of the make that called us, with its job server. */
		"MFLAGS=", "GNUMAKEFLAGS=", "MAKEOVERRIDES=", "MAKELEVEL=0",
	};
	_free_ ccache = cache_path("ccache");

	for (size_t i = 0; i < sizeof(env) / sizeof(env[0]); i++)
		strv_add(&r->env, env[i]);
	strv_addf(&r->env, "CCACHE_DIR=%s", ccache);
	/* The derived kernel has CONFIG_WERROR: what it has in common with the base is not compiled again for that. */
	strv_add(&r->env, "CCACHE_IGNOREOPTIONS=-Werror");
	strv_addf(&r->env, "CCACHE_STATSLOG=%s/ccache.log", b->out);
}

void build_make(const struct build *b, struct run *r)
{
	const struct cell *c = b->cell;
	_free_ cross = arch_cross(&c->arch, &c->line);
	_free_ cc = arch_cc(&c->arch, &c->line);

	run_args(r, "make", "-C", b->src, NULL);
	strv_addf(&r->argv, "O=%s", b->out);
	strv_addf(&r->argv, "ARCH=%s", c->arch.make_arch);
	strv_addf(&r->argv, "CROSS_COMPILE=%s", cross);
	strv_addf(&r->argv, "CC=ccache %s", cc);
	strv_add(&r->argv, "HOSTCC=ccache gcc");
	/* Without it, a tree that is in no git repository is still asked for its state. */
	strv_add(&r->argv, "LOCALVERSION=");
	jobs_make(r);
	for (size_t i = 0; i < c->arch.make.n; i++)
		strv_add(&r->argv, c->arch.make.v[i]);
	for (size_t i = 0; i < c->line.make.n; i++)
		strv_add(&r->argv, c->line.make.v[i]);
	add_env(b, r);
}

/* "  CC      mm/memory.o": something was made. */
static bool is_step(const char *line)
{
	return line[0] == ' ' && line[1] == ' ' && isupper((unsigned char)line[2]);
}

static bool is_error(const char *line)
{
	static const char *const signs[] = {
		"No space left on device", ": error: ", ": fatal error: ", "undefined reference to ",
		"multiple definition of ", ": Error: ", "error: ", "ERROR: ",
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strstr(line, signs[i]))
			return true;
	return false;
}

/* Paths as in the tree, not as seen from O=. */
static void keep(struct str *to, const struct build *b, const char *line)
{
	size_t n = strlen(b->src);

	if (to->len)
		return;
	if (!strncmp(line, b->src, n) && line[n] == '/')
		line += n + 1;
	str_add(to, starts_with(line, "../") ? line + 3 : line);
}

static void on_line(void *arg, const char *line)
{
	struct build *b = arg;

	if (is_step(line)) {
		const char *name = line + 2 + strcspn(line + 2, " ");

		b->lines++;
		step_detail("%s", name + strspn(name, " "));
		step_progress(b->lines, b->lines_total);
	} else if (is_error(line)) {
		keep(&b->error, b, line);
	} else if (strstr(line, "*** ")) {
		keep(&b->trouble, b, strstr(line, "*** ") + 4);
	} else if (*line) {
		str_clear(&b->tail);
		str_add(&b->tail, line);
	}
}

int build_call(struct build *b, struct run *r)
{
	_free_ how = NULL;
	int ret;

	str_clear(&b->error);
	str_clear(&b->trouble);
	str_clear(&b->tail);
	r->log = b->log;
	r->on_line = on_line;
	r->arg = b;
	ret = run_wait(r);
	if (!ret || ret == -EINTR)
		return ret;
	how = run_describe(r, ret);
	b->verdict = V_BUILD_FAILED;
	str_add(&b->detail, b->error.len ? b->error.s : b->trouble.len ? b->trouble.s : b->tail.len ? b->tail.s : how);
	return 1;
}
