/* SPDX-License-Identifier: GPL-2.0 */
/* What our own files call and name of the kernel: does the tree have it? */
#ifndef CALLS_H
#define CALLS_H

#include "rebase.h"
#include "tree.h"

/*
 * Holds each call in the payload's files (fact->where) against the headers of the tree: is the name there, and is it there with as many
 * arguments?  The same with each constant and each member of a struct, but for the arguments.  A kernel that has changed what we use is
 * found here, and not by its compiler.
 * 0; NEEDS_HUMAN after a message for each call that does not fit, and the first is in fact->failed; -1 after another message.
 */
int check_calls(struct tree *t, struct rule_fact *fact);

#endif
