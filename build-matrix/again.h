/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What only the derived kernel failed in a suite, run once more: on it, and what it fails again on the base, too.  A time
 * limit on a busy machine or a race inside a test fails now and then on any kernel; what it fails twice, and the base
 * neither the first nor the second time, is a regression.
 */
#ifndef BUILD_MATRIX_AGAIN_H
#define BUILD_MATRIX_AGAIN_H

#include <jansson.h>

#include "matrix.h"
#include "work.h"

/* Zero it; free it after the result is written. */
struct again {
	struct strv tests;
	struct cell twin;
	struct boot ours, base;		/* cell NULL: was not needed */
};

/*
 * Does nothing when `first`, the entry's boot, has no news against the base's last result.  The consoles are in the folders
 * again/ and again-base/ of dir.  0; -EINTR stopped; -1 after a message.
 */
int again_run(struct again *a, const struct entry *e, const struct boot *first, const char *dir);
void again_free(struct again *a);
/* As in result.json: {"stress-ng.mmap": {"shpte": "fail", "base": "pass"}}; NULL: nothing was run again.  The caller's reference. */
json_t *again_json(const struct again *a);

#endif
