/* SPDX-License-Identifier: GPL-2.0 */
/* The folder that keeps a cell's result, see build-matrix.h for what is in it. */
#ifndef BUILD_MATRIX_RESULT_H
#define BUILD_MATRIX_RESULT_H

#include <jansson.h>

#include "boot.h"
#include "build.h"
#include "suite.h"

/* What is to be recorded; what did not happen is NULL. */
struct outcome {
	const struct cell *cell;
	const struct suite_run *suite;	/* NULL: the guest tests */
	const char *key;
	enum verdict verdict;
	const char *called;		/* what the suite calls it, NULL: as it is */
	const char *detail;
	const struct derivation *derived;
	const struct build *build;
	const struct boot *boot;
	const struct again *again;	/* what was run once more */
	const struct mutant *mutant;	/* and what it is a mutant of */
	const struct cell *control;
};

/* A new folder for the cell, named after the time; what was left there unfinished goes.  NULL after a message. */
char *result_begin(const struct cell *c);
/* Writes result.json and the logs into it, and points `latest` at it.  0 or -1 after a message. */
int result_end(const char *dir, const struct outcome *o);
/* Nothing came of it. */
void result_drop(const char *dir);

/* The result.json that `latest` points at; NULL: there is none that can be read. */
json_t *result_latest(const char *cell);
/* The same of the base on the cell's kernel and machine; of a suite, NULL: of the guest tests. */
json_t *result_of_base(const struct cell *c, const char *suite);

#endif
