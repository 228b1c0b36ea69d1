/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: one table of subcommands, one parser for all. */
#ifndef LIB_OPTS_H
#define LIB_OPTS_H

#include "str.h"

struct opt {
	const char *name;		/* "timeout" for --timeout */
	const char *arg;		/* "SECONDS"; NULL: a flag */
	const char *help;
	enum { OPT_STR, OPT_LIST, OPT_NUM, OPT_FLAG, OPT_SIZE, OPT_DIR } kind; /* SIZE: 64M, 3G → bytes; DIR: it is there */
	void *to;			/* char const **, struct strv *, long *, bool *, unsigned long long *, char const ** */
};

struct cmd {
	const char *name;
	const char *args;		/* "KERNEL", "[CELL-PATTERN]" */
	const char *help;		/* one line */
	const char *more;		/* the rest of --help, may be NULL */
	/* 0, or negative after a message, see log.h; or > 0: exit status; or -EINTR: stopped, which main() says */
	int (*fn)(struct strv *args);
	int min, max;			/* number of arguments, max -1: any */
	const struct opt *opts;		/* ends with {0}; NULL: none */
};

/*
 * Parses argv (argv[0] is the subcommand's name; "--opt V", "--opt=V", "--" ends options) into the options
 * and *args.  0; 1 when --help was printed; -2 after a usage message.
 */
int opts_parse(const struct cmd *c, int argc, char **argv, struct strv *args);
void opts_help(const struct cmd *c);

#endif
