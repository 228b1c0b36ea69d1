// SPDX-License-Identifier: GPL-2.0
/* shpte build CELL */

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
	ret = lock < 0 ? lock : build_image(&b);
	if (!ret)
		say("%s", b.image);
	return ret;
}

int cmd_build(struct strv *args)
{
	_cleanup_(cell_free) struct cell c = {0};
	int ret = cell_load(&c, args->v[0]);

	return ret ? ret : build(&c);
}
