/* SPDX-License-Identifier: GPL-2.0 */
/* The derived kernel's result against its twin's: a failure that the base has too is none of ours. */
#ifndef BUILD_MATRIX_COMPARE_H
#define BUILD_MATRIX_COMPARE_H

#include <jansson.h>

#include "../lib/str.h"
#include "verdict.h"

/*
 * Adds the tests that fail here and don't in the base, and those that the base has passed and that were not come to here.
 * Tests: the list of that name in result.json; base: its result.json.
 */
void compare_news(struct strv *names, const json_t *tests, const json_t *base);
/*
 * Adds to *detail which of the failed tests fail, or don't, on the base; base NULL: it has no result.  Again: what was run
 * once more, see again.h, or NULL.
 */
void compare_tell(struct str *detail, enum verdict v, const json_t *tests, const json_t *base, const json_t *again);

#endif
