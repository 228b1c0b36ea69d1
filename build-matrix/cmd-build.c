// SPDX-License-Identifier: GPL-2.0
/* shpte build CELL */
#include <errno.h>
#include <unistd.h>

#include "../lib/log.h"
#include "build.h"
#include "tree.h"

const struct opt opts_build[] = { OPT_KERNELS, { 0 } };

static int build(struct cell *c)
{
	_cleanup_(build_free) struct build b = { .cell = c };
	int lock, ret;

	if (cell_prepare(c, NULL, NULL))
		return -1;
	lock = tree_lock(c);
	if (lock < 0)
		return -1;
	ret = build_run(&b);
	close(lock);
	if (ret)
		return ret;
	if (b.verdict == V_PASS)
		say("%s", b.image);
	else if (b.verdict == V_STOPPED)
		err("%s: stopped; the next 'shpte build' goes on", c->name);
	else
		err("%s: %s: %s; see %s", c->name, verdict_name(b.verdict), str_get(&b.detail), b.log);
	return b.verdict == V_PASS ? 0 : -1;
}

int cmd_build(struct strv *args)
{
	_cleanup_(cell_free) struct cell c = {0};
	int ret = cell_load(&c, args->v[0]);

	return ret ? ret : build(&c);
}
