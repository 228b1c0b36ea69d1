/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BUILD_MATRIX_TSC_H
#define BUILD_MATRIX_TSC_H

/*
 * How fast this machine's time stamp counter goes, which is what an emulated x86 CPU reads as its own (without -icount); 0: it has
 * none.  A kernel that is told so keeps time on a busy host, where it cannot measure it: it would count timer interrupts else,
 * and those that come late are lost.
 */
long host_tsc_khz(void);

#endif
