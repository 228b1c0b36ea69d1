// SPDX-License-Identifier: GPL-2.0
/* What leaving out each hook of a derived series, and putting in each flaw, came to. */
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "mutations.h"

#define HOOKS "hooks/"

/* Of one that was never run, or whose file is damaged, nothing is known. */
static void load(struct mutation *m, const struct result *r)
{
	_free_ path = cache_path("results/%s/%s/mutant/%s/latest/result.json", r->kernel, r->arch, m->name);
	const char *of;

	m->json = json_load_file(path, 0, NULL);
	m->mutant = json_object_get(m->json, "mutant");
	if (!json_is_object(m->mutant)) {
		json_decref(m->json);
		m->json = NULL;
		m->mutant = NULL;
		return;
	}
	of = json_text(m->mutant, "of");
	m->tried = json_is_true(json_object_get(m->mutant, "tried"));
	m->noticed = m->tried && json_is_true(json_object_get(m->mutant, "noticed"));
	m->old = is_commit(of) && strcmp(of, r->commit);
}

static void add(struct mutants *to, const char *name, const json_t *rule, const struct result *r)
{
	struct mutation *m = &to->v[to->n++];

	*m = (struct mutation){ .name = name, .rule = rule };
	load(m, r);
	to->run += !!m->json;
	to->noticed += m->noticed;
	to->old += m->noticed && m->old;
}

/* The configuration that the kernel was built with; "" when it is not known, as of a result made elsewhere. */
static void load_config(struct str *config, const struct result *r)
{
	_free_ path = cache_path("results/%s/%s/shpte/latest/config", r->kernel, r->arch);

	if (file_read(path, config))
		str_clear(config);
}

/* Why the kernel has no such place, NULL: it has, or it is not known.  Caller frees. */
static char *why_absent(const struct mutation *m, const struct hooks *known, const struct str *config)
{
	if (*json_text(m->rule, "skipped"))
		return xstrdup(json_text(m->rule, "skipped"));
	for (size_t i = 0; i < known->n && config->len; i++)
		if (!strcmp(known->v[i].name, m->name) && !hook_has_place(&known->v[i], config->s))
			return xasprintf("this kernel has no CONFIG_%s", known->v[i].config);
	return NULL;
}

static void find_absent(struct mutants *l, const struct hooks *known, const struct str *config)
{
	for (size_t i = 0; i < l->n; i++) {
		l->v[i].absent = why_absent(&l->v[i], known, config);
		l->absent += !!l->v[i].absent;
	}
}

static void load_hooks(struct mutants *l, const json_t *rules, const struct result *r)
{
	const json_t *rule;
	size_t i;

	l->v = xcalloc(json_array_size(rules) + 1, sizeof(*l->v));
	json_array_foreach(rules, i, rule) {
		const char *name = json_text(rule, "name");

		/* The payload is no hook, and a name from outside no path. */
		if (starts_with(name, HOOKS) && !strpbrk(name + strlen(HOOKS), "/."))
			add(l, name + strlen(HOOKS), rule, r);
	}
}

static void load_flaws(struct mutants *l, const struct hooks *known, const struct result *r)
{
	l->v = xcalloc(known->n + 1, sizeof(*l->v));
	for (size_t i = 0; i < known->n; i++)
		if (known->v[i].flaw)
			add(l, known->v[i].name, NULL, r);
}

void mutations_load(struct mutations *m, const struct result *r)
{
	/* The mutants were held against the kernel that the guest tests ran in; a suite's may be of another series. */
	const json_t *rules = *r->suite ? NULL : result_list(r, "rules");
	_str_ config = {0};

	*m = (struct mutations){0};
	if (!json_array_size(rules))
		return;
	hooks_load(&m->known);		/* it has said what is wrong; nothing is known of a flaw then */
	load_hooks(&m->hooks, rules, r);
	load_flaws(&m->flaws, &m->known, r);
	load_config(&config, r);
	find_absent(&m->hooks, &m->known, &config);
	find_absent(&m->flaws, &m->known, &config);
}

static void mutants_free(struct mutants *l)
{
	for (size_t i = 0; i < l->n; i++) {
		json_decref(l->v[i].json);
		free(l->v[i].absent);
	}
	free(l->v);
}

void mutations_free(struct mutations *m)
{
	mutants_free(&m->hooks);
	mutants_free(&m->flaws);
	hooks_free(&m->known);
	*m = (struct mutations){0};
}

bool mutations_any(const struct mutations *m)
{
	return m->hooks.run + m->flaws.run;
}

static bool survived(const struct mutation *m)
{
	return m->tried && !m->noticed;
}

static bool not_tried(const struct mutation *m)
{
	return !m->tried && !m->absent;
}

static bool is_absent(const struct mutation *m)
{
	return m->absent;
}

static enum grade grade(const struct mutants *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (survived(&l->v[i]))
			return BAD;
	return l->noticed + l->absent == l->n && !l->old ? GOOD : NONE;
}

enum grade mutations_grade(const struct mutations *m)
{
	enum grade hooks = grade(&m->hooks), flaws = m->flaws.run ? grade(&m->flaws) : GOOD;

	return hooks == BAD || flaws == GOOD ? hooks : flaws;
}

static void add_names(struct str *b, const struct mutants *l, const char *what, bool (*is)(const struct mutation *))
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (is(&l->v[i]))
			str_addf(b, "%s%s", n++ ? ", " : what, l->v[i].name);
}

static void add_count(struct str *b, const struct mutants *l, const char *what, const char *how)
{
	size_t n = l->n - l->absent;

	str_addf(b, "%zu of %zu %s%s noticed when %s", l->noticed, n, what, n == 1 ? " is" : "s are", how);
	if (l->old)
		str_addf(b, ", %zu of them on an earlier branch", l->old);
}

void mutations_sentence(struct str *b, const struct mutations *m)
{
	add_count(b, &m->hooks, "hook", "left out");
	add_names(b, &m->hooks, "; survived: ", survived);
	add_names(b, &m->hooks, "; not tried: ", not_tried);
	add_names(b, &m->hooks, "; without a place in this kernel: ", is_absent);
	if (!m->flaws.run)
		return;
	str_add(b, "; ");
	add_count(b, &m->flaws, "flaw", "put in");
	add_names(b, &m->flaws, "; flaws that survived: ", survived);
	add_names(b, &m->flaws, "; flaws not tried: ", not_tried);
}

static void add_json(json_t *list, const struct mutants *l)
{
	for (size_t i = 0; i < l->n; i++) {
		json_t *o;

		if (!l->v[i].json)
			continue;
		o = json_copy((json_t *)l->v[i].mutant);
		json_object_set(o, "seconds", json_object_get(l->v[i].json, "seconds"));
		if (!l->v[i].rule)
			json_object_set_new(o, "flaw", json_true());
		json_array_append_new(list, o);
	}
}

json_t *mutations_json(const struct result *r)
{
	struct mutations m;
	json_t *list = NULL;

	mutations_load(&m, r);
	if (mutations_any(&m)) {
		list = json_array();
		add_json(list, &m.hooks);
		add_json(list, &m.flaws);
	}
	mutations_free(&m);
	return list;
}
