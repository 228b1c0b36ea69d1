/* SPDX-License-Identifier: GPL-2.0 */
/* One cell's result.json, checked; its format stands in build-matrix/build-matrix.h. */
#ifndef REPORTS_RESULT_H
#define REPORTS_RESULT_H

#include "../lib/json.h"
#include "../lib/str.h"

/* What a reader has to know of a verdict: each has a colour and, for those who don't see it, a symbol. */
enum grade { GOOD, BAD, NONE };

struct result {
	char *dir;			/* its folder */
	char *stamp;			/* the folder's name */
	json_t *json;			/* all of it; the strings below are inside, never NULL */
	const char *cell, *kernel, *version, *arch, *variant, *suite;
	const char *commit, *branch, *started, *verdict, *detail;
	enum grade grade;		/* of its verdict */
	enum grade shown;		/* beside its twin, see pair_weigh() */
};

struct results {
	struct result *v;
	size_t n;
};

/*
 * Parses and checks: a field of the wrong type is an error here, so that nobody after has to look.
 * 0, or -1 with the reason in *why.
 */
int result_parse(struct result *r, const char *text, size_t len, struct str *why);
void result_free(struct result *r);
void results_free(struct results *l);

/* Optional fields: "" and NAN when absent. r may be NULL. */
const char *result_str(const struct result *r, const char *key);
double result_num(const struct result *r, const char *object, const char *key);
double result_figure(const struct result *r, const char *key);
/* How long it was at "build" or "boot"; NAN when it was not: the kernel was there already, nothing was booted. */
double result_seconds(const struct result *r, const char *what);
/* The list below key; NULL (which jansson's iterators take) when absent. */
json_t *result_list(const struct result *r, const char *key);
/* The one of that name in such a list, "tests", "rules" or "plots"; NULL: it has none. */
json_t *result_named(const struct result *r, const char *list, const char *name);
/* Tests with this status; status NULL: all. */
size_t result_tests(const struct result *r, const char *status);
/* The status of one guest test, NULL when it did not run. */
const char *result_test(const struct result *r, const char *name);

/*
 * Its detail for a heading or a column: where it lists many failed tests, their number and the first three names.
 * regressions, NULL or empty: none; else these are the ones that are named.
 */
void result_brief(struct str *b, const struct result *r, const struct strv *regressions);

/* It failed as a whole; where a test failed, that one says so. */
bool result_boot_failed(const struct result *r);

bool is_commit(const char *hex);

enum grade grade_verdict(const char *verdict);
enum grade grade_test(const char *status);
const char *grade_symbol(enum grade g);
const char *grade_class(enum grade g);

#endif
