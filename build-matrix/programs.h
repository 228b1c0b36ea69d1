/* SPDX-License-Identifier: GPL-2.0 */
/* What a suite takes into the guest beside its Debian root. */
#ifndef BUILD_MATRIX_PROGRAMS_H
#define BUILD_MATRIX_PROGRAMS_H

#include "cell.h"
#include "guest.h"
#include "suite.h"

/*
 * Its folder's files, those of suites/shared and, when it has a script `build`, what that makes of the base's tree on this machine: all as
 * suite/NAME.  Adds to *files, which the caller frees.  0; -EINTR stopped; -1 after a message.
 */
int suite_files(const struct suite *s, const struct cell *c, struct guest_files *files);

#endif
