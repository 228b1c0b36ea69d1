// SPDX-License-Identifier: GPL-2.0
/* results.json: the latest results in the objects of KCIDB's I/O schema 5.3; what it has no field for is in misc. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "../lib/log.h"
#include "format.h"
#include "mutations.h"
#include "site.h"

#define ORIGIN "shpte"

static char *id_of(const struct result *r, const char *what)
{
	return xasprintf(ORIGIN ":%s/%s%s%s", r->cell, r->stamp, *what ? "/" : "", what);
}

static void set(json_t *o, const char *key, const char *value)
{
	if (*value)
		json_object_set_new(o, key, json_string(value));
}

static void set_number(json_t *o, const char *key, double v)
{
	if (v == v)
		json_object_set_new(o, key, json_real(v));
}

/* The schema's architecture has small letters, digits and '_' only. */
static char *architecture(const char *s)
{
	char *t = xstrdup(s);

	for (char *p = t; *p; p++)
		*p = isalnum((unsigned char)*p) ? tolower((unsigned char)*p) : '_';
	return t;
}

/* Its path has parts of letters, digits, '_' and '-', with a dot between them. */
static char *path_of(const char *prefix, const char *name)
{
	char *path = xasprintf("%s.%s", prefix, name);

	for (char *p = path + strlen(prefix) + 1; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-' && (*p != '.' || p[-1] == '.' || !p[1]))
			*p = '_';
	return path;
}

/* A time that its schema would not take is left out. */
static void set_time(json_t *o, const char *key, const char *iso)
{
	if (is_date(iso))
		json_object_set_new(o, key, json_string(iso));
}

static json_t *object(const struct result *r, const char *what)
{
	_free_ id = id_of(r, what);

	return json_pack("{s:s, s:s}", "id", id, "origin", ORIGIN);
}

/* Whose commit the derived kernel stands on, NULL: nobody has said. */
static const struct result *base_of(const struct site *s, const struct result *r)
{
	if (starts_with(r->variant, "base"))
		return r;
	for (size_t i = 0; i < s->latest.n; i++)
		if (starts_with(s->latest.v[i].variant, "base") && !strcmp(s->latest.v[i].version, r->version))
			return &s->latest.v[i];
	return NULL;
}

/* The schema asks for the source before patches; the derived commit and its branch, which are in our store only, are in misc. */
static void add_checkout(json_t *list, const struct site *s, const struct result *r)
{
	const struct result *base = base_of(s, r);
	json_t *o = object(r, "");

	set(o, "tree_name", r->kernel);
	if (base && is_commit(base->commit) && strlen(base->commit) == 40)
		set(o, "git_commit_hash", base->commit);
	set(o, "git_commit_name", r->version);
	set(o, "git_repository_branch", base ? base->branch : "");
	json_object_set_new(o, "misc", json_pack("{s:s, s:s}", "commit", r->commit, "branch", r->branch));
	set_time(o, "start_time", r->started);
	json_object_set_new(o, "valid", json_boolean(strcmp(r->verdict, verdict_name(V_DERIVE_FAILED))));
	json_array_append_new(list, o);
}

/* The kernel was made when something was booted; else the verdict is the build's own. */
static const char *build_status(const struct result *r)
{
	return r->grade == GOOD || result_seconds(r, "boot") > 0 ? "PASS" : r->grade == BAD ? "FAIL" : "MISS";
}

static void add_build(json_t *list, const struct result *r)
{
	_free_ checkout = id_of(r, ""), *arch = architecture(r->arch);
	json_t *o = object(r, "build");

	set(o, "checkout_id", checkout);
	set(o, "architecture", arch);
	set(o, "config_name", r->arch);
	set(o, "compiler", result_str(r, "compiler"));
	set_time(o, "start_time", r->started);
	set_number(o, "duration", result_seconds(r, "build"));
	set(o, "status", build_status(r));
	json_object_set_new(o, "misc", json_pack("{s:s, s:O*}", "variant", r->variant, "ccache",
						 json_object_get(r->json, "ccache")));
	json_array_append_new(list, o);
}

/* What: its part of the id, for two names may have one path. */
static json_t *test(json_t *list, const struct result *r, const char *what, const char *path, const char *status)
{
	_free_ build = id_of(r, "build");
	json_t *o = object(r, what);

	set(o, "build_id", build);
	json_object_set_new(o, "path", json_string(path));
	set(o, "status", status);
	json_array_append_new(list, o);
	return o;
}

/* The boot as a whole carries the cell's verdict and all that is ours alone. */
static void add_boot(json_t *list, const struct result *r)
{
	static const char *const misc[] = { "cell", "verdict", "kind", "variant", "complaints", "figures", "rules", "reproduce" };
	/* What was not built can't be booted: the failure is the build's. */
	const char *status = r->grade == GOOD ? "PASS" : r->grade == BAD && result_seconds(r, "boot") > 0 ? "FAIL" : "MISS";
	json_t *o = test(list, r, "boot", "boot", status), *m = json_object(), *mutants = mutations_json(r);

	set(o, "comment", r->detail);
	set_time(o, "start_time", r->started);
	set_number(o, "duration", result_seconds(r, "boot"));
	if (*result_str(r, "qemu"))
		json_object_set_new(o, "environment", json_pack("{s:s}", "comment", result_str(r, "qemu")));
	for (size_t i = 0; i < sizeof(misc) / sizeof(*misc); i++)
		if (json_object_get(r->json, misc[i]))
			json_object_set(m, misc[i], json_object_get(r->json, misc[i]));
	if (mutants)
		json_object_set_new(m, "mutants", mutants);
	json_object_set_new(o, "misc", m);
}

/* The schema has no status for a failure that the base has as well: what it is beside its twin is in misc. */
static void add_word(json_t *test, const char *word)
{
	if (word)
		json_object_set_new(test, "misc", json_pack("{s:s}", "beside_base", word));
}

static void add_tests(json_t *list, const struct result *r, const struct pair *p)
{
	_strv_ regressions = {0};
	json_t *t;
	size_t i;

	if (p && p->base)
		result_regressions(&regressions, r->json, p->base->json);
	json_array_foreach(result_list(r, "tests"), i, t) {
		_free_ path = path_of("shpte", json_text(t, "name")), *what = xasprintf("test/%zu", i + 1);
		enum grade g = grade_test(json_text(t, "status"));
		json_t *o = test(list, r, what, path, g == GOOD ? "PASS" : g == NONE ? "SKIP" : "FAIL");

		set(o, "comment", json_text(t, "detail"));
		add_word(o, p ? pair_test_word(p, &regressions, json_text(t, "name")) : NULL);
	}
}

/* Each figure as a measurement; the last part of its key tells the unit. */
static void add_figures(json_t *list, const struct result *r)
{
	const char *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach(result_list(r, "figures"), key, v) {
		_free_ path = path_of("figures", key), *what = xasprintf("figure/%zu", ++n);
		const char *unit = ends_with(key, "_kb") ? "KiB" : ends_with(key, "ms") ? "ms" : NULL;
		json_t *o = test(list, r, what, path, "DONE");

		json_object_set_new(o, "number", json_pack("{s:O, s:s*}", "value", v, "unit", unit));
	}
}

int export_json(struct site *s)
{
	json_t *checkouts = json_array(), *builds = json_array(), *tests = json_array(), *all;
	char *text;
	int ret;

	for (size_t i = 0; i < s->latest.n; i++) {
		const struct result *r = &s->latest.v[i];

		add_checkout(checkouts, s, r);
		add_build(builds, r);
		add_boot(tests, r);
		add_tests(tests, r, site_pair_of_ours(s, r));
		add_figures(tests, r);
	}
	all = json_pack("{s:{s:i, s:i}, s:o, s:o, s:o}", "version", "major", 5, "minor", 3,
			"checkouts", checkouts, "builds", builds, "tests", tests);
	text = json_dumps(all, JSON_INDENT(1));
	ret = text ? site_write(s, "results.json", text, strlen(text)) : err("results.json: out of memory");
	free(text);
	json_decref(all);
	return ret;
}
