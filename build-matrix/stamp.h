/* SPDX-License-Identifier: GPL-2.0 */
/* The time stamps that tell the kernel's own lines from all others on a console. */
#ifndef BUILD_MATRIX_STAMP_H
#define BUILD_MATRIX_STAMP_H

#include <stdbool.h>
#include <stddef.h>

/* The last "[   12.345678] " or "[   12.345678][    T1] " in the line: where it begins, where the text after it does. */
bool stamp_find(const char *line, size_t *at, size_t *end);

#endif
