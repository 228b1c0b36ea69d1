// SPDX-License-Identifier: GPL-2.0
/* The machines, as build-matrix/arch/<name>.conf describes them. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "arch.h"

#define TIMEOUT 900

static const char *const known[] = {
	"arch.title", "arch.like", "arch.named", "arch.suite", "arch.levels",
	"build.arch", "build.cross", "build.package", "build.target", "build.image", "build.make", "build.config",
	"qemu.program", "qemu.package", "qemu.args", "qemu.display", "qemu.append", "qemu.mem", "qemu.smp", "qemu.timeout",
	"qemu.since", "qemu.since-because",
	"guest.cross", "guest.cross-package", "guest.package", "guest.cflags", "guest.debian", "shpte.supported", "shpte.because", NULL
};

void archs_known(struct strv *names)
{
	_free_ dir = data_path("build-matrix/arch");
	_strv_ files = {0};

	dir_list(dir, ".conf", &files);
	for (size_t i = 0; i < files.n; i++) {
		files.v[i][strlen(files.v[i]) - strlen(".conf")] = '\0';
		strv_add(names, files.v[i]);
	}
}

unsigned long long parse_mem(const char *s)
{
	char *end;
	unsigned long long v = strtoull(s, &end, 10);
	int unit = toupper((unsigned char)*end);

	if (!isdigit((unsigned char)*s) || (unit != 'M' && unit != 'G') || end[1])
		return 0;
	return v << (unit == 'G' ? 30 : 20);
}

static int check(const struct arch *a, const char *path)
{
	const struct {
		const char *key, *value;
	} must[] = {
		{ "build.arch", a->make_arch }, { "build.target", a->target }, { "build.image", a->image },
		{ "qemu.program", a->qemu }, { "qemu.args", a->args }, { "qemu.append", a->append },
		{ "shpte.because", a->because },
	};

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++)
		if (!must[i].value)
			return err("%s: no %s", path, must[i].key);
	if (!a->mem)
		return err("%s: qemu.mem is no size such as 512M or 3G", path);
	if (a->smp < 1)
		return err("%s: qemu.smp is no number of CPUs", path);
	return 0;
}

/* What a description need not say. */
static void begin(struct arch *a, const char *file)
{
	*a = (struct arch){
		.file = xstrdup(file), .title = xstrdup(file), .cross = xstrdup(""), .package = xstrdup("gcc"),
		.qemu_package = xstrdup("qemu-system"), .smp = 1, .timeout = TIMEOUT, .since = xstrdup(""), .since_because = xstrdup(""),
		.libc = xstrdup("libc6-dev"), .cflags = xstrdup(""), .supported = true,
	};
}

static void set(struct conf *c, const char *key, char **value)
{
	const char *s = conf_get(c, key);

	if (!s)
		return;
	free(*value);
	*value = xstrdup(s);
}

/* What it says takes the place of what is there; what it may say several times is added. */
static int read_values(struct arch *a, struct conf *c)
{
	set(c, "arch.title", &a->title);
	a->levels = conf_long(c, "arch.levels", a->levels);
	set(c, "build.arch", &a->make_arch);
	set(c, "build.cross", &a->cross);
	set(c, "build.package", &a->package);
	set(c, "build.target", &a->target);
	set(c, "build.image", &a->image);
	conf_all(c, "build.make", &a->make);
	conf_all(c, "build.config", &a->config);
	set(c, "qemu.program", &a->qemu);
	set(c, "qemu.package", &a->qemu_package);
	set(c, "qemu.args", &a->args);
	set(c, "qemu.display", &a->display);
	set(c, "qemu.append", &a->append);
	if (conf_get(c, "qemu.mem"))
		a->mem = parse_mem(conf_get(c, "qemu.mem"));
	a->smp = conf_long(c, "qemu.smp", a->smp);
	a->timeout = conf_long(c, "qemu.timeout", a->timeout);
	set(c, "qemu.since", &a->since);
	set(c, "qemu.since-because", &a->since_because);
	set(c, "guest.cross", &a->guest_cross);
	set(c, "guest.cross-package", &a->guest_package);
	set(c, "guest.package", &a->libc);
	set(c, "guest.cflags", &a->cflags);
	set(c, "guest.debian", &a->debian);
	a->supported = conf_bool(c, "shpte.supported", a->supported);
	set(c, "shpte.because", &a->because);
	return conf_bad(c) ? -1 : 0;
}

static char *conf_path(const char *name)
{
	return data_path("build-matrix/arch/%s.conf", name);
}

/* The machine that it is like first, with its fragment. */
static int read_like(struct arch *a, const char *path)
{
	_free_ like = conf_path(a->like);
	_cleanup_(conf_close) struct conf *c = NULL;
	_strv_ names = {0};

	archs_known(&names);
	if (!strv_has(&names, a->like))
		return err("%s: like = %s: there is no %s", path, a->like, like);
	if (conf_open(&c, like) || conf_check_keys(c, known))
		return -1;
	if (conf_get(c, "arch.like"))
		return err("%s: like = %s, which is like %s itself: say that", path, a->like, conf_get(c, "arch.like"));
	if (read_values(a, c))
		return -1;
	strv_add(&a->config, a->like);
	return 0;
}

static int read_conf(struct arch *a)
{
	_free_ path = conf_path(a->file);
	_cleanup_(conf_close) struct conf *c = NULL;

	if (conf_open(&c, path) || conf_check_keys(c, known))
		return -1;
	set(c, "arch.like", &a->like);
	a->named = conf_bool(c, "arch.named", false);
	conf_all(c, "arch.suite", &a->suites);
	if (a->like && read_like(a, path))
		return -1;
	if (read_values(a, c))
		return -1;
	if (!a->guest_package)
		a->guest_package = xstrdup(a->package);
	return check(a, path);
}

void arch_confs(const struct arch *a, struct strv *paths)
{
	const char *const names[] = { a->like, a->file };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		_free_ path = names[i] ? conf_path(names[i]) : NULL;

		if (path)
			strv_add(paths, path);
	}
}

/* "cpus=1" */
static int change(struct arch *a, const char *what)
{
	if (starts_with(what, "cpus=")) {
		char *end;

		a->smp = strtol(what + 5, &end, 10);
		if (isdigit((unsigned char)what[5]) && !*end && a->smp >= 1 && a->smp <= 255)
			return 0;
	} else if (starts_with(what, "mem=")) {
		a->mem = parse_mem(what + 4);
		if (a->mem)
			return 0;
	}
	return usage("%s,%s: after an architecture comes what is to be otherwise: cpus=N or mem=SIZE, such as 512M or 3G",
		     a->file, what);
}

/* A machine as described has one name, whatever was said of it. */
static int change_all(struct arch *a, const char *changes)
{
	const struct arch described = *a;
	_str_ name = {0};
	_strv_ list = {0};
	int ret = 0;

	strv_split(&list, changes, ",");
	for (size_t i = 0; i < list.n && !ret; i++)
		ret = change(a, list.v[i]);
	str_add(&name, a->file);
	if (a->smp != described.smp)
		str_addf(&name, ",cpus=%ld", a->smp);
	if (a->mem != described.mem)
		str_addf(&name, ",mem=%lluM", a->mem >> 20);
	a->name = xstrdup(name.s);
	return ret;
}

static int unknown(const char *name)
{
	_strv_ names = {0};
	_str_ list = {0};

	archs_known(&names);
	for (size_t i = 0; i < names.n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", names.v[i]);
	return usage("unknown architecture '%s'; known are: %s (a new one is a file build-matrix/arch/%s.conf)",
		     name, str_get(&list), name);
}

int arch_load(struct arch *a, const char *name)
{
	size_t n = strcspn(name, ",");
	_free_ file = xstrndup(name, n);
	_strv_ names = {0};
	int ret;

	begin(a, file);
	archs_known(&names);
	ret = !strv_has(&names, file) ? unknown(file) : read_conf(a);
	if (!ret)
		ret = change_all(a, name + n);
	if (ret)
		arch_free(a);
	return ret;
}

void arch_free(struct arch *a)
{
	char *const all[] = {
		a->name, a->file, a->like, a->title, a->make_arch, a->cross, a->package, a->target, a->image, a->qemu, a->qemu_package,
		a->args, a->display, a->append, a->since, a->since_because, a->guest_cross, a->guest_package, a->libc,
		a->cflags, a->debian, a->because,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free(all[i]);
	strv_free(&a->make);
	strv_free(&a->config);
	strv_free(&a->suites);
	*a = (struct arch){0};
}

/* A line's `cc` is a prefix when it ends like one. */
char *arch_cross(const struct arch *a, const struct line *l)
{
	return xstrdup(l->cc && ends_with(l->cc, "-") ? l->cc : a->cross);
}

char *arch_cc(const struct arch *a, const struct line *l)
{
	_free_ cross = arch_cross(a, l);

	return l->cc && !ends_with(l->cc, "-") ? xstrdup(l->cc) : xasprintf("%sgcc", cross);
}

char *arch_guest_cc(const struct arch *a)
{
	return xasprintf("%sgcc", a->guest_cross ?: a->cross);
}

static int first_line(const char *program, struct str *out)
{
	_run_ r = {0};
	_str_ text = {0}, rest = {0};
	int ret;

	run_args(&r, program, "--version", NULL);
	r.out = &text;
	r.err = &rest;
	ret = run_wait(&r);
	str_addn(out, str_get(&text), strcspn(str_get(&text), "\n"));
	return ret;
}

/* Does this Debian release have the package, as far as apt knows? */
static bool is_packaged(const char *package)
{
	_str_ text = {0}, rest = {0};
	_run_ r = { .out = &text, .err = &rest };

	run_args(&r, "apt-cache", "show", "--no-all-versions", package, NULL);
	return run_wait(&r) != 100;
}

/* The package is NULL where it is not known. */
static char *compiler_version(const char *cc, const char *package, struct str *why)
{
	struct str b = {0};
	int ret = first_line(cc, &b);

	if (!ret)
		return b.s;
	str_free(&b);
	if (ret == -ENOENT && !package)
		str_addf(why, "%s is not installed", cc);
	else if (ret == -ENOENT && is_packaged(package))
		str_addf(why, "%s is not installed; apt install %s", cc, package);
	else if (ret == -ENOENT)
		str_addf(why, "%s is not installed, and this Debian release has no package %s", cc, package);
	else if (ret != -EINTR)
		str_addf(why, "%s --version fails", cc);
	return NULL;
}

char *arch_cc_version(const struct arch *a, const struct line *l, struct str *why)
{
	_free_ cc = arch_cc(a, l);
	char *version = compiler_version(cc, l->cc ? NULL : a->package, why);

	if (why->len && l->cc)
		str_addf(why, "; kernel %s wants it", l->name);
	return version;
}

char *arch_guest_cc_version(const struct arch *a, struct str *why)
{
	_free_ cc = arch_guest_cc(a);

	return compiler_version(cc, a->guest_package, why);
}

const char *arch_qemu(const struct arch *a)
{
	const char *other = getenv("SHPTE_QEMU");

	return other && *other ? other : a->qemu;
}

bool arch_is_program(const struct arch *a)
{
	return !strcmp(arch_qemu(a), ARCH_IS_PROGRAM);
}

char *arch_qemu_version(const struct arch *a)
{
	struct str b = {0};

	if (arch_is_program(a))
		return xstrdup("");
	if (first_line(arch_qemu(a), &b))
		str_clear(&b);
	return b.s ? b.s : xstrdup("");
}

/* "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)": the first number in it that has a point. */
static bool read_version(const char *s, long *major, long *minor)
{
	for (; *s; s++)
		if (sscanf(s, "%ld.%ld", major, minor) == 2)
			return true;
	return false;
}

bool arch_qemu_too_old(const struct arch *a, struct str *why)
{
	_free_ version = *a->since ? arch_qemu_version(a) : NULL;
	long have[2], want[2];

	if (!version || !read_version(version, &have[0], &have[1]) || !read_version(a->since, &want[0], &want[1]))
		return false;
	if (have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1]))
		return false;
	str_addf(why, "%s is %ld.%ld, older than %s: %s", a->qemu, have[0], have[1], a->since, a->since_because);
	return true;
}

void arch_fragments(const struct arch *a, bool ours, struct strv *paths)
{
	_free_ common = data_path("build-matrix/arch/common.config");
	_free_ own = data_path("build-matrix/arch/%s.config", a->file);
	_free_ shpte = data_path("build-matrix/arch/shpte.config");

	strv_add(paths, common);
	/* Before the architecture's, which may want less. */
	if (ours)
		strv_add(paths, shpte);
	for (size_t i = 0; i < a->config.n; i++) {
		_free_ family = data_path("build-matrix/arch/%s.config", a->config.v[i]);

		strv_add(paths, family);
	}
	/* what is made of fragments alone has none */
	if (file_exists(own))
		strv_add(paths, own);
}
