/* SPDX-License-Identifier: GPL-2.0 */
/* The work on one cell: locked, built, booted. */
#ifndef BUILD_MATRIX_WORK_H
#define BUILD_MATRIX_WORK_H

#include "boot.h"
#include "build.h"

/* Against other processes at work on the same cell: a descriptor to close, -EINTR stopped, or -1 after a message. */
int cell_lock(const struct cell *c);
/*
 * Builds b->cell in its tree.  0 with the image in memory, a descriptor that cell_boot() closes, or with -1 in *kernel: then
 * b->verdict says why; else negative, -1 after a message.
 */
int cell_build(struct build *b, int *kernel);
/* Boots it, with the console into console.log in the folder dir.  As boot_run(). */
int cell_boot(struct boot *b, const char *dir, int kernel);

#endif
