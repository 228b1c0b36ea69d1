// SPDX-License-Identifier: GPL-2.0
/* shpte build CELL */
#include <errno.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "build.h"
#include "tree.h"

const struct opt opts_build[] = { OPT_KERNELS, { 0 } };

static int build(struct cell *c)
{
	_cleanup_(build_free) struct build b = { .cell = c };
	_fd_ lock = -1;
	int ret;

	if (cell_prepare(c, NULL, NULL))
		return -1;
	lock = tree_lock(c);
	ret = lock < 0 ? lock : build_run(&b);
	if (ret)
		return ret;
	if (b.verdict == V_STOPPED)
		return -EINTR;
	if (b.verdict != V_PASS)
		return err("%s: %s: %s; see %s", c->name, verdict_name(b.verdict), str_get(&b.detail), b.log);
	say("%s", b.image);
	return 0;
}

int cmd_build(struct strv *args)
{
	_cleanup_(cell_free) struct cell c = {0};
	int ret = cell_load(&c, args->v[0]);

	return ret ? ret : build(&c);
}
