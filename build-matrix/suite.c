// SPDX-License-Identifier: GPL-2.0
/* A suite's definition: build-matrix/suites/NAME/suite.conf. */
#include <stdlib.h>
#include <string.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "suite.h"

#define MINUTES 10
#define GRACE 10

static const char *const keys[] = {
	"suite.title", "suite.kind", "suite.tests", "suite.release", "suite.package", "suite.minutes", "suite.grace",
	"suite.cpus", "suite.mem", "suite.disk", "suite.swap", "suite.qemu", "suite.append", "suite.plot", "suite.bound",
	"suite.verdict", "suite.display",
	NULL
};

void suites_known(struct strv *names)
{
	_free_ dir = data_path("build-matrix/suites");
	_strv_ all = {0};

	dir_list(dir, NULL, &all);
	for (size_t i = 0; i < all.n; i++) {
		_free_ conf = xasprintf("%s/%s/suite.conf", dir, all.v[i]);

		if (file_exists(conf))
			strv_add(names, all.v[i]);
	}
}

static char *copy(struct conf *c, const char *key)
{
	const char *s = conf_get(c, key);

	return s ? xstrdup(s) : NULL;
}

/* A size that may be left out: 0 then; -1 after a message. */
static int size(struct conf *c, const char *path, const char *key, unsigned long long *to)
{
	const char *s = conf_get(c, key);

	*to = s ? parse_mem(s) : 0;
	return s && !*to ? err("%s: %s is no size such as 512M or 3G", path, key) : 0;
}

/* What is to be made of its figures. */
static int read_figures(struct suite *s, struct conf *c, const char *path)
{
	_strv_ bounds = {0};
	_strv_ plots = {0};

	conf_all(c, "suite.bound", &bounds);
	conf_all(c, "suite.plot", &plots);
	for (size_t i = 0; i < bounds.n; i++)
		if (bounds_add(&s->bounds, bounds.v[i]))
			return err("%s: '%s': a bound is FIGURE at least TIMES, or FIGURE at most TIMES", path, bounds.v[i]);
	for (size_t i = 0; i < plots.n; i++)
		if (series_add(&s->plots, plots.v[i]))
			return err("%s: '%s': a plot is SERIES: TITLE against X, or SERIES log: TITLE against X", path, plots.v[i]);
	return 0;
}

static int read_causes(struct suite *s, struct conf *c, const char *path)
{
	_strv_ causes = {0};

	conf_all(c, "suite.verdict", &causes);
	for (size_t i = 0; i < causes.n; i++)
		if (causes_add(&s->causes, causes.v[i]))
			return err("%s: '%s': a verdict is TESTS: NAME, and NAME is none that shpte has itself", path, causes.v[i]);
	return 0;
}

static int check(const struct suite *s, const char *kind, const char *path)
{
	_free_ run = xasprintf("%s/run", s->dir);

	if (!kind || (strcmp(kind, "userland") && strcmp(kind, "guest")))
		return err("%s: suite.kind must be userland or guest", path);
	if (!s->userland && !s->tests)
		return err("%s: kind guest needs suite.tests", path);
	if (s->userland && !file_exists(run))
		return err("%s: kind userland needs a script; there is no %s", path, run);
	if (s->minutes < 1 || s->grace < 1 || s->cpus < 0 || s->cpus > 255)
		return err("%s: minutes and grace are at least 1, cpus 1 to 255", path);
	return 0;
}

static int read_conf(struct suite *s, const char *path)
{
	_cleanup_(conf_close) struct conf *c = NULL;
	_free_ kind = NULL;

	if (conf_open(&c, path) || conf_check_keys(c, keys))
		return -1;
	kind = copy(c, "suite.kind");
	s->userland = kind && !strcmp(kind, "userland");
	s->title = copy(c, "suite.title") ?: xstrdup(s->name);
	s->tests = copy(c, "suite.tests");
	s->release = copy(c, "suite.release") ?: xstrdup("bookworm");
	conf_all(c, "suite.package", &s->packages);
	s->minutes = conf_long(c, "suite.minutes", MINUTES);
	s->grace = conf_long(c, "suite.grace", GRACE);
	s->cpus = conf_long(c, "suite.cpus", 0);
	s->append = copy(c, "suite.append");
	s->display = conf_bool(c, "suite.display", false);
	if (conf_get(c, "suite.qemu"))
		strv_split(&s->qemu, conf_get(c, "suite.qemu"), " ");
	if (size(c, path, "suite.mem", &s->mem) || size(c, path, "suite.disk", &s->disk) ||
	    size(c, path, "suite.swap", &s->swap) || read_figures(s, c, path) ||
	    read_causes(s, c, path) || conf_bad(c))
		return -1;
	return check(s, kind, path);
}

int suite_load(struct suite *s, const char *name)
{
	_free_ path = data_path("build-matrix/suites/%s/suite.conf", name);
	_strv_ names = {0};
	_str_ list = {0};

	*s = (struct suite){ .name = xstrdup(name), .dir = data_path("build-matrix/suites/%s", name) };
	suites_known(&names);
	if (strv_has(&names, name)) {
		if (!read_conf(s, path))
			return 0;
		suite_free(s);
		return -1;
	}
	for (size_t i = 0; i < names.n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", names.v[i]);
	suite_free(s);
	return usage("unknown suite '%s'; known are: %s (a new one is a folder build-matrix/suites/%s)", name,
		     str_get(&list), name);
}

void suite_free(struct suite *s)
{
	free(s->name);
	free(s->title);
	free(s->dir);
	free(s->tests);
	free(s->release);
	free(s->append);
	strv_free(&s->packages);
	strv_free(&s->qemu);
	bounds_free(&s->bounds);
	series_free(&s->plots);
	causes_free(&s->causes);
	*s = (struct suite){0};
}

void suite_sources(const struct suite *s, const char *suffix, struct strv *paths)
{
	_free_ shared = data_path("build-matrix/suites/shared");

	dir_files(s->dir, suffix, paths);
	if (s->userland)
		dir_files(shared, suffix, paths);
}

static long minutes_of(const struct suite *s, const struct suite_wish *w)
{
	return w->minutes ? w->minutes : s->minutes;
}

long suite_limit(const struct suite *s, const struct suite_wish *w)
{
	return minutes_of(s, w) * 4 / 3 + s->grace;
}

char *suite_append(const struct suite *s, const struct suite_wish *w)
{
	long minutes = minutes_of(s, w);
	_str_ b = {0};

	if (s->userland)
		str_addf(&b, "suite=%s minutes=%ld test_seconds=%ld", s->name, minutes, suite_limit(s, w) * 60);
	else
		str_addf(&b, "tests=%s minutes=%ld test_seconds=%ld", s->tests, minutes, minutes * 60);
	if (w->only && *w->only)
		str_addf(&b, " only=%s", w->only);
	if (w->seed)
		str_addf(&b, " seed=%ld", w->seed);
	if (s->append)
		str_addf(&b, " %s", s->append);
	return xstrdup(b.s);
}
