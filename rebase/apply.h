/* SPDX-License-Identifier: GPL-2.0 */
/* Applying rules to a tree. */
#ifndef APPLY_H
#define APPLY_H

#include "rebase.h"
#include "rule.h"
#include "tree.h"

/*
 * Applies one rule to the tree; nothing is committed.  `header` ("linux/shpte.h") is included in each file that it changes, unless
 * it is already.  `tmp` is a folder for files to give to spatch.  Fills fact's counts.
 * 0 (fact->skipped: this tree does not need it), NEEDS_HUMAN after a message that names rule, file and function, or -1 after
 * another one; on failure the tree is as it was.
 */
int apply_rule(struct tree *t, const struct rule *r, const char *header, const char *tmp,
	       struct rule_fact *fact);

/* The same with a churn rule, on the payload's files in the tree. */
int apply_churn(struct tree *t, const struct rule *r, const char *tmp, struct rule_fact *fact);

/*
 * Puts the payload's files and lines into the tree as cocci/payload/payload.conf says.
 * *subject and *header (the rules' include): the caller frees.  0; NEEDS_HUMAN after messages: a line has no place, and what can be done
 * was; or -1 after a message.
 */
int apply_payload(struct tree *t, char **subject, char **header, struct rule_fact *fact);

/* Says what of the payload a human has to look at, and keeps the first for the facts: NEEDS_HUMAN.  The rest is tried all the same. */
int payload_misfit(struct rule_fact *fact, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Text with `#include <header>` among its includes, caller frees; NULL when it has it already or has no place for it. */
char *add_include(const char *text, const char *header);

#endif
