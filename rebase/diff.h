/* SPDX-License-Identifier: GPL-2.0 */
#ifndef REBASE_DIFF_H
#define REBASE_DIFF_H

/* How text `a` became `b`: a unified diff without its head, white space not counted; "" when they are equal. Caller frees. */
char *diff_texts(const char *a, const char *b);

#endif
