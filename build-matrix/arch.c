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
	"arch.title", "arch.levels", "build.arch", "build.cross", "build.package", "build.target", "build.image", "build.make",
	"build.config",
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

static char *copy(struct conf *c, const char *key, const char *otherwise)
{
	const char *s = conf_get(c, key);

	return s || otherwise ? xstrdup(s ? s : otherwise) : NULL;
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

static int read_conf(struct arch *a, const char *path)
{
	_cleanup_(conf_close) struct conf *c = NULL;

	if (conf_open(&c, path) || conf_check_keys(c, known))
		return -1;
	a->title = copy(c, "arch.title", a->file);
	a->levels = conf_long(c, "arch.levels", 0);
	a->make_arch = copy(c, "build.arch", NULL);
	a->cross = copy(c, "build.cross", "");
	a->package = copy(c, "build.package", "gcc");
	a->target = copy(c, "build.target", NULL);
	a->image = copy(c, "build.image", NULL);
	conf_all(c, "build.make", &a->make);
	conf_all(c, "build.config", &a->config);
	a->qemu = copy(c, "qemu.program", NULL);
	a->qemu_package = copy(c, "qemu.package", "qemu-system");
	a->args = copy(c, "qemu.args", NULL);
	a->display = copy(c, "qemu.display", NULL);
	a->append = copy(c, "qemu.append", NULL);
	a->mem = parse_mem(conf_get(c, "qemu.mem") ?: "");
	a->smp = conf_long(c, "qemu.smp", 1);
	a->timeout = conf_long(c, "qemu.timeout", TIMEOUT);
	a->since = copy(c, "qemu.since", "");
	a->since_because = copy(c, "qemu.since-because", "");
	a->guest_cross = copy(c, "guest.cross", NULL);
	a->guest_package = copy(c, "guest.cross-package", a->package);
	a->libc = copy(c, "guest.package", "libc6-dev");
	a->cflags = copy(c, "guest.cflags", "");
	a->debian = copy(c, "guest.debian", NULL);
	a->supported = conf_bool(c, "shpte.supported", true);
	a->because = copy(c, "shpte.because", NULL);
	return conf_bad(c) ? -1 : check(a, path);
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
	_free_ path = data_path("build-matrix/arch/%s.conf", file);
	_strv_ names = {0};
	int ret;

	*a = (struct arch){ .file = xstrdup(file) };
	archs_known(&names);
	ret = !strv_has(&names, file) ? unknown(file) : read_conf(a, path);
	if (!ret)
		ret = change_all(a, name + n);
	if (ret)
		arch_free(a);
	return ret;
}

void arch_free(struct arch *a)
{
	char *const all[] = {
		a->name, a->file, a->title, a->make_arch, a->cross, a->package, a->target, a->image, a->qemu, a->qemu_package,
		a->args, a->display, a->append, a->since, a->since_because, a->guest_cross, a->guest_package, a->libc,
		a->cflags, a->debian, a->because,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free(all[i]);
	strv_free(&a->make);
	strv_free(&a->config);
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
