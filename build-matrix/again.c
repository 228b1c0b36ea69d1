// SPDX-License-Identifier: GPL-2.0
/* What only the derived kernel failed in a suite, run once more. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "again.h"
#include "compare.h"
#include "result-json.h"
#include "suite-boot.h"

/* The kernel's command line has room for so much; above that the whole suite is run. */
#define ONLY_MAX 1000

static const char *status(const struct boot *b, const char *name)
{
	const struct ktap *k = &b->judge.ktap;

	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->tests[i].name, name))
			return test_status_name(k->tests[i].status);
	return "none";
}

/* The suite's script knows "mmap" of "stress-ng.mmap", and "cow" of "selftests-mm.cow.7 vmsplice". */
static char *only(const struct strv *tests)
{
	_str_ list = {0};
	_strv_ names = {0};

	for (size_t i = 0; i < tests->n; i++) {
		const char *dot = strchr(tests->v[i], '.');
		_free_ name = dot ? xstrndup(dot + 1, strcspn(dot + 1, ".")) : NULL;

		if (!name || strpbrk(name, " ,"))
			return xstrdup("");
		if (strv_has(&names, name))
			continue;
		strv_add(&names, name);
		str_addf(&list, "%s%s", list.len ? "," : "", name);
	}
	return xstrdup(list.len > ONLY_MAX ? "" : str_get(&list));
}

/* Boots the cell of b with these tests alone. */
static int boot_again(struct boot *b, const struct suite_run *r, const char *dir)
{
	_cleanup_(suite_boot_free) struct suite_boot s = {0};
	_cleanup_(build_free) struct build build = { .cell = b->cell };
	int kernel, ret = mkdir(dir, 0777) ? err("%s: %s", dir, strerror(errno)) : cell_build(&build, &kernel);

	if (ret)
		return ret;
	if (kernel < 0)
		return build.verdict == V_STOPPED ? -EINTR : err("%s: no kernel: %s", b->cell->name, str_get(&build.detail));
	ret = suite_boot_make(&s, r, b);
	if (ret)
		close(kernel);
	else
		ret = cell_boot(b, dir, kernel);
	suite_boot_leave(b);
	if (!ret && b->verdict == V_STOPPED)
		ret = run_stopped() ? -EINTR : err("%s: %s", b->cell->name, str_get(&b->detail));
	return ret;
}

static bool any_fails(const struct again *a)
{
	for (size_t i = 0; i < a->tests.n; i++)
		if (strcmp(status(&a->ours, a->tests.v[i]), "pass"))
			return true;
	return false;
}

static int boot_both(struct again *a, const struct entry *e, const struct suite_run *r, const char *dir)
{
	_free_ there = xasprintf("%s/again", dir), *base = xasprintf("%s/again-base", dir);
	_free_ name = xasprintf("%s/%s/base", e->cell.kernel, e->cell.arch.name);
	int ret;

	a->ours.cell = &e->cell;
	ret = boot_again(&a->ours, r, there);
	if (ret || !any_fails(a))
		return ret;
	if (cell_load(&a->twin, name) || cell_resolve(&a->twin, e->cell.version))
		return -1;
	a->base.cell = &a->twin;
	return boot_again(&a->base, r, base);
}

int again_run(struct again *a, const struct entry *e, const struct boot *first, const char *dir)
{
	_free_ names = NULL;
	struct suite_run r;
	json_t *base, *tests;

	/* A hang or a panic needs no second one, and what our own tests find at random may well not come again. */
	if (!e->suite || !e->suite->suite->userland || !e->cell.ours || (first->verdict != V_TEST_FAILED && first->verdict != V_COMPLAINED))
		return 0;
	base = result_of_base(&e->cell, e->suite->suite->name);
	tests = result_tests_json(&first->judge.ktap);
	if (base)
		compare_news(&a->tests, tests, base);
	json_decref(tests);
	json_decref(base);
	if (!a->tests.n)
		return 0;
	names = only(&a->tests);
	r = *e->suite;
	r.wish.only = names;
	note("%s: run again what the base does not fail: %s", e->cell.name, *names ? names : "all");
	return boot_both(a, e, &r, dir);
}

void again_free(struct again *a)
{
	boot_free(&a->ours);
	boot_free(&a->base);
	cell_free(&a->twin);
	strv_free(&a->tests);
}

json_t *again_json(const struct again *a)
{
	json_t *all;

	if (!a->ours.cell)
		return NULL;
	all = json_object();
	for (size_t i = 0; i < a->tests.n; i++) {
		json_t *j = json_object();

		json_object_set_new(j, "shpte", json_string(status(&a->ours, a->tests.v[i])));
		if (a->base.cell)
			json_object_set_new(j, "base", json_string(status(&a->base, a->tests.v[i])));
		json_object_set_new(all, a->tests.v[i], j);
	}
	return all;
}
