// SPDX-License-Identifier: GPL-2.0
/* The program: one table of subcommands. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build-matrix/build-matrix.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/opts.h"
#include "lib/run.h"
#include "reports/reports.h"

static const struct cmd commands[] = {
	{ "kernels", "", "the known kernel lines, what the store holds, what is newer upstream",
	  "A source that can't be asked has a question mark, and the exit status is 1 then.\n", cmd_kernels, 0, 0, opts_kernels },
	{ "fetch", "KERNEL", "bring a tree into the store",
	  NULL, cmd_fetch, 1, 1, opts_fetch },
	{ "derive", "[KERNEL]", "re-derive the branch, one commit a rule",
	  NULL, cmd_derive, 0, 1, opts_derive },
	{ "export", "KERNEL", "write the derived branch as a patch series for git am",
	  NULL, cmd_export, 1, 1, opts_export },
	{ "rebase", "OLD [NEW]", "carry the branch to a new kernel and report: hooks, plain tools, audit, differences",
	  "OLD and NEW are kernel lines. Derives on NEW, tries what 'git rebase', 'git am -3' and 'patch' make of the same branch, audits\n"
	  "NEW, and keeps a report for the pages ('shpte report'). The exit status is 1 when a rule needs a human.\n",
	  cmd_rebase, 1, 2, opts_rebase },
	{ "audit", "[KERNEL]", "list the functions that write or read page-table entries and that nobody has read",
	  "Each function that writes, clears, moves, keeps or reads page-table entries is held against cocci/audit/reviewed.conf;\n"
	  "new and changed ones are printed, and the exit status is 1 then.\n",
	  cmd_audit, 0, 1, opts_audit },
	{ "build", "CELL", "build a cell's kernel",
	  "A cell is KERNEL/ARCH/VARIANT, variant base or shpte: 6.12/i386-pae/shpte.\n",
	  cmd_build, 1, 1, opts_build },
	{ "boot", "CELL", "boot a cell's kernel; the exit status is the verdict",
	  "A cell is KERNEL/ARCH/VARIANT, variant base or shpte: 6.12/i386-pae/shpte.\n",
	  cmd_boot, 1, 1, opts_boot },
	{ "matrix", "[CELL-PATTERN]", "build, boot and test every matching cell; record the results",
	  NULL, cmd_matrix, 0, 1, opts_matrix },
	{ "mutate", "CELL [HOOK...]", "leave each hook out in turn, and see which guest test notices",
	  "Builds and boots the derived kernel of CELL (KERNEL/ARCH, as 6.12/i386-pae) without one HOOK, for each of them.\n"
	  "A hook that nothing notices lacks a guest test or is not needed; the exit status is 1 then.\n",
	  cmd_mutate, 1, -1, opts_mutate },
	{ "suite", "CELL SUITE", "run what others wrote in a cell: on the base, on the derived kernel, side by side",
	  "CELL is KERNEL/ARCH for both, or KERNEL/ARCH/VARIANT for one. A SUITE is a folder of build-matrix/suites.\n",
	  cmd_suite, 2, 2, opts_suite },
	{ "sparse", "KERNEL/ARCH", "what sparse says of the derived kernel and not of the base",
	  "Runs sparse on each C file that the branch adds or changes, in both kernels. A warning that the base does not give\n"
	  "is printed, and the exit status is 1 then.\n",
	  cmd_sparse, 1, 1, opts_sparse },
	{ "watch", "[LINE...]", "deal with each line that has a newer version: fetch, rebase, build, boot, report, mail",
	  "For cron or a timer, see reports/units. Says nothing when nothing is new; of two at once the second waits, and finds nothing to do.\n",
	  cmd_watch, 0, -1, opts_watch },
	{ "report", "", "write the site from the results",
	  NULL, cmd_report, 0, 0, opts_report },
	{ 0 }
};

static void help(void)
{
	printf("usage: shpte SUBCOMMAND [OPTION...] [ARGUMENT...]\n\n"
	       "Carries shared page tables from kernel to kernel: derives, builds, boots, judges, reports.\n\n");
	for (const struct cmd *c = commands; c->name; c++)
		printf("  %-8s %-15s %s\n", c->name, c->args, c->help);
	printf("\n'shpte SUBCOMMAND --help' says more; so does shpte(1).\n");
}

static const struct cmd *find(const char *name)
{
	for (const struct cmd *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* Room functions give 0, a negative value after a message, -2 for wrong usage, see log.h; a positive value is an exit status. */
static int exit_status(int ret)
{
	return ret >= 0 ? ret : ret == -2 ? 2 : 1;
}

/* Where one is closed, a file that we open would become stdout.  One of reading only says that it can't be written. */
static void open_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0)
			exit(1);
}

static int run(int argc, char **argv)
{
	_strv_ args = {0};
	const struct cmd *c;
	int ret;

	if (argc < 2) {
		help();
		return 2;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		help();
		return 0;
	}
	c = find(argv[1]);
	if (!c)
		return exit_status(usage("unknown subcommand '%s'; see 'shpte --help'", argv[1]));
	ret = opts_parse(c, argc - 1, argv + 1, &args);
	if (ret)
		return ret > 0 ? 0 : exit_status(ret);
	if (cache_check() || data_check())
		return 1;
	ret = c->fn(&args);
	if (ret == -EINTR)
		err("stopped; the next 'shpte %s' goes on from here", c->name);
	return exit_status(ret);
}

int main(int argc, char **argv)
{
	int status;

	open_standard();
	run_init();
	matrix_report = report_write;
	status = run(argc, argv);
	return say_end() && !status ? 1 : status;
}
