/* SPDX-License-Identifier: GPL-2.0 */
/* An outcome as result.json. */
#ifndef BUILD_MATRIX_RESULT_JSON_H
#define BUILD_MATRIX_RESULT_JSON_H

#include "result.h"

/* Stamp: the folder's name, "20261123T204400Z". The caller's reference. */
json_t *result_json(const struct outcome *o, const char *stamp);
/* The list "tests" in it.  The caller's reference. */
json_t *result_tests_json(const struct ktap *k);

#endif
