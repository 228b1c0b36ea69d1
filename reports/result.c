// SPDX-License-Identifier: GPL-2.0
/* One cell's result.json, checked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "result.h"

/* The fields that are used, and what each must be; the first five must be there. */
static const struct field {
	const char *key;
	json_type type, of;		/* of: the type of a list's items or an object's values */
} fields[] = {
	{ "cell", JSON_STRING, 0 }, { "kernel", JSON_STRING, 0 }, { "arch", JSON_STRING, 0 },
	{ "variant", JSON_STRING, 0 }, { "verdict", JSON_STRING, 0 },
	{ "version", JSON_STRING, 0 }, { "commit", JSON_STRING, 0 }, { "branch", JSON_STRING, 0 },
	{ "started", JSON_STRING, 0 }, { "detail", JSON_STRING, 0 }, { "compiler", JSON_STRING, 0 },
	{ "suite", JSON_STRING, 0 }, { "qemu", JSON_STRING, 0 }, { "reproduce", JSON_STRING, 0 },
	{ "seconds", JSON_OBJECT, JSON_REAL }, { "ccache", JSON_OBJECT, JSON_REAL },
	{ "figures", JSON_OBJECT, JSON_REAL }, { "tests", JSON_ARRAY, JSON_OBJECT },
	{ "plots", JSON_ARRAY, JSON_OBJECT }, { "rules", JSON_ARRAY, JSON_OBJECT }, { "complaints", JSON_ARRAY, JSON_STRING },
	{ "again", JSON_OBJECT, JSON_OBJECT },
};
#define REQUIRED 5

/* A list of failed tests that is longer than so many characters is cut to so many names. */
#define BRIEF_LENGTH 120
#define BRIEF_NAMES 3

static bool is_type(const json_t *j, json_type type)
{
	return type == JSON_REAL ? json_is_number(j) : json_typeof(j) == type;
}

static bool items_are(json_t *j, json_type of)
{
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(j, i, item)
		if (!is_type(item, of))
			return false;
	if (json_is_object(j))
		json_object_foreach(j, key, item)
			if (!is_type(item, of))
				return false;
	return true;
}

static int check_fields(json_t *json, struct str *why)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		json_t *j = json_object_get(json, fields[i].key);

		if (i < REQUIRED && (!json_is_string(j) || !*json_string_value(j)))
			return str_addf(why, "no \"%s\"", fields[i].key), -1;
		if (!j)
			continue;
		if (json_is_null(j)) {
			json_object_del(json, fields[i].key);
			continue;
		}
		if (!is_type(j, fields[i].type) || (fields[i].of && !items_are(j, fields[i].of)))
			return str_addf(why, "\"%s\" is not what it should be", fields[i].key), -1;
	}
	return 0;
}

/* Lists of objects: each has a name; the other fields of the wrong type read as absent. */
static int check_names(json_t *json, const char *key, struct str *why)
{
	json_t *list = json_object_get(json, key), *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!*json_text(item, "name"))
			return str_addf(why, "\"%s\" has one without a name", key), -1;
	return 0;
}

/* Colours of a terminal; results of before they were taken out of a guest's lines have a '?' for the escape. */
static void strip_colours(json_t *string)
{
	const char *s = json_string_value(string);
	_str_ b = {0};

	if (!strchr(s, 0x1b) && !strstr(s, "?["))
		return;
	while (*s) {
		size_t digits = starts_with(s, "?[") ? 2 + strspn(s + 2, "0123456789;") : 0, escape = escape_len(s);

		if (!escape && digits && s[digits] == 'm')
			escape = digits + 1;
		if (!escape)
			str_addn(&b, s, 1);
		s += escape ? escape : 1;
	}
	json_string_set(string, str_get(&b));
}

/* In all texts of a result, which has objects in lists in objects. */
static void strip_all(json_t *j)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(j))
		strip_colours(j);
	json_array_foreach(j, i, item)
		strip_all(item);
	if (json_is_object(j))
		json_object_foreach(j, key, item)
			strip_all(item);
}

int result_parse(struct result *r, const char *text, size_t len, struct str *why)
{
	_free_ cell = NULL;
	json_error_t e;

	memset(r, 0, sizeof(*r));
	r->json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	if (!r->json) {
		str_addf(why, "%s on line %d", e.text, e.line);
		return -1;
	}
	if (!json_is_object(r->json)) {
		str_add(why, "not an object");
		goto fail;
	}
	if (check_fields(r->json, why) || check_names(r->json, "tests", why) || check_names(r->json, "rules", why) ||
	    check_names(r->json, "plots", why))
		goto fail;
	strip_all(r->json);
	r->cell = result_str(r, "cell");
	r->kernel = result_str(r, "kernel");
	r->version = result_str(r, "version");
	r->arch = result_str(r, "arch");
	r->variant = result_str(r, "variant");
	r->suite = result_str(r, "suite");
	r->commit = result_str(r, "commit");
	r->branch = result_str(r, "branch");
	r->started = result_str(r, "started");
	r->verdict = result_str(r, "verdict");
	r->detail = result_str(r, "detail");
	r->shown = r->grade = grade_verdict(r->verdict);
	cell = xasprintf("%s/%s/%s", r->kernel, r->arch, r->variant);
	if (!strcmp(cell, r->cell))
		return 0;
	str_addf(why, "cell %s is said to be %s", r->cell, cell);
fail:
	result_free(r);
	return -1;
}

void result_free(struct result *r)
{
	free_charp(&r->dir);
	free_charp(&r->stamp);
	json_decref(r->json);
	memset(r, 0, sizeof(*r));
}

void results_free(struct results *l)
{
	for (size_t i = 0; i < l->n; i++)
		result_free(&l->v[i]);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

const char *result_str(const struct result *r, const char *key)
{
	return r ? json_text(r->json, key) : "";
}

double result_num(const struct result *r, const char *object, const char *key)
{
	json_t *j = r ? json_object_get(json_object_get(r->json, object), key) : NULL;

	return j ? json_number_value(j) : NAN;
}

double result_seconds(const struct result *r, const char *what)
{
	double s = result_num(r, "seconds", what);

	return s > 0 ? s : NAN;
}

double result_figure(const struct result *r, const char *key)
{
	return result_num(r, "figures", key);
}

json_t *result_list(const struct result *r, const char *key)
{
	return r ? json_object_get(r->json, key) : NULL;
}

size_t result_tests(const struct result *r, const char *status)
{
	json_t *t;
	size_t i, n = 0;

	json_array_foreach(result_list(r, "tests"), i, t)
		n += !status || !strcmp(json_text(t, "status"), status);
	return n;
}

json_t *result_named(const struct result *r, const char *list, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach(result_list(r, list), i, item)
		if (!strcmp(json_text(item, "name"), name))
			return item;
	return NULL;
}

static void failed_names(struct strv *names, const struct result *r)
{
	json_t *t;
	size_t i;

	json_array_foreach(result_list(r, "tests"), i, t)
		if (grade_test(json_text(t, "status")) == BAD)
			strv_add(names, json_text(t, "name"));
}

static void add_names(struct str *b, const struct strv *names)
{
	for (size_t i = 0; i < names->n && i < BRIEF_NAMES; i++)
		str_addf(b, "%s%s", i ? ", " : "", names->v[i]);
	if (names->n > BRIEF_NAMES)
		str_addf(b, " and %zu more", names->n - BRIEF_NAMES);
}

void result_brief(struct str *b, const struct result *r, const struct strv *regressions)
{
	static const char before[] = "guest tests failed: ";
	const char *list = strstr(r->detail, before);
	_strv_ names = {0};

	failed_names(&names, r);
	if (!list || !names.n || strlen(list) < BRIEF_LENGTH) {
		str_add(b, r->detail);
		return;
	}
	str_addn(b, r->detail, list - r->detail + strlen(before));
	if (regressions && regressions->n)
		str_add(b, "regression: ");
	add_names(b, regressions && regressions->n ? regressions : &names);
}

bool result_boot_failed(const struct result *r)
{
	return r->grade == BAD && strcmp(r->verdict, verdict_name(V_TEST_FAILED));
}

const char *result_test(const struct result *r, const char *name)
{
	const json_t *t = result_named(r, "tests", name);

	return t ? json_text(t, "status") : NULL;
}

bool is_commit(const char *hex)
{
	size_t n = strspn(hex, "0123456789abcdef");

	return !hex[n] && (n == 40 || n == 64);
}

/* A verdict we don't know is bad: better a false alarm than a broken kernel in green. */
enum grade grade_verdict(const char *verdict)
{
	/* These say something of the machine that we run on, nothing of the kernel. */
	static const enum verdict machine[] = { V_STOPPED, V_EMULATOR, V_NO_EMULATOR, V_NO_COMPILER, V_FETCH_FAILED };

	if (!strcmp(verdict, verdict_name(V_PASS)))
		return GOOD;
	for (size_t i = 0; i < sizeof(machine) / sizeof(*machine); i++)
		if (!strcmp(verdict, verdict_name(machine[i])))
			return NONE;
	return BAD;
}

enum grade grade_test(const char *status)
{
	return !strcmp(status, "pass") ? GOOD : !strcmp(status, "skip") ? NONE : BAD;
}

const char *grade_symbol(enum grade g)
{
	/* Not the emoji ✔ ✖, which phones draw in colours of their own. */
	return g == GOOD ? "✓" : g == BAD ? "✗" : "○";
}

const char *grade_class(enum grade g)
{
	return g == GOOD ? "good" : g == BAD ? "bad" : "none";
}
