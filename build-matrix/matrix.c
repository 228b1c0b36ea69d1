// SPDX-License-Identifier: GPL-2.0
/* Many cells: which, and what they need before they are built. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "machine.h"
#include "matrix.h"
#include "result.h"
#include "suite-boot.h"
#include "verdict.h"

/* A suite that a machine names, as it is to be run. */
struct tested {
	struct suite suite;
	struct suite_run run;
};

void matrix_free(struct matrix *m)
{
	for (size_t i = 0; i < m->n; i++) {
		cell_free(&m->v[i].cell);
		free(m->v[i].key);
		free(m->v[i].called);
		str_free(&m->v[i].detail);
	}
	for (size_t i = 0; i < m->n_sources; i++) {
		free(m->sources[i].kernel);
		free(m->sources[i].version);
		derivation_free(&m->sources[i].derivation);
	}
	for (size_t i = 0; i < m->n_tested; i++) {
		suite_free(&m->tested[i]->suite);
		free(m->tested[i]);
	}
	free(m->v);
	free(m->sources);
	free(m->tested);
	*m = (struct matrix){0};
}

/* Does the pattern, KERNEL/ARCH/VARIANT, say the machine's name? */
static bool names_machine(const char *pattern)
{
	const char *arch = strchr(pattern, '/'), *end = arch ? strpbrk(++arch, "/*?[") : NULL;

	return arch && *arch && (!end || (*end == '/' && end > arch));
}

/* 0, or less after a message. */
static int load_suite(struct matrix *m, const char *name, const struct suite_run **run)
{
	struct tested *t;
	int ret;

	for (size_t i = 0; i < m->n_tested; i++)
		if (!strcmp(m->tested[i]->suite.name, name)) {
			*run = &m->tested[i]->run;
			return 0;
		}
	t = xcalloc(1, sizeof(*t));
	ret = suite_load(&t->suite, name);
	if (ret) {
		free(t);
		return ret;
	}
	t->run.suite = &t->suite;
	m->tested = xrealloc(m->tested, (m->n_tested + 1) * sizeof(*m->tested));
	m->tested[m->n_tested++] = t;
	*run = &t->run;
	return 0;
}

/* From here on the entry is the suite's: its name, its key, its results. */
static void enter(struct entry *e, const struct suite_run *r)
{
	struct cell *c = &e->cell;

	e->suite = r;
	free(c->label);
	free(c->name);
	c->name = xasprintf("%s/%s/%s+%s", c->kernel, c->arch.name, cell_variant(c), r->suite->name);
	c->label = xasprintf("%s/%s/%s %s", c->kernel, c->arch.name, cell_variant(c), r->suite->name);
}

/* An entry for the cell, which becomes the matrix's, tested by a suite or, NULL, by the guest tests. */
static void add_entry(struct matrix *m, const struct cell *c, const struct suite_run *suite)
{
	m->v = xrealloc(m->v, (m->n + 1) * sizeof(*m->v));
	m->v[m->n] = (struct entry){ .cell = *c };
	if (suite)
		enter(&m->v[m->n], suite);
	m->n++;
}

/* An entry for each suite that its machine names. */
static int add_suites(struct matrix *m, const char *name, const struct strv *suites)
{
	int ret = 0;

	for (size_t i = 0; i < suites->n && !ret; i++) {
		const struct suite_run *suite;
		struct cell c;

		ret = load_suite(m, suites->v[i], &suite);
		if (!ret)
			ret = cell_load(&c, name);
		if (!ret)
			add_entry(m, &c, suite);
	}
	return ret;
}

/* `named`: its machine's name was asked for. */
static int add(struct matrix *m, const char *name, const struct suite_run *suite, bool named)
{
	_free_ full = machine_cell(name);
	struct cell c;
	int ret = cell_load(&c, full);
	bool wanted;

	if (ret)
		return ret;
	wanted = named || !c.arch.named;
	if (wanted && (suite || !c.arch.suites.n)) {
		add_entry(m, &c, suite);
		return 0;
	}
	if (wanted)
		ret = add_suites(m, full, &c.arch.suites);
	cell_free(&c);
	return ret;
}

/* Twins stand side by side, the base first: what fails there too is no regression. */
static int add_matching(struct matrix *m, const char *pattern, const struct suite_run *suite)
{
	static const char *const variants[] = { "base", "shpte" };
	const bool named = names_machine(pattern);
	_free_ kernel = xstrndup(pattern, strcspn(pattern, "/"));
	_strv_ kernels = {0};
	_strv_ archs = {0};
	int ret = 0;

	lines_known(&kernels);
	archs_known(&archs);
	/* A version in the store is no line, but a kernel. */
	if (*kernel && pattern[strlen(kernel)] && !strpbrk(kernel, "*?[") && !strv_has(&kernels, kernel))
		strv_add(&kernels, kernel);
	for (size_t k = 0; k < kernels.n; k++)
		for (size_t a = 0; a < archs.n; a++)
			for (size_t v = 0; v < 2 && !ret; v++) {
				_free_ name = xasprintf("%s/%s/%s", kernels.v[k], archs.v[a], variants[v]);

				if (!fnmatch(pattern, name, 0))
					ret = add(m, name, suite, named);
			}
	return ret;
}

int matrix_find(struct matrix *m, const char *pattern, const struct suite_run *suite)
{
	size_t before = m->n;
	int ret = add_matching(m, pattern, suite);

	if (ret || m->n > before)
		return ret;
	/* A plain name says better what is wrong with it. */
	if (!strpbrk(pattern, "*?["))
		return add(m, pattern, suite, true);
	return usage("no cell matches '%s'; a cell is KERNEL/ARCH/VARIANT, and 'shpte kernels' names the kernels", pattern);
}

static struct source *find_source(struct matrix *m, const char *kernel)
{
	for (size_t i = 0; i < m->n_sources; i++)
		if (!strcmp(m->sources[i].kernel, kernel))
			return &m->sources[i];
	return NULL;
}

static bool wants_derived(const struct matrix *m, const char *kernel)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].cell.ours && !strcmp(m->v[i].cell.kernel, kernel))
			return true;
	return false;
}

static void prepare_source(const struct matrix *m, struct source *s, const struct line *l)
{
	if (kernel_fetch(l, false, &s->version)) {
		s->version = NULL;
		return;
	}
	s->derived = wants_derived(m, s->kernel) && !run_stopped() && !derive(s->version, &s->derivation);
}

static void prepare_sources(struct matrix *m)
{
	/* All at once: the cells keep pointers to them. */
	m->sources = xcalloc(m->n, sizeof(*m->sources));
	for (size_t i = 0; i < m->n && !run_stopped(); i++) {
		struct entry *e = &m->v[i];

		e->source = find_source(m, e->cell.kernel);
		if (e->source)
			continue;
		e->source = &m->sources[m->n_sources++];
		e->source->kernel = xstrdup(e->cell.kernel);
		prepare_source(m, e->source, &e->cell.line);
	}
}

static void settle(struct entry *e, enum verdict v, const char *detail)
{
	e->known = true;
	e->verdict = v;
	str_clear(&e->detail);
	str_add(&e->detail, detail);
}

const char *entry_verdict(const struct entry *e)
{
	return e->called ?: verdict_name(e->verdict);
}

void entry_tell(const struct entry *e)
{
	if (e->known)
		say("%s: %s: %s%s", e->cell.name, entry_verdict(e), str_get(&e->detail), e->fresh ? " (up to date)" : "");
	else
		say("%s: " NOT_RUN ", see above", e->cell.name);
}

void entry_look_back(struct entry *e)
{
	json_t *json = result_latest(e->cell.name);
	const char *key = json_string_value(json_object_get(json, "key"));
	const char *verdict = verdict_of(json), *called = json_string_value(json_object_get(json, "verdict"));
	const char *detail = json_string_value(json_object_get(json, "detail"));
	enum verdict v;

	if (key && verdict && called && !strcmp(key, e->key) && !verdict_parse(verdict, &v) && verdict_lasts(v)) {
		settle(e, v, detail ? detail : "");
		if (strcmp(called, verdict))
			e->called = xstrdup(called);
		e->fresh = true;
	}
	json_decref(json);
}

static void prepare_entry(struct entry *e, bool again)
{
	const struct source *s = e->source;
	struct cell *c = &e->cell;

	if (!s->version) {
		settle(e, V_FETCH_FAILED, "see above; 'shpte fetch' tries again");
		return;
	}
	if (c->ours && !s->derived) {
		c->version = xstrdup(s->version);
		settle(e, V_DERIVE_FAILED, "see what 'shpte derive' says");
		return;
	}
	if (cell_resolve(c, s->version))
		return;
	e->key = suite_key(e->suite, c);
	if (e->key && !again)
		entry_look_back(e);
}

int matrix_prepare(struct matrix *m, bool again)
{
	prepare_sources(m);
	for (size_t i = 0; i < m->n && !run_stopped(); i++)
		prepare_entry(&m->v[i], again);
	return run_stopped() ? -EINTR : 0;
}

int matrix_end(struct str *line, bool good, bool report)
{
	_free_ page = NULL;

	if (report) {
		if (!matrix_report)
			return err("--report: this program writes no site");
		if (matrix_report(&page))
			return -1;
		str_addf(line, ": %s", page ? page : "");
	}
	say("%s", line->s);
	return good ? 0 : -1;
}
