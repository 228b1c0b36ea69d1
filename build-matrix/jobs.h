/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This machine's CPUs, shared out among cells that are built and booted at once: make's job server, a pipe with a byte for
 * each.  Whoever takes a byte may keep one CPU busy; a make that has one takes more from the same pipe, and gives them back.
 */
#ifndef BUILD_MATRIX_JOBS_H
#define BUILD_MATRIX_JOBS_H

#include "../lib/run.h"

/* 0, or -1 after a message; then, and when it was never called, the rest do nothing, and each make takes all CPUs. */
int jobs_begin(void);
void jobs_end(void);
/* All bytes are back where they were; nobody may be at work.  Some are lost with a make that was killed. */
void jobs_refill(void);
/* Waits for n CPUs, or all that there are when they are fewer.  0, -EINTR stopped. */
int jobs_take(long n);
void jobs_give(long n);
/* How many a guest with so many CPUs takes. */
long jobs_guest(long smp);
/* Tells a make, by its arguments and environment, how many jobs it may have. */
void jobs_make(struct run *r);
long jobs_cpus(void);

#endif
