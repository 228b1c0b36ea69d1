/* SPDX-License-Identifier: GPL-2.0 */
/* Cells at once: each in a process of its own, which ends with us. */
#ifndef BUILD_MATRIX_WORKERS_H
#define BUILD_MATRIX_WORKERS_H

#include "matrix.h"

/*
 * Runs all entries that are not fresh, `jobs` at once, twins one after the other; tell() is called for each when it is
 * done.  0; -EINTR stopped, and nobody is at work any more; -1 after a message.
 */
int workers_run(struct matrix *m, long jobs, bool again, void (*tell)(const struct entry *e));

#endif
