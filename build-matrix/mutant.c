// SPDX-License-Identifier: GPL-2.0
/* A mutant: from its tree to who noticed it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "mutant.h"
#include "result.h"
#include "suite-boot.h"
#include "verdict.h"
#include "work.h"

/* The guest tests speak every 10 s. */
#define SILENCE 40

void mutant_free(struct mutant *m)
{
	cell_free(&m->cell);
	free(m->key);
	notice_free(&m->notice);
	str_free(&m->why);
	*m = (struct mutant){0};
}

static void not_tried(struct mutant *m, enum verdict v, const char *detail)
{
	m->verdict = v;
	str_addf(&m->why, "%s: %s", verdict_name(v), detail);
}

static const char *field(json_t *json, const char *key)
{
	return json_string_value(json_object_get(json_object_get(json, "mutant"), key));
}

/* Takes the last result, if it is still true. */
static void look_back(struct mutant *m, json_t *last)
{
	const char *key = json_string_value(json_object_get(last, "key"));
	const char *verdict = json_string_value(json_object_get(last, "verdict"));
	const char *by = field(last, "by"), *what = field(last, "what");
	enum verdict v;

	if (!key || !verdict || strcmp(key, m->key) || verdict_parse(verdict, &v) || !verdict_lasts(v) || !by || !what)
		return;
	m->fresh = true;
	m->verdict = v;
	if (json_is_false(json_object_get(json_object_get(last, "mutant"), "tried"))) {
		str_add(&m->why, what);
		return;
	}
	m->tried = true;
	m->notice.noticed = v != V_PASS;
	m->notice.by = xstrdup(by);
	str_add(&m->notice.what, what);
}

/* The guest tests to begin with: who noticed it the last time, then who should. */
static void tests_first(const struct mutant *m, json_t *last, struct strv *list)
{
	_free_ program = notice_program(field(last, "by") ?: "");

	if (*program)
		strv_add(list, program);
	for (size_t i = 0; i < m->hook->killed_by.n; i++)
		if (!strv_has(list, m->hook->killed_by.v[i]))
			strv_add(list, m->hook->killed_by.v[i]);
}

static int record(struct mutant *m, const struct control *control, const char *dir, const struct build *b,
		  const struct boot *boot, const char *detail)
{
	const struct outcome o = {
		.cell = &m->cell, .key = m->key, .verdict = m->verdict, .detail = detail, .build = b, .boot = boot,
		.mutant = m, .control = control->cell,
	};

	return result_end(dir, &o);
}

/* Up to the first failure; b is zero before. */
static int boot_once(struct mutant *m, const struct control *control, const char *dir, int kernel, const struct strv *first,
		     struct boot *b)
{
	_str_ word = {0};
	_cleanup_(suite_boot_free) struct suite_boot s = {0};
	int fd, ret = 0;

	for (size_t i = 0; i < first->n; i++)
		str_addf(&word, "%s%s", i ? "," : "first=", first->v[i]);
	*b = (struct boot){
		.cell = &m->cell, .append = word.s, .fail_fast = true, .silence = SILENCE, .limits = control->limits,
		.n_limits = control->n_limits,
	};
	if (control->suite)
		ret = suite_boot_make(&s, control->suite, b);
	fd = ret ? -1 : dup(kernel);
	if (!ret && fd < 0)
		ret = err("%s: %s", m->cell.name, strerror(errno));
	if (!ret)
		ret = cell_boot(b, dir, fd);
	suite_boot_leave(b);
	if (!ret && b->verdict == V_STOPPED)
		ret = run_stopped() ? -EINTR : err("%s: %s", m->cell.name, str_get(&b->detail));
	if (ret)
		return ret;
	m->verdict = b->verdict;
	m->tried = notice_take(&m->notice, &b->judge, b->verdict, str_get(&b->detail));
	/* a complaint is told as the kernel has it */
	if (b->called && b->verdict == V_TEST_FAILED)
		str_addf(&m->notice.what, " (%s)", b->called);
	if (!m->tried)
		not_tried(m, b->verdict, str_get(&b->detail));
	return 0;
}

/*
 * A failure where none is expected may be a test that fails now and then, or a machine with too much to do: it counts when the
 * mutant fails again.
 */
static int boot_again(struct mutant *m, const struct control *control, const char *dir, int kernel, struct boot *b)
{
	_free_ once = xasprintf("%s: %s", m->notice.by, str_get(&m->notice.what));
	_free_ program = notice_program(m->notice.by);
	double seconds = b->seconds;
	_strv_ first = {0};
	int ret;

	note("%s: noticed by %s; once more, to be sure", m->cell.label, once);
	strv_add(&first, program);
	notice_free(&m->notice);
	boot_free(b);
	ret = boot_once(m, control, dir, kernel, &first, b);
	b->seconds += seconds;
	if (!ret && m->tried && !m->notice.noticed)
		str_addf(&m->notice.what, "noticed once, and not again, by %s", once);
	return ret;
}

static int boot_and_record(struct mutant *m, const struct control *control, const char *dir, json_t *last,
			   const struct build *b, int kernel)
{
	_cleanup_(boot_free) struct boot boot = {0};
	_free_ program = NULL;
	_strv_ first = {0};
	int ret;

	if (!control->suite)
		tests_first(m, last, &first);
	ret = boot_once(m, control, dir, kernel, &first, &boot);
	if (!ret && m->notice.noticed) {
		program = notice_program(m->notice.by);
		if (!strv_has(&first, program))
			ret = boot_again(m, control, dir, kernel, &boot);
	}
	return ret ? ret : record(m, control, dir, b, &boot, str_get(&boot.detail));
}

static int build_and_boot(struct mutant *m, const struct control *control, const char *dir, json_t *last)
{
	_cleanup_(build_free) struct build b = { .cell = &m->cell };
	int kernel, ret = cell_build(&b, &kernel);

	if (ret)
		return ret;
	if (b.verdict == V_STOPPED)
		return -EINTR;
	if (kernel < 0) {
		not_tried(m, b.verdict, str_get(&b.detail));
		return record(m, control, dir, &b, NULL, str_get(&b.detail));
	}
	ret = boot_and_record(m, control, dir, last, &b, kernel);
	close(kernel);
	return ret;
}

static int run_locked(struct mutant *m, const struct control *control, bool again)
{
	json_t *last = result_latest(m->cell.name);
	_free_ dir = NULL;
	int ret = 0;

	if (!again)
		look_back(m, last);
	if (!m->fresh) {
		dir = result_begin(&m->cell);
		ret = dir ? build_and_boot(m, control, dir, last) : -1;
	}
	if (ret && dir)
		result_drop(dir);
	json_decref(last);
	return ret;
}

int mutant_run(struct mutant *m, const struct control *control, const char *label, bool again)
{
	_cleanup_(derivation_free) struct derivation d = {0};
	enum verdict what;
	_free_ of = xasprintf("%s/%s/shpte", control->cell->kernel, control->cell->arch.name);
	int lock, ret = cell_load_mutant(&m->cell, of, m->hook->name);

	if (ret)
		return ret;
	free(m->cell.label);
	m->cell.label = xstrdup(label);
	if (cell_prepare(&m->cell, &d, &what)) {
		if (run_stopped())
			return -EINTR;
		not_tried(m, what, "see above");
		return 0;
	}
	m->key = suite_key(control->suite, &m->cell);
	if (!m->key)
		return run_stopped() ? -EINTR : -1;
	lock = cell_lock(&m->cell);
	if (lock < 0)
		return lock;
	ret = run_locked(m, control, again);
	close(lock);
	return ret;
}
