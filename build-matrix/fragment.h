/* SPDX-License-Identifier: GPL-2.0 */
/* Config fragments whose lines depend on what the tree has. */
#ifndef BUILD_MATRIX_FRAGMENT_H
#define BUILD_MATRIX_FRAGMENT_H

#include "build.h"

/*
 * In a fragment, the lines between "# if SYMBOL" and "# end" are for trees whose Kconfig files define CONFIG_SYMBOL, those after an
 * "# else" between them for others; blocks are not nested.  Replaces each such fragment in the list by what it is for the
 * cell's tree, a file in b->out.  `again`: the tree may have changed since the last time.
 * 0, -EINTR stopped, or -1 after a message.
 */
int fragments_resolve(const struct build *b, struct strv *paths, bool again);

#endif
