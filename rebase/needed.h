/* SPDX-License-Identifier: GPL-2.0 */
/* Does a tree need a rule?  What the rule's When, When not and Unless lines say of it, and what its Seen lines make doubtful. */
#ifndef NEEDED_H
#define NEEDED_H

#include "rule.h"
#include "tree.h"

/* What of the tree's says that it does not need the rule; NULL: nothing. The caller frees. */
char *not_needed(struct tree *t, const struct rule *r);

/*
 * What in this tree does itself what the rule is for; NULL: nothing.  *but: the place of the rule's for which nothing does, NULL: it
 * is done for all of them.  The rule's folders have been read.  The caller frees.
 */
char *done_already(struct tree *t, const struct rule *r, const char **but);

/*
 * The newest release not after this version in which the rule was needed ("7.3"); NULL: a newer one is known that does without it,
 * or none that old is known at all.
 */
const char *needed_before(const struct rule *r, const char *version);

#endif
