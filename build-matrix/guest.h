/* SPDX-License-Identifier: GPL-2.0 */
/* The guest tests' programs: compiled for a machine, kept in the cache. */
#ifndef BUILD_MATRIX_GUEST_H
#define BUILD_MATRIX_GUEST_H

#include "arch.h"

/* What a suite takes along. */
struct guest_files {
	struct strv names, paths;	/* files of ours under names of the guest's: "suite/run" */
	struct strv tests;		/* sources of more guest tests */
};

/*
 * The archive that boots into the guest tests: a descriptor to close, -EINTR stopped, or -1; then *why says in a line
 * which source could not be compiled, or is empty after a message.  `more` (may be NULL) is put in beside them.
 */
int guest_initramfs(const struct arch *a, const struct guest_files *more, struct str *why);

/* The sources, sorted; for whoever wants to know whether they changed. */
void guest_sources(struct strv *paths);

#endif
