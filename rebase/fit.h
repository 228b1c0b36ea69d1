/* SPDX-License-Identifier: GPL-2.0 */
/* Does what a rule adds fit the function that it lands in? */
#ifndef FIT_H
#define FIT_H

#include "rule.h"

/*
 * Holds the function as the rule leaves it against what it was: a goto needs its label, a return its type, the call the place in the
 * function that the rule's header says (`p`, NULL: it says nothing), and what is to go must be gone.
 * What is wrong, caller frees; NULL: nothing.
 */
char *fit_wrong(const struct rule *r, const struct place *p, const char *before, const char *after);

#endif
