// SPDX-License-Identifier: GPL-2.0
/* shpte matrix [CELL-PATTERN] */
#include <errno.h>
#include <stdlib.h>

#include "../lib/log.h"
#include "jobs.h"
#include "machine.h"
#include "matrix.h"
#include "workers.h"

int (*matrix_report)(char **page);

static bool report, again;
static long jobs = -1;

const struct opt opts_matrix[] = {
	{ "report", NULL, "write the site from the results, too", OPT_FLAG, &report },
	{ "again", NULL, "also what is up to date", OPT_FLAG, &again },
	{ "jobs", "N", "cells at once; default: as many as there are CPUs", OPT_NUM, &jobs },
	OPTS_MACHINE,
	OPT_KERNELS,
	{ 0 }
};

static bool all_fresh(const struct matrix *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (!m->v[i].fresh)
			return false;
	return true;
}

/* Twins wait for each other, so there must be cells of two machines, or of two kernels. */
static bool several_at_once(const struct matrix *m)
{
	const struct cell *first = NULL;

	for (size_t i = 0; i < m->n; i++) {
		const struct cell *c = &m->v[i].cell;

		if (m->v[i].fresh)
			continue;
		if (first && !cells_are_twins(first, c))
			return true;
		first = c;
	}
	return false;
}

static void add_labels(struct matrix *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct entry *e = &m->v[i];

		free(e->cell.label);
		e->cell.label = m->n > 1 ? xasprintf("[%zu/%zu] %s", i + 1, m->n, e->cell.name) : xstrdup(e->cell.name);
	}
}

static int run_one_by_one(struct matrix *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (!m->v[i].fresh && entry_run(&m->v[i], again) == -EINTR)
			return -EINTR;
		entry_tell(&m->v[i]);
	}
	return 0;
}

static int run_all(struct matrix *m)
{
	if (all_fresh(m)) {
		for (size_t i = 0; i < m->n; i++)
			entry_tell(&m->v[i]);
		say("nothing changed: %zu cell%s up to date", m->n, m->n == 1 ? " is" : "s are");
		return 0;
	}
	add_labels(m);
	return jobs > 1 && several_at_once(m) ? workers_run(m, jobs, again, entry_tell) : run_one_by_one(m);
}

/* What a cell means for the whole. */
enum standing { PASSED, BASE_TOO, NOT_TRIED, FAILED, STANDINGS };

static bool has_twin(const struct matrix *m, const struct entry *base)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].cell.ours && cells_are_twins(&m->v[i].cell, &base->cell))
			return true;
	return false;
}

/* A failure of a kernel that went on to its end: is it one that the derived kernel alone has? */
static enum standing weigh_failure(const struct matrix *m, const struct entry *e)
{
	/* What is asked of a base beside its derived kernel is what to subtract. */
	if (!e->cell.ours)
		return has_twin(m, e) ? BASE_TOO : FAILED;
	return entry_worse(e) ? FAILED : BASE_TOO;
}

static enum standing standing_of(const struct matrix *m, const struct entry *e)
{
	if (!e->known)
		return FAILED;
	switch (e->verdict) {
	case V_PASS:
		return PASSED;
	case V_NO_COMPILER:
	case V_NO_EMULATOR:
		return NOT_TRIED;
	case V_TEST_FAILED:
	case V_COMPLAINED:
		return weigh_failure(m, e);
	default:
		return FAILED;
	}
}

/* "pass", what is worse than the base, or what there is beside cells that pass. */
static bool add_overall(struct str *b, const struct matrix *m)
{
	size_t n[STANDINGS] = {0};
	const struct entry *first[STANDINGS] = {0};
	enum standing o;

	for (size_t i = 0; i < m->n; i++) {
		const struct entry *e = &m->v[i];

		o = standing_of(m, e);
		n[o]++;
		/* Of a pair, what the derived kernel does is the news. */
		if (!first[o] || (e->cell.ours && !first[o]->cell.ours))
			first[o] = e;
	}
	o = n[FAILED] ? FAILED : NOT_TRIED;
	if (n[PASSED] == m->n)
		str_add(b, "pass");
	else if (n[FAILED] || n[NOT_TRIED] == m->n)
		str_addf(b, "%zu did not pass: %s: %s", n[o], first[o]->cell.name,
			 first[o]->known ? entry_verdict(first[o]) : NOT_RUN);
	else
		str_addf(b, "no regression: %zu pass, %zu fail as the base does, %zu could not be tried", n[PASSED], n[BASE_TOO],
			 n[NOT_TRIED]);
	return !n[FAILED] && n[NOT_TRIED] < m->n;
}

static int end(const struct matrix *m)
{
	_str_ line = {0};
	bool good;

	str_addf(&line, "%zu cell%s: ", m->n, m->n == 1 ? "" : "s");
	good = add_overall(&line, m);
	return matrix_end(&line, good, report);
}

int cmd_matrix(struct strv *args)
{
	_cleanup_(matrix_free) struct matrix m = {0};
	int ret = machine_check();

	if (!ret && (!jobs || jobs < -1))
		ret = usage("--jobs %ld: at least one cell has to be at work", jobs);
	if (jobs < 0)
		jobs = jobs_cpus();
	if (!ret)
		ret = matrix_find(&m, args->n ? args->v[0] : "*", NULL);
	if (ret)
		return ret;
	ret = matrix_prepare(&m, again);
	if (!ret)
		ret = run_all(&m);
	return ret ? ret : end(&m);
}
