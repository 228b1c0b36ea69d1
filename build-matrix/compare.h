/* SPDX-License-Identifier: GPL-2.0 */
/* The derived kernel's result against its twin's: a failure that the base has too is none of ours. */
#ifndef BUILD_MATRIX_COMPARE_H
#define BUILD_MATRIX_COMPARE_H

#include <jansson.h>

#include "ktap.h"
#include "verdict.h"

/* Adds to *detail which of the failed tests fail, or don't, on the base; base NULL: it has no result. */
void compare_tell(struct str *detail, enum verdict v, const struct ktap *k, json_t *base);
#endif
