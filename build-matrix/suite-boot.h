/* SPDX-License-Identifier: GPL-2.0 */
/* A suite in a cell: what its result depends on, and what a boot into it needs. */
#ifndef BUILD_MATRIX_SUITE_BOOT_H
#define BUILD_MATRIX_SUITE_BOOT_H

#include "boot.h"
#include "suite.h"

/* A suite, as it is to be run once. */
struct suite_run {
	const struct suite *suite;
	struct suite_wish wish;
};

/* The key of its result in a cell, as cell_key(); of the guest tests' when r is NULL.  NULL after a message; caller frees. */
char *suite_key(const struct suite_run *r, const struct cell *c);

/* What a boot needs; zero it, and free it after the boot. */
struct suite_boot {
	char *append;
	struct strv disks;
	struct guest_files files;
	json_t *base;			/* the result that bounds are about */
};

/* Makes what is missing in the cache, and sets it in *boot.  0; -EINTR stopped; -1 after a message. */
int suite_boot_make(struct suite_boot *s, const struct suite_run *r, struct boot *boot);
/* What the boot has of it is no longer there. */
void suite_boot_leave(struct boot *boot);
void suite_boot_free(struct suite_boot *s);

#endif
