// SPDX-License-Identifier: GPL-2.0
/* Objects that a build which was killed left half-written. */
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "sweep.h"

static size_t swept;

static char *marker(const char *out)
{
	return xasprintf("%s/.shpte-making", out);
}

static bool is_older(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec < b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* Kbuild writes .NAME.cmd when NAME is done: one that is older belongs to the object that stood there before. */
static int look(const char *path, const struct stat *cmd, int type, struct FTW *f)
{
	const char *name = path + f->base;
	_free_ target = NULL;
	struct stat st;

	if (type != FTW_F || name[0] != '.' || !ends_with(name, ".cmd"))
		return 0;
	target = xasprintf("%.*s%.*s", f->base, path, (int)(strlen(name) - strlen("..cmd")), name + 1);
	if (stat(target, &st) || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_size && cmd->st_size && !is_older(cmd, &st))
		return 0;
	unlink(target);
	unlink(path);
	swept++;
	return 0;
}

void sweep_begin(const char *out)
{
	_free_ path = marker(out);

	if (file_exists(path)) {
		swept = 0;
		nftw(out, look, 32, FTW_PHYS);
		if (swept)
			note("%s: the last build was killed; %zu files that may be half-written are made again", out, swept);
	}
	file_write(path, "", 0);
}

void sweep_end(const char *out)
{
	_free_ path = marker(out);

	unlink(path);
}
