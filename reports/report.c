// SPDX-License-Identifier: GPL-2.0
/* shpte report: from the results to the site. */
#include <errno.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../build-matrix/build-matrix.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "../lib/run.h"
#include "reports.h"
#include "series.h"
#include "site.h"

static const char *output;

const struct opt opts_report[] = {
	{ "output", "DIR", "where the site goes; default: reports/site", OPT_STR, &output },
	{ "quiet", NULL, "only the verdict", OPT_FLAG, &log_quiet },
	{ 0 }
};

/* Reading only: a store is not made for us, and a machine that has none can still show results. */
static void open_store(struct site *s)
{
	_free_ path = store_path();

	git_libgit2_init();
	if (file_exists(path) && git_repository_open_bare(&s->repo, path))
		warn("%s can't be read, so the pages have no diffs: %s", path,
		     git_error_last() ? git_error_last()->message : "no reason given");
}

/* The pairs have pointers to the results, so this comes when both are there. */
static void weigh(struct site *s)
{
	for (size_t i = 0; i < s->latest.n; i++) {
		const struct pair *p = site_pair(s, &s->latest.v[i]);

		if (p)
			s->latest.v[i].shown = pair_grade(p, &s->latest.v[i]);
	}
}

static int load(struct site *s)
{
	_free_ index = cache_path("results.db"), *results = cache_path("results");

	if (db_open(&s->db, index) || db_import(s->db, results) || db_latest(s->db, results, &s->latest))
		return -1;
	pairs_make(&s->pairs, &s->latest, false);
	pairs_make(&s->suites, &s->latest, true);
	weigh(s);
	if (!s->pairs.n && !s->suites.n && !ui_has_rebases())
		return err("no results yet: run 'shpte matrix', or 'shpte rebase', first");
	return 0;
}

/* A series is derived once and tested on many architectures: its pages are written once. */
static int write_series(struct site *s)
{
	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];

		if (series_newest(&s->latest, r->version) == r && ui_series(s, r))
			return -1;
	}
	return 0;
}

static int write_style(struct site *s)
{
	_free_ from = data_path("reports/templates/style.css");

	return site_copy(s, "style.css", from);
}

/* Those that are described, and those that only results are left of. */
static int write_archs(struct site *s)
{
	_strv_ names = {0};

	archs_known(&names);
	for (size_t i = 0; i < s->latest.n; i++)
		if (!strv_has(&names, s->latest.v[i].arch))
			strv_add(&names, s->latest.v[i].arch);
	for (size_t i = 0; i < names.n; i++)
		if (ui_arch(s, names.v[i]))
			return -1;
	return 0;
}

static int write_pages(struct site *s)
{
	if (write_style(s) || ui_index(s) || export_json(s) || export_junit(s) || export_badges(s) || write_series(s) || write_archs(s))
		return -1;
	for (size_t i = 0; i < s->latest.n; i++) {
		step_progress(i, s->latest.n);
		step_detail("%s", s->latest.v[i].cell);
		if (ui_cell(s, &s->latest.v[i]) || ui_mutate(s, &s->latest.v[i]))
			return -1;
		if (run_stopped())
			return err("stopped; the site is as it was");
	}
	for (size_t i = 0; i < s->suites.n; i++)
		if (ui_suite(s, &s->suites.v[i]))
			return -1;
	return 0;
}

static int make_site(struct site *s, const char *to)
{
	int ret;

	if (site_begin(s, to))
		return -1;
	step_begin("report", "report");
	ret = write_pages(s);
	if (!ret)
		ret = site_swap(s, to);
	step_end(!ret, "report: %zu cells%s", s->latest.n, ret ? ", not written" : "");
	return ret;
}

static void finish(struct site *s)
{
	if (s->dir)
		remove_tree(s->dir);	/* of a site that failed; a swapped one is gone */
	free(s->dir);
	free(s->old);
	pairs_free(&s->pairs);
	pairs_free(&s->suites);
	results_free(&s->latest);
	db_close(&s->db);
	git_repository_free(s->repo);
	git_libgit2_shutdown();
}

/* One report at a time: they share the index, and mostly the folder. */
static int write_site(const char *to, struct str *sentence)
{
	_free_ lock = cache_path("report.lock");
	int fd = lock_file(lock, "report"), ret;
	struct site s = {0};

	if (fd < 0)
		return fd == -EINTR ? err("stopped; the site is as it was") : fd;
	open_store(&s);
	ret = load(&s);
	if (!ret)
		ret = make_site(&s, to);
	if (!ret)
		verdict_sentence(sentence, &s.pairs, &s.suites);
	finish(&s);
	close(fd);
	return ret;
}

static int report(char **index_path, struct str *sentence)
{
	_free_ to = output ? xstrdup(output) : data_path("reports/site");

	if (!*to)
		return usage("--output needs a folder");
	if (write_site(to, sentence))
		return -1;
	while (ends_with(to, "/"))
		to[strlen(to) - 1] = '\0';
	*index_path = xasprintf("%s/index.html", to);
	return 0;
}

int report_write(char **index_path)
{
	_str_ sentence = {0};

	return report(index_path, &sentence);
}

int cmd_report(struct strv *args)
{
	_free_ index = NULL;
	_str_ sentence = {0};
	int ret = report(&index, &sentence);

	if (ret)
		return ret;
	say("%s: %s", str_get(&sentence), index);
	return 0;
}
