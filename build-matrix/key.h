/* SPDX-License-Identifier: GPL-2.0 */
/* All that a cell's result depends on, as one hash: while it stays, the result stays true. */
#ifndef BUILD_MATRIX_KEY_H
#define BUILD_MATRIX_KEY_H

#include "cell.h"

/* The cell's tree must be known. Caller frees; NULL after a message. */
char *cell_key(const struct cell *c);

#endif
