// SPDX-License-Identifier: GPL-2.0
/* One cell of a matrix: from its tree to its result. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "matrix.h"
#include "result.h"
#include "work.h"

/* The status of the test in the base's last result, NULL: it has none. */
static const char *base_status(json_t *base, const char *name)
{
	json_t *t;
	size_t i;

	json_array_foreach(json_object_get(base, "tests"), i, t) {
		const char *its = json_string_value(json_object_get(t, "name"));

		if (its && !strcmp(its, name))
			return json_string_value(json_object_get(t, "status"));
	}
	return NULL;
}

/* Which of the failed tests fail, or don't, on the base. */
static void add_failed(struct str *b, const struct ktap *k, json_t *base, bool there)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++) {
		const char *status = k->tests[i].status == TEST_FAIL ? base_status(base, k->tests[i].name) : NULL;
		bool too = status && !strcmp(status, "fail");

		if (k->tests[i].status == TEST_FAIL && too == there)
			str_addf(b, "%s%s", n++ ? ", " : there ? "; base too: " : "; regression: ", k->tests[i].name);
	}
}

/* A failure that the base has too is none of ours. */
static void compare(struct str *detail, const struct cell *c, enum verdict v, const struct ktap *k)
{
	_free_ twin = xasprintf("%s/%s/base", c->kernel, c->arch.name);
	json_t *base = result_latest(twin);
	const char *verdict = json_string_value(json_object_get(base, "verdict"));

	if (v != V_PASS && !base)
		str_add(detail, "; no result of the base to compare with");
	if (base) {
		add_failed(detail, k, base, false);
		add_failed(detail, k, base, true);
	}
	if (verdict && v != V_PASS && v != V_TEST_FAILED && !strcmp(verdict, verdict_name(v)))
		str_add(detail, "; base too");
	json_decref(base);
}

static int record(struct entry *e, const char *dir, const struct build *b, const struct boot *boot)
{
	const struct ktap none = {0};
	struct outcome o = {
		.cell = &e->cell, .key = e->key, .verdict = e->verdict, .build = b, .boot = boot,
		.derived = e->source->derived ? &e->source->derivation : NULL,
	};

	if (e->cell.ours)
		compare(&e->detail, &e->cell, e->verdict, boot ? &boot->judge.ktap : &none);
	o.detail = str_get(&e->detail);
	return result_end(dir, &o);
}

static void take(struct entry *e, enum verdict v, const struct str *detail)
{
	e->verdict = v;
	str_clear(&e->detail);
	str_add(&e->detail, str_get(detail));
}

static int build_and_boot(struct entry *e, const char *dir)
{
	_cleanup_(build_free) struct build b = { .cell = &e->cell };
	_cleanup_(boot_free) struct boot boot = { .cell = &e->cell };
	int kernel, ret = cell_build(&b, &kernel);

	if (ret)
		return ret;
	if (b.verdict == V_STOPPED)
		return -EINTR;
	if (kernel < 0) {
		take(e, b.verdict, &b.detail);
		return record(e, dir, &b, NULL);
	}
	ret = cell_boot(&boot, dir, kernel);
	if (ret)
		return ret;
	if (boot.verdict == V_STOPPED)
		return run_stopped() ? -EINTR : err("%s: %s", e->cell.name, str_get(&boot.detail));
	take(e, boot.verdict, &boot.detail);
	return record(e, dir, &b, &boot);
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
	ret = e->known ? record(e, dir, NULL, NULL) : build_and_boot(e, dir);
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
