// SPDX-License-Identifier: GPL-2.0
/* The command line: one table of subcommands, one parser for all. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs.h"
#include "log.h"
#include "opts.h"

static const struct opt common[] = {
	{ "quiet", NULL, "no messages but errors", OPT_FLAG, &log_quiet },
	{ "help", NULL, "this text", OPT_FLAG, NULL },
	{ 0 }
};

static void help_opts(const struct opt *o)
{
	for (; o && o->name; o++) {
		_free_ s = xasprintf("--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");

		printf("  %-22s %s\n", s, o->help);
	}
}

void opts_help(const struct cmd *c)
{
	printf("usage: shpte %s [OPTION...]%s%s\n\n%c%s.\n", c->name, c->args[0] ? " " : "", c->args,
	       toupper((unsigned char)c->help[0]), c->help + 1);
	if (c->more)
		fputs(c->more, stdout);
	printf("\noptions:\n");
	help_opts(c->opts);
	help_opts(common);
}

static const struct opt *find_in(const struct opt *o, const char *name, size_t len)
{
	for (; o && o->name; o++)
		if (strlen(o->name) == len && !strncmp(o->name, name, len))
			return o;
	return NULL;
}

static const struct opt *find(const struct cmd *c, const char *name, size_t len)
{
	const struct opt *o = find_in(c->opts, name, len);

	return o ? o : find_in(common, name, len);
}

/* Digits only: strtol() alone would take "-1", " 1" and "0x". */
static int parse_digits(const char *s, const char **end, unsigned long long *to)
{
	char *e;

	if (!isdigit((unsigned char)s[0]))
		return -1;
	errno = 0;
	*to = strtoull(s, &e, 10);
	*end = e;
	return errno ? -1 : 0;
}

static int parse_num(const char *s, long *to)
{
	unsigned long long v;
	const char *end;

	if (parse_digits(s, &end, &v) || *end || v > LONG_MAX)
		return -1;
	*to = v;
	return 0;
}

static int parse_size(const char *s, unsigned long long *to)
{
	static const char units[] = "KMGT";
	unsigned long long v;
	const char *end, *u;
	int shift = 0;

	if (parse_digits(s, &end, &v))
		return -1;
	if (*end) {
		u = strchr(units, toupper((unsigned char)*end));
		if (!u || end[1])
			return -1;
		shift = 10 * (u - units + 1);
	}
	if (v > ULLONG_MAX >> shift)
		return -1;
	*to = v << shift;
	return 0;
}

static int set(const struct cmd *c, const struct opt *o, const char *value)
{
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->to = true;
		return 0;
	case OPT_STR:
		*(char const **)o->to = value;
		return 0;
	case OPT_DIR:
		*(char const **)o->to = value;
		if (!dir_exists(value))
			return usage("--%s %s: no such folder", o->name, value);
		return 0;
	case OPT_LIST:
		strv_add(o->to, value);
		return 0;
	case OPT_NUM:
		if (!parse_num(value, o->to))
			return 0;
		return usage("--%s: '%s' is no number; see 'shpte %s --help'", o->name, value, c->name);
	case OPT_SIZE:
		if (!parse_size(value, o->to))
			return 0;
		return usage("--%s: '%s' is no size such as 512M or 3G; see 'shpte %s --help'",
			     o->name, value, c->name);
	}
	return -2;
}

/* One option at argv[*i]; moves *i over a value in the next argument. */
static int parse_one(const struct cmd *c, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *name = arg + (arg[1] == '-' ? 2 : 1);
	const char *eq = strchr(name, '=');
	const struct opt *o = NULL;

	if (arg[1] == '-')
		o = find(c, name, eq ? (size_t)(eq - name) : strlen(name));
	else if (!strcmp(arg, "-h"))
		o = find(c, "help", 4);
	if (!o)
		return usage("unknown option '%s'; see 'shpte %s --help'", arg, c->name);
	if (!o->arg && eq)
		return usage("--%s takes no value; see 'shpte %s --help'", o->name, c->name);
	if (!o->to) {
		opts_help(c);
		return 1;
	}
	if (o->arg && !eq) {
		/* A value that looks like an option is more likely a forgotten value. */
		if (*i + 1 >= argc || starts_with(argv[*i + 1], "--"))
			return usage("--%s needs %s; see 'shpte %s --help'", o->name, o->arg, c->name);
		return set(c, o, argv[++*i]);
	}
	return set(c, o, eq ? eq + 1 : NULL);
}

int opts_parse(const struct cmd *c, int argc, char **argv, struct strv *args)
{
	bool only_args = false;
	int ret;

	for (int i = 1; i < argc; i++) {
		if (only_args || argv[i][0] != '-' || !argv[i][1]) {
			strv_add(args, argv[i]);
		} else if (!strcmp(argv[i], "--")) {
			only_args = true;
		} else {
			ret = parse_one(c, argc, argv, &i);
			if (ret)
				return ret;
		}
	}
	if ((int)args->n < c->min)
		return usage("%s needs %s; see 'shpte %s --help'", c->name, c->args, c->name);
	if (c->max >= 0 && (int)args->n > c->max)
		return usage("%s: extra argument '%s'; see 'shpte %s --help'", c->name, args->v[c->max], c->name);
	return 0;
}
