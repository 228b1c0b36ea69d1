/* SPDX-License-Identifier: GPL-2.0 */
/* The options that boot a cell on a machine other than its description says. */
#ifndef BUILD_MATRIX_MACHINE_H
#define BUILD_MATRIX_MACHINE_H

#include "../lib/opts.h"

extern long machine_cpus;
extern unsigned long long machine_mem;

#define OPTS_MACHINE \
	{ "cpus", "N", "the guest's number of CPUs", OPT_NUM, &machine_cpus }, \
	{ "mem", "SIZE", "its memory, such as 512M or 3G", OPT_SIZE, &machine_mem }

/* 0, or -2 after a message. */
int machine_check(void);
/* The cell's name with what the options say: 6.12/i386-pae/base is 6.12/i386-pae,cpus=1/base.  The caller frees. */
char *machine_cell(const char *cell);

#endif
