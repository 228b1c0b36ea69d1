/* SPDX-License-Identifier: GPL-2.0 */
/* Writing HTML: escaped unless said otherwise, and always valid UTF-8. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "../lib/str.h"

/*
 * Text from anywhere, for element content and for quoted attributes.  What is no valid UTF-8, and control
 * characters that HTML forbids, become U+FFFD: logs may hold anything.
 */
void html_text(struct str *b, const char *s);
void html_textn(struct str *b, const char *s, size_t n);

/*
 * printf into HTML: the format is our markup, every %s in it is escaped.  Takes %s %c %d %i %u %x %f %g
 * with flags, width, precision, l and z.  Markup that is already HTML goes through str_add().
 */
void html_addf(struct str *b, const char *fmt, ...) _printf_(2, 3);

/* A path for href: percent-encoded where needed, '/' kept. */
void html_href(struct str *b, const char *path);

/* A name for a file of the site, made of text from outside: no '/', no leading '.', plain ASCII. Caller frees. */
char *file_name(const char *s);

#endif
