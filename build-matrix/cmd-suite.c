// SPDX-License-Identifier: GPL-2.0
/* shpte suite CELL SUITE */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "matrix.h"
#include "result.h"
#include "suite-boot.h"

#define NOT_GIVEN -1
static long minutes = NOT_GIVEN, cpus = NOT_GIVEN, seed = NOT_GIVEN;
static bool again, report;

const struct opt opts_suite[] = {
	{ "minutes", "N", "how long it works; without it, as its suite.conf says", OPT_NUM, &minutes },
	{ "cpus", "N", "the guest's number of CPUs", OPT_NUM, &cpus },
	{ "seed", "N", "for suites that do things at random", OPT_NUM, &seed },
	{ "again", NULL, "also what is up to date", OPT_FLAG, &again },
	{ "report", NULL, "write the site from the results, too", OPT_FLAG, &report },
	OPT_KERNELS,
	{ 0 }
};

static int check_options(struct suite_wish *w)
{
	if (minutes != NOT_GIVEN && (minutes < 1 || minutes > 10000))
		return usage("--minutes: 1 to 10000");
	if (cpus != NOT_GIVEN && (cpus < 1 || cpus > 255))
		return usage("--cpus: a guest has 1 to 255 CPUs");
	if (seed != NOT_GIVEN && seed < 1)
		return usage("--seed: at least 1");
	*w = (struct suite_wish){
		.minutes = minutes == NOT_GIVEN ? 0 : minutes, .cpus = cpus == NOT_GIVEN ? 0 : cpus,
		.seed = seed == NOT_GIVEN ? 0 : seed,
	};
	return 0;
}

/* "6.12/i386-pae" is both variants. */
static int find(struct matrix *m, const char *name, const struct suite_run *r)
{
	_free_ base = xasprintf("%s/base", name), *ours = xasprintf("%s/shpte", name);
	const char *slash = strchr(name, '/');
	int ret;

	if (strpbrk(name, "*?["))
		return usage("'%s': a suite runs in one cell, KERNEL/ARCH or KERNEL/ARCH/VARIANT", name);
	if (!slash || strchr(slash + 1, '/'))
		return matrix_find(m, name, r);
	ret = matrix_find(m, base, r);
	return ret ? ret : matrix_find(m, ours, r);
}

static int run_all(struct matrix *m, const struct suite_run *r)
{
	bool base_is_new = false;

	for (size_t i = 0; i < m->n; i++) {
		struct entry *e = &m->v[i];
		/* What is bound to the base's figures is measured when they are. */
		bool anew = again || (base_is_new && e->cell.ours && r->suite->bounds.n);

		if (anew && e->fresh)
			e->fresh = e->known = false;
		if (!e->fresh && entry_run(e, anew) == -EINTR)
			return -EINTR;
		base_is_new |= !e->fresh && !e->cell.ours;
		entry_tell(e);
	}
	return 0;
}

/* Of the derived kernel: is it as good as its twin?  Of the base alone: does it pass? */
static bool is_good(struct str *line, const struct entry *e)
{
	bool worse = !e->known || (e->cell.ours ? entry_worse(e) : e->verdict != V_PASS);

	if (!e->known)
		str_add(line, NOT_RUN);
	else if (e->verdict == V_PASS)
		str_add(line, "pass");
	else
		str_addf(line, "%s: %s", !e->cell.ours ? "fails" : worse ? "regression" : "no regression", entry_verdict(e));
	return !worse;
}

static int end(const struct matrix *m)
{
	const struct entry *e = &m->v[m->n - 1];
	_str_ line = {0};
	bool good;

	str_addf(&line, "%s on %s/%s: ", e->suite->suite->name, e->cell.kernel, e->cell.arch.name);
	good = is_good(&line, e);
	return matrix_end(&line, good, report);
}

static int run(struct matrix *m, const struct suite_run *r)
{
	int ret;

	if (!m->n)
		return usage("there is no such cell: its architecture has no derived kernel");
	ret = matrix_prepare(m, again);
	if (!ret)
		ret = run_all(m, r);
	return ret ? ret : end(m);
}

/* What draws needs a screen. */
static int check_display(const struct matrix *m, const struct suite *s)
{
	_strv_ names = {0};
	_str_ list = {0};

	if (!s->display || !m->n || m->v[0].cell.arch.display)
		return 0;
	archs_known(&names);
	for (size_t i = 0; i < names.n; i++) {
		_cleanup_(arch_free) struct arch a = {0};

		if (arch_load(&a, names.v[i]))
			return -1;
		if (a.display)
			str_addf(&list, "%s%s", list.len ? ", " : "", a.name);
	}
	return usage("%s draws, and %s has no display (qemu.display in its .conf); these have: %s", s->name,
		     m->v[0].cell.arch.name, list.len ? list.s : "none");
}

int cmd_suite(struct strv *args)
{
	_cleanup_(matrix_free) struct matrix m = {0};
	_cleanup_(suite_free) struct suite s = {0};
	struct suite_run r = { .suite = &s };
	int ret = check_options(&r.wish);

	if (!ret)
		ret = suite_load(&s, args->v[1]);
	if (!ret)
		ret = find(&m, args->v[0], &r);
	if (!ret)
		ret = check_display(&m, &s);
	return ret ? ret : run(&m, &r);
}
