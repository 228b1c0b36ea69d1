// SPDX-License-Identifier: GPL-2.0
/* shpte mutate CELL [HOOK...]: is every hook needed, and would it be missed? */
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "matrix.h"
#include "mutant.h"
#include "result.h"

#define NOT_GIVEN -1

static bool again;
static long timeout = NOT_GIVEN;

const struct opt opts_mutate[] = {
	{ "again", NULL, "also what is up to date", OPT_FLAG, &again },
	{ "timeout", "SECONDS", "a guest test that takes longer hangs; default: 4 times what it takes with all hooks, and 20",
	  OPT_NUM, &timeout },
	OPT_KERNELS,
	{ 0 }
};

struct tally {
	size_t n, noticed, absent;
	struct str survived, not_tried;	/* names */
};

/* The derived kernel, which is a matrix of one cell.  0 or -2 after a message. */
static int find_control(struct matrix *m, const char *cell)
{
	const char *slash = strchr(cell, '/'), *variant = slash ? strchr(slash + 1, '/') : NULL;
	_free_ name = xasprintf("%s%s", cell, variant ? "" : "/shpte");
	int ret;

	if (!slash || (variant && strcmp(variant, "/shpte")))
		return usage("'%s' is no cell to take hooks from; it is KERNEL/ARCH, such as 6.12/i386-pae", cell);
	/* What it is made of stands in a path: no pattern. */
	if (strpbrk(cell, "*?["))
		return usage("'%s' is a pattern; mutate takes one cell, such as 6.12/i386-pae", cell);
	ret = matrix_find(m, name, NULL);
	if (ret)
		return ret;
	return m->n ? 0 : usage("%s: there are no shared page tables on this architecture", cell);
}

/* 0, -2 after a message. */
static int find_hooks(const struct hooks *all, const struct strv *args, struct strv *names)
{
	for (size_t i = 1; i < args->n; i++) {
		const struct hook *h = hooks_find(all, args->v[i]);

		if (!h)
			return -2;
		if (!strv_has(names, h->name))
			strv_add(names, h->name);
	}
	for (size_t i = 0; i < all->n && args->n < 2; i++)
		strv_add(names, all->v[i].name);
	return names->n ? 0 : err("cocci/hooks/series has no hooks");
}

/* What fails with all hooks says nothing when it fails without one. */
static int run_control(struct matrix *m)
{
	struct entry *e = &m->v[0];
	int ret = matrix_prepare(m, again);

	if (!ret && !e->fresh)
		ret = entry_run(e, again);
	if (ret)
		return ret;
	if (e->known && e->verdict == V_PASS) {
		note("%s, the control: pass: %s%s", e->cell.name, str_get(&e->detail), e->fresh ? " (up to date)" : "");
		return 0;
	}
	return err("%s does not pass with all its hooks (%s%s%s), so a failure without one would say nothing; 'shpte matrix --again %s/%s/shpte' tries it again", e->cell.name,
		   e->known ? entry_verdict(e) : NOT_RUN, e->detail.len ? ": " : "", str_get(&e->detail), e->cell.kernel, e->cell.arch.name);
}

static void read_limits(struct control *c)
{
	_free_ path = cache_path("results/%s/latest/ktap.log", c->cell->name);
	_str_ log = {0};

	file_read(path, &log);
	limits_read(&c->limits, &c->n_limits, str_get(&log), timeout == NOT_GIVEN ? 0 : timeout);
}

static void add_name(struct str *list, const char *name)
{
	str_addf(list, "%s%s", list->len ? ", " : "", name);
}

static void tell(struct tally *t, const struct mutant *m)
{
	const char *name = m->hook->name, *old = m->fresh ? " (up to date)" : "";

	if (!m->tried) {
		say("not tried  %s  %s%s", name, str_get(&m->why), old);
		add_name(&t->not_tried, name);
	} else if (m->notice.noticed) {
		say("killed  %s  by %s: %s%s", name, m->notice.by, str_get(&m->notice.what), old);
		t->noticed++;
	} else {
		say("SURVIVED  %s%s%s%s", name, m->notice.what.len ? "  " : "", str_get(&m->notice.what), old);
		add_name(&t->survived, name);
	}
}

bool hook_has_place(const struct hook *h, const char *config)
{
	_free_ line = h->config ? xasprintf("\nCONFIG_%s=y\n", h->config) : NULL;

	return !line || strstr(config, line);
}

/* Why the control's tree does not need the hook, as its last result has it; "" it does. Caller frees. */
static char *not_needed(const json_t *result, const char *hook)
{
	const json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(result, "rules"), i, rule) {
		const char *name = json_string_value(json_object_get(rule, "name"));
		const char *why = json_string_value(json_object_get(rule, "skipped"));

		if (name && why && starts_with(name, "hooks/") && !strcmp(name + strlen("hooks/"), hook))
			return xstrdup(why);
	}
	return xstrdup("");
}

/* Is the hook in the control at all?  Says so if not. */
static bool in_control(struct tally *t, const struct hook *h, const char *config, const json_t *result)
{
	_free_ why = not_needed(result, h->name);

	if (!*why && hook_has_place(h, config))
		return true;
	if (*why)
		say("absent  %s  %s", h->name, why);
	else
		say("absent  %s  this kernel has no CONFIG_%s", h->name, h->config);
	t->absent++;
	return false;
}

static int run_all(struct tally *t, const struct control *c, const struct hooks *all, const struct strv *names)
{
	_free_ path = cache_path("results/%s/latest/config", c->cell->name);
	_str_ config = {0};
	json_t *result;
	int ret = 0;

	if (file_read(path, &config))
		return err("%s is missing; 'shpte matrix --again %s' makes it", path, c->cell->name);
	result = result_latest(c->cell->name);
	for (size_t i = 0; i < names->n && !ret; i++) {
		_cleanup_(mutant_free) struct mutant m = { .hook = hooks_find(all, names->v[i]) };
		_free_ label = xasprintf("[%zu/%zu] %s %s %s", i + 1, names->n, c->cell->name,
					 m.hook->flaw ? "with the flaw" : "without", names->v[i]);

		if (!in_control(t, m.hook, str_get(&config), result))
			continue;
		t->n++;
		ret = mutant_run(&m, c, label, again);
		if (!ret)
			tell(t, &m);
	}
	json_decref(result);
	return ret;
}

static int end(const struct tally *t)
{
	_str_ line = {0};

	str_addf(&line, "%zu of %zu hook%s noticed", t->noticed, t->n, t->n == 1 ? " is" : "s are");
	if (t->absent)
		str_addf(&line, "; %zu not in this kernel", t->absent);
	if (t->survived.len)
		str_addf(&line, "; survived: %s", t->survived.s);
	if (t->not_tried.len)
		str_addf(&line, "; not tried: %s", t->not_tried.s);
	say("%s", line.s);
	return t->noticed == t->n ? 0 : -1;
}

static int mutate(struct matrix *m, const struct hooks *all, const struct strv *names)
{
	struct control c = { .cell = &m->v[0].cell, .suite = m->v[0].suite };
	struct tally t = {0};
	int ret = run_control(m);

	if (!ret) {
		read_limits(&c);
		ret = run_all(&t, &c, all, names);
	}
	if (!ret)
		ret = end(&t);
	limits_free(c.limits, c.n_limits);
	str_free(&t.survived);
	str_free(&t.not_tried);
	return ret;
}

int cmd_mutate(struct strv *args)
{
	_cleanup_(matrix_free) struct matrix m = {0};
	_cleanup_(hooks_free) struct hooks all = {0};
	_strv_ names = {0};
	int ret;

	if (timeout != NOT_GIVEN && timeout < 1)
		return usage("--timeout: at least 1 second");
	ret = find_control(&m, args->v[0]);
	if (!ret)
		ret = hooks_load(&all);
	if (!ret)
		ret = find_hooks(&all, args, &names);
	return ret ? ret : mutate(&m, &all, &names);
}
