/* SPDX-License-Identifier: GPL-2.0 */
/* What this room knows of verdicts beside their names. */
#ifndef BUILD_MATRIX_VERDICT_H
#define BUILD_MATRIX_VERDICT_H

#include <stdbool.h>

#include "build-matrix.h"

/* 0, or -1: there is no verdict of that name. */
int verdict_parse(const char *name, enum verdict *v);
/* Of a result.json: one of our names, also where a suite has its own; NULL: there is none. */
const char *verdict_of(const json_t *result);
/* A fact about the cell, which stays true as long as nothing changes; false: about this machine or this hour. */
bool verdict_lasts(enum verdict v);

#endif
