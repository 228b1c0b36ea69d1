// SPDX-License-Identifier: GPL-2.0
/*
 * Debian packages: apt finds, downloads and verifies them, with the machine's own mirror, proxy and keys, but with a
 * state in our cache, so that the machine's apt is not touched and its age does not matter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

void apt_free(struct apt *a)
{
	free(a->dir);
	free(a->conf);
	free(a->version);
	free(a->file);
	free(a->sha256);
	*a = (struct apt){0};
}

static int put(const struct apt *a, const char *name, const char *text)
{
	_free_ path = xasprintf("%s/%s", a->dir, name);
	int ret = file_write(path, text, strlen(text));

	return ret ? err("%s: %s", path, strerror(-ret)) : 0;
}

/* The private state for a suite.  Caller frees. */
static char *state_dir(const char *suite)
{
	_free_ name = version_clean(suite ? suite : "configured");

	return cache_path("apt/%s", name);
}

int apt_lock(const struct line *l)
{
	_free_ dir = state_dir(l->suite), *path = xasprintf("%s.lock", dir);

	return room_lock(path, "apt");
}

static int prepare(struct apt *a)
{
	static const char *const folders[] = { "lists/partial", "archives/partial", "download" };
	_str_ sources = {0}, conf = {0};

	a->dir = state_dir(a->suite);
	a->conf = xasprintf("%s/apt.conf", a->dir);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		_free_ path = xasprintf("%s/%s", a->dir, folders[i]);
		int ret = mkdirs(path);

		if (ret)
			return err("%s: %s", path, strerror(-ret));
	}
	if (apt_sources(a->suite, &sources))
		return -1;
	/* Hooks of the machine's update are not for a private one. */
	str_add(&conf, "#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n"
		"#clear APT::Update::Post-Invoke-Success;\n#clear DPkg::Post-Invoke;\n");
	str_addf(&conf, "Dir::Etc::sourcelist \"%s/shpte.sources\";\nDir::Etc::sourceparts \"/dev/null\";\n", a->dir);
	str_addf(&conf, "Dir::State \"%s\";\nDir::State::lists \"%s/lists\";\n", a->dir, a->dir);
	/* Nothing is installed there: an installed version is no candidate. */
	str_addf(&conf, "Dir::State::status \"%s/status\";\n", a->dir);
	str_addf(&conf, "Dir::Cache \"%s\";\nDir::Cache::archives \"%s/archives\";\n", a->dir, a->dir);
	if (a->suite)
		str_add(&conf, "Dir::Etc::preferences \"/dev/null\";\nDir::Etc::preferencesparts \"/dev/null\";\n"
			"APT::Default-Release \"\";\n");
	/* The user _apt can't enter our cache. */
	str_add(&conf, "APT::Sandbox::User \"root\";\nAPT::Update::Error-Mode \"any\";\n"
		"Acquire::Languages \"none\";\nAcquire::Retries \"1\";\n");
	return put(a, "shpte.sources", sources.s) || put(a, "status", "") || put(a, "apt.conf", conf.s) ? -1 : 0;
}

/* The line of apt's complaints that says most: "Failed to fetch", else the first error. */
static char *complaint(const char *text)
{
	_strv_ lines = {0};
	const char *first = NULL, *fetch = NULL;

	strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		if (!first && starts_with(lines.v[i], "E: "))
			first = lines.v[i] + 3;
		if (!fetch && strstr(lines.v[i], "Failed to fetch"))
			fetch = strstr(lines.v[i], "Failed to fetch");
	}
	return xstrdup(fetch ? fetch : first ? first : lines.n ? lines.v[lines.n - 1] : "no reason given");
}

static int apt_fail(const struct apt *a, const struct run *r, int status, const char *text)
{
	static const char *const network[] = {
		"resolv", "onnect", "unreachable", "timed out", "timeout", "No route", "Network", NULL
	};
	_free_ why = complaint(text), *said = run_describe(r, status);
	const char *suite = a->suite ? a->suite : "(configured)";

	if (status < 0)
		return err("%s", said);
	if (strstr(text, "No space left"))
		return err("%s: disk full (%llu MB free): make room or set XDG_CACHE_HOME, and run again",
			   a->dir, disk_free(a->dir) >> 20);
	if (strstr(text, "does not have a Release file"))
		return err("suite %s: the mirror has no such suite: %s", suite, why);
	if (strstr(text, "NO_PUBKEY") || strstr(text, "is not signed") || strstr(text, "GPG error"))
		return err("suite %s: its signature can't be verified (is debian-archive-keyring up to date?): %s", suite, why);
	for (int i = 0; network[i]; i++)
		if (strstr(why, network[i]))
			return err("no network: %s; run again", why);
	return err("%s: %s; run again", said, why);
}

static int update(const struct apt *a)
{
	_str_ out = {0}, why = {0};
	_run_ r = { .out = &out, .err = &why };
	int ret;

	strv_add(&r.env, "LC_ALL=C");
	run_args(&r, "apt-get", "-q", "-c", a->conf, "update", NULL);
	ret = run_wait(&r);
	return ret ? apt_fail(a, &r, ret, str_get(&why)) : 0;
}

/* "Name: value" of the first record. */
static char *field(const char *text, const char *name)
{
	_free_ head = xasprintf("%s: ", name);
	_free_ inner = xasprintf("\n%s", head);
	const char *s = starts_with(text, head) ? text : strstr(text, inner);

	if (s)
		s += *s == '\n';
	return s ? xstrndup(s + strlen(head), strcspn(s + strlen(head), "\n")) : NULL;
}

/* How the file is called and what it must hash to: "'URI' NAME SIZE SHA256:HEX". */
static int parse_uri(struct apt *a, const char *line)
{
	_strv_ words = {0};

	strv_split(&words, line, " \n");
	if (words.n < 4 || !starts_with(words.v[3], "SHA256:") || strchr(words.v[1], '/'))
		return err("package %s: apt gives no SHA256 for it: %s", a->package, line);
	a->file = xasprintf("%s/download/%s", a->dir, words.v[1]);
	a->size = strtoull(words.v[2], NULL, 10);
	a->sha256 = xstrdup(words.v[3] + 7);
	return 0;
}

int apt_newest(const struct line *l, struct apt *a)
{
	_str_ out = {0}, why = {0}, uri = {0};
	_run_ show = { .out = &out, .err = &why };
	_run_ print = { .out = &uri, .err = &why };
	int ret;

	a->package = source_where(l);
	a->suite = l->suite;
	if (prepare(a) || update(a))
		return -1;
	strv_add(&show.env, "LC_ALL=C");
	run_args(&show, "apt-cache", "-c", a->conf, "show", "--no-all-versions", a->package, NULL);
	ret = run_wait(&show);
	if (ret < 0)
		return apt_fail(a, &show, ret, str_get(&why));
	if (!ret)
		a->version = field(str_get(&out), "Version");
	if (!a->version)
		return err("package %s is not in suite %s; 'apt-cache search linux-source' lists what there is",
			   a->package, a->suite ? a->suite : "(any configured)");
	run_args(&print, "apt-get", "-q", "-c", a->conf, "download", "--print-uris", NULL);
	strv_addf(&print.argv, "%s=%s", a->package, a->version);
	ret = run_wait(&print);
	return ret ? apt_fail(a, &print, ret, str_get(&why)) : parse_uri(a, str_get(&uri));
}

/* Files of earlier versions, which nobody will ask for again. */
static void clean(const struct apt *a, bool all)
{
	_free_ dir = xasprintf("%s/download", a->dir), *prefix = xasprintf("%s_", a->package);
	_strv_ names = {0};

	dir_list(dir, NULL, &names);
	for (size_t i = 0; i < names.n; i++) {
		_free_ path = xasprintf("%s/%s", dir, names.v[i]);

		if (starts_with(names.v[i], prefix) && (all || strcmp(path, a->file)))
			unlink(path);
	}
}

/* apt does not look again at a file that has the right size. */
static bool is_good(const struct apt *a)
{
	_str_ out = {0}, why = {0};
	_run_ r = { .out = &out, .err = &why };

	run_args(&r, "sha256sum", "--", a->file, NULL);
	return file_exists(a->file) && !run_wait(&r) && starts_with(str_get(&out), a->sha256);
}

static void on_status(void *arg, const char *line)
{
	struct str *text = arg;
	double percent;

	if (sscanf(line, "dlstatus:%*[^:]:%lf", &percent) == 1)
		step_progress(percent * 100, 10000);
	else
		str_addf(text, "%s\n", line);
}

static int download(const struct apt *a)
{
	_free_ dir = xasprintf("%s/download", a->dir);
	_str_ text = {0};
	_run_ r = { .on_line = on_status, .arg = &text, .dir = dir };
	int ret;

	strv_add(&r.env, "LC_ALL=C");
	run_args(&r, "apt-get", "-q", "-c", a->conf, "-o", "APT::Status-Fd=1", "-o", "Acquire::Retries=3",
		 "download", NULL);
	strv_addf(&r.argv, "%s=%s", a->package, a->version);
	ret = run_wait(&r);
	return ret ? apt_fail(a, &r, ret, str_get(&text)) : 0;
}

int apt_download(struct apt *a)
{
	/* The package, and in the store two and a half times as much, as measured. */
	unsigned long long need = 4 * a->size, room = disk_free(a->dir);
	int ret = 0;

	clean(a, false);
	if (room < need)
		return err("%s: disk full (%llu MB free): %s needs %llu MB there: make room or set XDG_CACHE_HOME, and run again",
			   a->dir, room >> 20, a->package, need >> 20);
	step_begin("download deb", "downloading %s %s (%llu MB)", a->package, a->version, a->size >> 20);
	/* Twice: what is left of an earlier run may be bad. */
	for (int i = 0; i < 2 && !ret && !is_good(a); i++) {
		if (i)
			unlink(a->file);
		ret = download(a);
	}
	if (!ret && !is_good(a)) {
		unlink(a->file);
		ret = err("package %s %s: the mirror's file is not what its signed index says; run again later",
			  a->package, a->version);
	}
	step_end(!ret, ret ? "%.0s%.0s" : "downloaded %s %s", a->package, a->version);
	return ret;
}

static int fetch(const struct line *l, struct fetched *f)
{
	_cleanup_(apt_free) struct apt a = {0};
	_free_ identity = source_identity(l), *its = NULL;
	_fd_ lock = apt_lock(l);
	int ret;

	if (lock < 0 || apt_newest(l, &a))
		return -1;
	f->version = version_clean(a.version);
	its = store_identity(f->store, f->version);
	if (its && !strcmp(its, identity)) {
		clean(&a, true);
		return 0;
	}
	ret = apt_download(&a);
	/* The file is ours: only another fetch takes it away, and that one waits for the store. */
	close_fd(&lock);
	f->spent = xstrdup(a.file);
	return ret ? ret : tar_import(a.file, true, &f->tree);
}

static char *upstream(const struct line *l)
{
	_cleanup_(apt_free) struct apt a = {0};
	_fd_ lock = apt_lock(l);

	return lock < 0 || apt_newest(l, &a) ? NULL : version_clean(a.version);
}

const struct source_kind source_deb = { "deb:", fetch, upstream };
