/* SPDX-License-Identifier: GPL-2.0 */
/* Configuration files in git-config syntax, read with libgit2. */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include "str.h"

struct conf;

/* Opens one file. 0 or -1 after a message that names the file and line. */
int conf_open(struct conf **out, const char *path);
void conf_close(struct conf **c);		/* for _cleanup_; sets NULL */
/* The last value of "section.key" or "section.sub.key", NULL when absent; valid until conf_close(). */
const char *conf_get(struct conf *c, const char *key);
/* All values of a key, in order. */
void conf_all(struct conf *c, const char *key, struct strv *out);
/* The subsection names of a section, in order of appearance, each once. */
void conf_subsections(struct conf *c, const char *section, struct strv *out);
/* Default when absent. A value of another kind: a message, the default, and conf_bad() from then on. */
long conf_long(struct conf *c, const char *key, long otherwise);
bool conf_bool(struct conf *c, const char *key, bool otherwise);
bool conf_bad(const struct conf *c);
/* -1 and a message when the file has a key that is not in the NULL-terminated list ("arch.*.qemu" style globs). */
int conf_check_keys(struct conf *c, const char *const known[]);

#endif
