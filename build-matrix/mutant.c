// SPDX-License-Identifier: GPL-2.0
/* A mutant: from its tree to who noticed it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "key.h"
#include "mutant.h"
#include "result.h"
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

/* "first=munmap,zap": who noticed it the last time, then who should. NULL: nobody is known. */
static char *tests_first(const struct mutant *m, json_t *last)
{
	_free_ program = notice_program(field(last, "by") ?: "");
	_str_ word = {0};
	_strv_ list = {0};

	if (*program)
		strv_add(&list, program);
	for (size_t i = 0; i < m->hook->killed_by.n; i++)
		if (!strv_has(&list, m->hook->killed_by.v[i]))
			strv_add(&list, m->hook->killed_by.v[i]);
	for (size_t i = 0; i < list.n; i++)
		str_addf(&word, "%s%s", i ? "," : "first=", list.v[i]);
	return word.len ? xstrdup(word.s) : NULL;
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

static int build_and_boot(struct mutant *m, const struct control *control, const char *dir, json_t *last)
{
	_free_ first = tests_first(m, last);
	_cleanup_(build_free) struct build b = { .cell = &m->cell };
	_cleanup_(boot_free) struct boot boot = {
		.cell = &m->cell, .append = first, .fail_fast = true, .silence = SILENCE, .limits = control->limits,
		.n_limits = control->n_limits,
	};
	int kernel, ret = cell_build(&b, &kernel);

	if (ret)
		return ret;
	if (b.verdict == V_STOPPED)
		return -EINTR;
	if (kernel < 0) {
		not_tried(m, b.verdict, str_get(&b.detail));
		return record(m, control, dir, &b, NULL, str_get(&b.detail));
	}
	ret = cell_boot(&boot, dir, kernel);
	if (ret)
		return ret;
	if (boot.verdict == V_STOPPED)
		return run_stopped() ? -EINTR : err("%s: %s", m->cell.name, str_get(&boot.detail));
	m->verdict = boot.verdict;
	m->tried = notice_take(&m->notice, &boot.judge, boot.verdict, str_get(&boot.detail));
	if (!m->tried)
		not_tried(m, boot.verdict, str_get(&boot.detail));
	return record(m, control, dir, &b, &boot, str_get(&boot.detail));
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
	int lock, ret = cell_load_mutant(&m->cell, control->cell->name, m->hook->name);

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
	m->key = cell_key(&m->cell);
	if (!m->key)
		return run_stopped() ? -EINTR : -1;
	lock = cell_lock(&m->cell);
	if (lock < 0)
		return lock;
	ret = run_locked(m, control, again);
	close(lock);
	return ret;
}
