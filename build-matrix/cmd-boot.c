// SPDX-License-Identifier: GPL-2.0
/* shpte boot CELL */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "boot.h"
#include "build.h"
#include "initramfs.h"
#include "machine.h"
#include "tree.h"

static const char *init, *append;
#define NOT_GIVEN -1
static long timeout = NOT_GIVEN;

const struct opt opts_boot[] = {
	{ "init", "FILE", "a static program that runs as init; without it, the guest tests", OPT_STR, &init },
	OPTS_MACHINE,
	{ "append", "STRING", "more for the kernel's command line", OPT_STR, &append },
	{ "timeout", "SECONDS", "the longest it may take", OPT_NUM, &timeout },
	OPT_KERNELS,
	{ 0 }
};

static int check_options(void)
{
	struct stat st;

	if (init && (stat(init, &st) || !S_ISREG(st.st_mode)))
		return usage("--init %s: no such file; it is a program linked with -static", init);
	if (timeout != NOT_GIVEN && timeout < 1)
		return usage("--timeout: at least 1 second");
	return machine_check();
}

/* Builds when needed and gives the image, which the next build can't change any more; -1 after a message, -EINTR when stopped. */
static int get_image(struct cell *c)
{
	_cleanup_(build_free) struct build b = { .cell = c };
	_fd_ lock = tree_lock(c);
	int ret = lock < 0 ? lock : build_image(&b);

	return ret ? ret : file_snapshot(b.image);
}

static int boot(struct cell *c)
{
	_cleanup_(boot_free) struct boot b = {
		.cell = c, .init = init, .timeout = timeout == NOT_GIVEN ? 0 : timeout, .append = append,
		.console = STDOUT_FILENO,
	};
	int kernel;

	if (cell_prepare(c, NULL, NULL))
		return -1;
	kernel = get_image(c);
	if (kernel < 0)
		return kernel;
	if (boot_run(&b, kernel))
		return -1;
	/* Before the guest began. */
	if (b.verdict == V_STOPPED && !b.detail.len)
		return -EINTR;
	/* The last line on stderr, also with --quiet: the exit status in words. */
	err("%s: %s: %s", c->name, verdict_name(b.verdict), str_get(&b.detail));
	return b.verdict == V_PASS ? 0 : -1;
}

int cmd_boot(struct strv *args)
{
	_cleanup_(cell_free) struct cell c = {0};
	_free_ name = machine_cell(args->v[0]);
	int ret = check_options();

	if (!ret)
		ret = cell_load(&c, name);
	return ret ? ret : boot(&c);
}
