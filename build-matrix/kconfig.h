/* SPDX-License-Identifier: GPL-2.0 */
/* A kernel's configuration, from fragments. */
#ifndef BUILD_MATRIX_KCONFIG_H
#define BUILD_MATRIX_KCONFIG_H

#include "build.h"

/* Makes O=/.config of the cell's fragments, when what it is made of changed.  0; else as build_call(). */
int kconfig_make(struct build *b);
/* The symbols that the fragments ask for and .config has otherwise: "CONFIG_X=y". */
int kconfig_lost(const struct build *b, struct strv *lost);

#endif
