// SPDX-License-Identifier: GPL-2.0
/* An outcome as result.json; the format stands in build-matrix.h. */
#include <math.h>
#include <string.h>

#include "again.h"
#include "mutant.h"
#include "result-json.h"
#include "suite-boot.h"

/* What compilers, programs and rules say is text, but not sure to be UTF-8. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s ? s : "");
	_free_ copy = NULL;

	if (j)
		return j;
	copy = xstrdup(s);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return json_string(copy);
}

/* Seconds and milliseconds as people write them, whole numbers as such. */
static json_t *number(double v)
{
	double r = round(v * 1000) / 1000;

	if (!isfinite(v))
		return json_integer(0);
	return r == floor(r) && fabs(r) < 1e15 ? json_integer(r) : json_real(r);
}

static json_t *list(const struct strv *l)
{
	json_t *j = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(j, text(l->v[i]));
	return j;
}

static void set(json_t *j, const char *key, json_t *value)
{
	json_object_set_new(j, key, value);
}

/* "20261123T204400Z" as "2026-11-23T20:44:00Z" */
static json_t *started(const char *stamp)
{
	char s[32];

	snprintf(s, sizeof(s), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", stamp, stamp + 4, stamp + 6, stamp + 9, stamp + 11,
		 stamp + 13);
	return json_string(s);
}

static void add_cell(json_t *j, const struct outcome *o, const char *stamp)
{
	const struct cell *c = o->cell;

	set(j, "cell", text(c->name));
	set(j, "kernel", text(c->kernel));
	set(j, "version", text(c->version));
	set(j, "arch", text(c->arch.name));
	if (o->suite)
		set(j, "variant", json_sprintf("%s+%s", cell_variant(c), o->suite->suite->name));
	else
		set(j, "variant", text(cell_variant(c)));
	if (o->suite)
		set(j, "suite", text(o->suite->suite->name));
	set(j, "key", text(o->key));
	set(j, "branch", text(c->branch));
	set(j, "commit", text(c->commit));
	set(j, "started", started(stamp));
}

static void add_work(json_t *j, const struct outcome *o)
{
	const struct arch *a = &o->cell->arch;
	_free_ qemu = arch_qemu_version(a);
	json_t *seconds = json_object(), *ccache = json_object();

	set(seconds, "build", number(o->build ? o->build->seconds : 0));
	set(seconds, "boot", number(o->boot ? o->boot->seconds : 0));
	set(j, "seconds", seconds);
	set(ccache, "hits", json_integer(o->build ? o->build->hits : 0));
	set(ccache, "misses", json_integer(o->build ? o->build->misses : 0));
	set(j, "ccache", ccache);
	set(j, "compiler", text(o->build ? o->build->compiler : ""));
	set(j, "qemu", text(qemu));
	set(j, "mem", json_integer(o->boot && o->boot->mem ? o->boot->mem : a->mem));
	set(j, "smp", json_integer(o->boot && o->boot->smp ? o->boot->smp : a->smp));
}

/* Without them the line is not known. */
static void add_kernels(struct str *b)
{
	if (kernels_dir)
		str_addf(b, "--kernels '%s' ", kernels_dir);
}

static json_t *reproduce_suite(const struct outcome *o)
{
	const struct suite_wish *w = &o->suite->wish;
	const struct cell *c = o->cell;
	_str_ b = {0};

	str_add(&b, "build/shpte suite --again ");
	add_kernels(&b);
	if (w->minutes)
		str_addf(&b, "--minutes %ld ", w->minutes);
	if (w->cpus)
		str_addf(&b, "--cpus %ld ", w->cpus);
	if (w->seed)
		str_addf(&b, "--seed %ld ", w->seed);
	str_addf(&b, "%s/%s/%s %s", c->kernel, c->arch.name, cell_variant(c), o->suite->suite->name);
	return text(b.s);
}

static json_t *reproduce(const struct outcome *o)
{
	const struct cell *c = o->cell;
	_str_ b = {0};

	if (o->suite)
		return reproduce_suite(o);
	str_addf(&b, "build/shpte %s ", o->mutant ? "mutate" : o->boot ? "boot" : "build");
	add_kernels(&b);
	if (o->mutant)
		str_addf(&b, "%s/%s %s", c->kernel, c->arch.name, o->mutant->hook->name);
	else
		str_add(&b, c->name);
	return text(b.s);
}

static void add_verdict(json_t *j, const struct outcome *o)
{
	set(j, "verdict", text(o->called ?: verdict_name(o->verdict)));
	if (o->called)
		set(j, "kind", text(verdict_name(o->verdict)));
	set(j, "detail", text(o->detail));
	set(j, "reproduce", reproduce(o));
}

static json_t *mutant(const struct outcome *o)
{
	const struct mutant *m = o->mutant;
	json_t *j = json_object();

	set(j, "hook", text(m->hook->name));
	set(j, "tried", json_boolean(m->tried));
	set(j, "noticed", json_boolean(m->notice.noticed));
	set(j, "by", text(m->notice.by));
	set(j, "what", text(m->tried ? str_get(&m->notice.what) : str_get(&m->why)));
	set(j, "of", text(o->control->commit));
	return j;
}

json_t *result_tests_json(const struct ktap *k)
{
	json_t *tests = json_array();

	for (size_t i = 0; i < k->n; i++) {
		json_t *t = json_object();

		set(t, "name", text(k->tests[i].name));
		set(t, "status", text(test_status_name(k->tests[i].status)));
		set(t, "detail", text(k->tests[i].detail));
		json_array_append_new(tests, t);
	}
	return tests;
}

static void add_tests(json_t *j, const struct ktap *k)
{
	json_t *figures = json_object();

	for (size_t i = 0; i < k->n_figures; i++)
		set(figures, k->figures[i].name, number(k->figures[i].value));
	set(j, "tests", result_tests_json(k));
	set(j, "figures", figures);
}

/* Those of one series, as pairs. */
static json_t *points(const struct ktap *k, const char *name)
{
	json_t *all = json_array();

	for (size_t i = 0; i < k->n_points; i++) {
		const struct point *p = &k->points[i];

		if (!strcmp(p->series, name))
			json_array_append_new(all, json_pack("[o, o]", number(p->x), number(p->y)));
	}
	return all;
}

static json_t *plots(const struct series_list *l, const struct ktap *k)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->n; i++) {
		const struct series *s = &l->v[i];
		json_t *j = json_object();

		set(j, "name", text(s->name));
		set(j, "title", text(s->title));
		set(j, "x", text(s->x));
		set(j, "log", json_boolean(s->log));
		set(j, "points", points(k, s->name));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *rule(const struct rule_fact *r)
{
	json_t *j = json_object();

	set(j, "name", text(r->name));
	set(j, "subject", text(r->subject));
	set(j, "commit", r->commit ? text(r->commit) : json_null());
	if (r->skipped)
		set(j, "skipped", text(r->skipped));
	set(j, "places", json_integer(r->places));
	set(j, "wanted", json_integer(r->wanted));
	set(j, "seconds", number(r->seconds));
	set(j, "where", list(&r->where));
	return j;
}

/* A kernel that complains the second time has complained. */
static json_t *complaints(const struct outcome *o)
{
	const struct strv none = {0};
	json_t *j = list(o->boot ? &o->boot->judge.complaints : &none);

	for (size_t i = 0; o->again && i < o->again->ours.judge.complaints.n; i++)
		json_array_append_new(j, text(o->again->ours.judge.complaints.v[i]));
	return j;
}

json_t *result_json(const struct outcome *o, const char *stamp)
{
	json_t *j = json_object(), *rules;
	const struct ktap no_ktap = {0}, *k = o->boot ? &o->boot->judge.ktap : &no_ktap;

	add_cell(j, o, stamp);
	add_work(j, o);
	add_verdict(j, o);
	add_tests(j, k);
	if (o->suite && o->suite->suite->plots.n)
		set(j, "plots", plots(&o->suite->suite->plots, k));
	if (o->cell->ours && o->derived) {
		rules = json_array();
		for (size_t i = 0; i < o->derived->n; i++)
			json_array_append_new(rules, rule(&o->derived->rules[i]));
		set(j, "rules", rules);
	}
	if (o->mutant)
		set(j, "mutant", mutant(o));
	set(j, "complaints", complaints(o));
	if (o->boot && o->boot->screenshots.names.n)
		set(j, "screenshots", list(&o->boot->screenshots.names));
	if (o->again && o->again->ours.cell)
		set(j, "again", again_json(o->again));
	return j;
}
