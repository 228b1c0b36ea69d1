/* SPDX-License-Identifier: GPL-2.0 */
/* How long a process was kept waiting by others. */
#ifndef BUILD_MATRIX_DELAY_H
#define BUILD_MATRIX_DELAY_H

#include <sys/types.h>

/*
 * For how many seconds so far that thread of the process that ran most was ready to run, and stood in a CPU's queue.  0: the process
 * is gone, or the kernel does not count that (CONFIG_SCHED_INFO; Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat).
 */
double run_delay(pid_t pid);

#endif
