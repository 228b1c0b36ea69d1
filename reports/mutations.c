// SPDX-License-Identifier: GPL-2.0
/* What leaving out each hook of a derived series came to. */
#include <stdlib.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "../lib/fs.h"
#include "mutations.h"

#define HOOKS "hooks/"

/* Of a hook that was never left out, or whose file is damaged, nothing is known. */
static void load(struct mutation *m, const struct result *r)
{
	_free_ path = cache_path("results/%s/%s/mutant/%s/latest/result.json", r->kernel, r->arch, m->hook);

	m->json = json_load_file(path, 0, NULL);
	m->mutant = json_object_get(m->json, "mutant");
	if (!json_is_object(m->mutant)) {
		json_decref(m->json);
		m->json = NULL;
		m->mutant = NULL;
		return;
	}
	m->tried = json_is_true(json_object_get(m->mutant, "tried"));
	m->noticed = m->tried && json_is_true(json_object_get(m->mutant, "noticed"));
}

/* The configuration that the kernel was built with; "" when it is not known, as of a result made elsewhere. */
static void load_config(struct str *config, const struct result *r)
{
	_free_ path = cache_path("results/%s/%s/shpte/latest/config", r->kernel, r->arch);

	if (file_read(path, config))
		str_clear(config);
}

static void find_absent(struct mutations *m, const struct result *r)
{
	_cleanup_(hooks_free) struct hooks hooks = {0};
	_str_ config = {0};

	for (size_t i = 0; i < m->n; i++)
		if (*json_text(m->v[i].rule, "skipped")) {
			m->v[i].absent = xstrdup(json_text(m->v[i].rule, "skipped"));
			m->absent++;
		}
	load_config(&config, r);
	if (!config.len || hooks_load(&hooks))
		return;
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < hooks.n; k++)
			if (!m->v[i].absent && !strcmp(hooks.v[k].name, m->v[i].hook) &&
			    !hook_has_place(&hooks.v[k], config.s)) {
				m->v[i].absent = xasprintf("this kernel has no CONFIG_%s", hooks.v[k].config);
				m->absent++;
			}
}

void mutations_load(struct mutations *m, const struct result *r)
{
	/* The mutants were held against the kernel that the guest tests ran in; a suite's may be of another series. */
	const json_t *rules = *r->suite ? NULL : result_list(r, "rules"), *rule;
	size_t i;

	*m = (struct mutations){ .v = xcalloc(json_array_size(rules) + 1, sizeof(*m->v)) };
	json_array_foreach(rules, i, rule) {
		struct mutation *to = &m->v[m->n];
		const char *name = json_text(rule, "name");

		/* The payload is no hook, and a name from outside no path. */
		if (!starts_with(name, HOOKS) || strpbrk(name + strlen(HOOKS), "/."))
			continue;
		to->hook = name + strlen(HOOKS);
		to->rule = rule;
		load(to, r);
		m->n++;
		m->run += !!to->json;
		m->noticed += to->noticed;
	}
	find_absent(m, r);
}

void mutations_free(struct mutations *m)
{
	for (size_t i = 0; i < m->n; i++) {
		json_decref(m->v[i].json);
		free(m->v[i].absent);
	}
	free(m->v);
	*m = (struct mutations){0};
}

static bool survived(const struct mutation *m)
{
	return m->tried && !m->noticed;
}

enum grade mutations_grade(const struct mutations *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (survived(&m->v[i]))
			return BAD;
	return m->noticed + m->absent == m->n ? GOOD : NONE;
}

static void add_names(struct str *b, const struct mutations *m, const char *what, bool (*is)(const struct mutation *))
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (is(&m->v[i]))
			str_addf(b, "%s%s", n++ ? ", " : what, m->v[i].hook);
}

static bool not_tried(const struct mutation *m)
{
	return !m->tried && !m->absent;
}

static bool is_absent(const struct mutation *m)
{
	return m->absent;
}

void mutations_sentence(struct str *b, const struct mutations *m)
{
	size_t n = m->n - m->absent;

	str_addf(b, "%zu of %zu hook%s noticed when left out", m->noticed, n, n == 1 ? " is" : "s are");
	add_names(b, m, "; survived: ", survived);
	add_names(b, m, "; not tried: ", not_tried);
	add_names(b, m, "; without a place in this kernel: ", is_absent);
}

json_t *mutations_json(const struct result *r)
{
	struct mutations m;
	json_t *list = NULL;

	mutations_load(&m, r);
	for (size_t i = 0; i < m.n; i++) {
		json_t *o;

		if (!m.v[i].json)
			continue;
		list = list ? list : json_array();
		o = json_copy((json_t *)m.v[i].mutant);
		json_object_set(o, "seconds", json_object_get(m.v[i].json, "seconds"));
		json_array_append_new(list, o);
	}
	mutations_free(&m);
	return list;
}
