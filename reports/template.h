/* SPDX-License-Identifier: GPL-2.0 */
/* Templates: HTML files in reports/templates/ with {{name}} (escaped) and {{{name}}} (HTML made by us). */
#ifndef REPORTS_TEMPLATE_H
#define REPORTS_TEMPLATE_H

#include "../lib/str.h"

struct tvar {
	const char *name, *value;	/* value NULL: empty */
};

/*
 * Adds the text with its variables filled in; vars ends with {0}.  A name that is not in vars, or braces
 * that are not closed, is an error: 0 or -1 after a message that names `what`.
 */
int template_fill(struct str *out, const char *what, const char *text, const struct tvar *vars);
/* The same, from reports/templates/<file>. */
int template_file(struct str *out, const char *file, const struct tvar *vars);

#endif
