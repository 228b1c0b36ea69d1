// SPDX-License-Identifier: GPL-2.0
/* shpte matrix [CELL-PATTERN] */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static void tell(const struct entry *e)
{
	if (e->known)
		say("%s: %s: %s%s", e->cell.name, verdict_name(e->verdict), str_get(&e->detail),
		    e->fresh ? " (up to date)" : "");
	else
		say("%s: not run, see above", e->cell.name);
}

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
		if (first && (strcmp(first->kernel, c->kernel) || strcmp(first->arch.name, c->arch.name)))
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
		tell(&m->v[i]);
	}
	return 0;
}

static int run_all(struct matrix *m)
{
	if (all_fresh(m)) {
		say("nothing changed: %zu cell%s up to date", m->n, m->n == 1 ? " is" : "s are");
		return 0;
	}
	add_labels(m);
	return jobs > 1 && several_at_once(m) ? workers_run(m, jobs, again, tell) : run_one_by_one(m);
}

/* "pass", or the worst of what did not. */
static bool add_overall(struct str *b, const struct matrix *m)
{
	const struct entry *first = NULL;
	size_t bad = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].known && m->v[i].verdict == V_PASS)
			continue;
		bad++;
		/* Of a pair, what the derived kernel does is the news. */
		if (!first || (m->v[i].cell.ours && !first->cell.ours))
			first = &m->v[i];
	}
	if (!bad)
		str_add(b, "pass");
	else
		str_addf(b, "%zu did not pass: %s: %s", bad, first->cell.name,
			 first->known ? verdict_name(first->verdict) : "not run");
	return !bad;
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
		ret = matrix_find(&m, args->n ? args->v[0] : "*");
	if (ret)
		return ret;
	ret = matrix_prepare(&m, again);
	if (!ret)
		ret = run_all(&m);
	return ret ? ret : end(&m);
}
