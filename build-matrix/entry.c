// SPDX-License-Identifier: GPL-2.0
/* One cell of a matrix: from its tree to its result. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "again.h"
#include "compare.h"
#include "matrix.h"
#include "result-json.h"
#include "suite-boot.h"

static json_t *base_of(const struct entry *e)
{
	return result_of_base(&e->cell, e->suite ? e->suite->suite->name : NULL);
}

bool entry_worse(const struct entry *e)
{
	json_t *ours = result_latest(e->cell.name), *base = base_of(e);
	bool worse = result_worse(ours, base);

	json_decref(ours);
	json_decref(base);
	return worse;
}

static void compare(struct entry *e, const struct boot *boot, const struct again *again)
{
	json_t *tests = boot ? result_tests_json(&boot->judge.ktap) : NULL, *then = again ? again_json(again) : NULL;
	json_t *base = base_of(e);

	compare_tell(&e->detail, e->verdict, tests, base, then);
	json_decref(base);
	json_decref(tests);
	json_decref(then);
}

static int record(struct entry *e, const char *dir, const struct build *b, const struct boot *boot, const struct again *again)
{
	struct outcome o = {
		.cell = &e->cell, .suite = e->suite, .key = e->key,
		.verdict = e->verdict, .called = e->called, .build = b, .boot = boot, .again = again,
		.derived = e->source->derived ? &e->source->derivation : NULL,
	};

	if (e->cell.ours)
		compare(e, boot, again);
	o.detail = str_get(&e->detail);
	return result_end(dir, &o);
}

static void take(struct entry *e, enum verdict v, const char *called, const struct str *detail)
{
	e->verdict = v;
	free(e->called);
	e->called = called ? xstrdup(called) : NULL;
	str_clear(&e->detail);
	str_add(&e->detail, str_get(detail));
}

static int boot_entry(struct entry *e, struct boot *b, const char *dir, int kernel)
{
	_cleanup_(suite_boot_free) struct suite_boot s = {0};
	int ret = e->suite ? suite_boot_make(&s, e->suite, b) : 0;

	if (!ret)
		return cell_boot(b, dir, kernel);
	close(kernel);
	return ret;
}

static int build_and_boot(struct entry *e, const char *dir)
{
	_cleanup_(build_free) struct build b = { .cell = &e->cell };
	_cleanup_(boot_free) struct boot boot = { .cell = &e->cell };
	_cleanup_(again_free) struct again again = {0};
	int kernel, ret = cell_build(&b, &kernel);

	if (ret)
		return ret;
	if (b.verdict == V_STOPPED)
		return -EINTR;
	if (kernel < 0) {
		take(e, b.verdict, NULL, &b.detail);
		return record(e, dir, &b, NULL, NULL);
	}
	ret = boot_entry(e, &boot, dir, kernel);
	if (ret)
		return ret;
	if (boot.verdict == V_STOPPED)
		return run_stopped() ? -EINTR : err("%s: %s", e->cell.name, str_get(&boot.detail));
	take(e, boot.verdict, boot.called, &boot.detail);
	ret = again_run(&again, e, &boot, dir);
	if (ret)
		return ret;
	/* What happened the second time counts as well, but a test that failed has its own place in the result. */
	if (again.ours.cell && again.ours.verdict != V_PASS && again.ours.verdict != V_TEST_FAILED)
		take(e, again.ours.verdict, again.ours.called, &again.ours.detail);
	return record(e, dir, &b, &boot, &again);
}

static int run_locked(struct entry *e, bool again)
{
	_free_ dir = NULL;
	int ret;

	/* Another process may have been at work on it, and be done. */
	if (e->key && !again)
		entry_look_back(e);
	if (e->fresh)
		return 0;
	dir = result_begin(&e->cell);
	if (!dir)
		return -1;
	ret = e->known ? record(e, dir, NULL, NULL, NULL) : build_and_boot(e, dir);
	if (ret)
		result_drop(dir);
	return ret;
}

int entry_run(struct entry *e, bool again)
{
	int lock, ret;

	/* Nothing is known of the cell, so there is nothing to record. */
	if (e->known && e->verdict == V_FETCH_FAILED)
		return 0;
	if (!e->known && !e->key)
		return -1;
	lock = cell_lock(&e->cell);
	if (lock < 0)
		return lock;
	ret = run_locked(e, again);
	close(lock);
	e->known = !ret;
	return ret;
}
