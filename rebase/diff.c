// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <unistd.h>

#include "../kernels/kernels.h"
#include "../lib/fs.h"
#include "../lib/run.h"
#include "diff.h"

char *diff_texts(const char *a, const char *b)
{
	_free_ dir = cache_path("tmp/diff-%d", getpid());
	_free_ x = xasprintf("%s/a", dir), *y = xasprintf("%s/b", dir);
	_str_ out = {0};
	_run_ r = { .out = &out };
	const char *body;

	if (mkdirs(dir) || file_write(x, a, strlen(a)) || file_write(y, b, strlen(b)))
		return xstrdup("");
	git_ours(&r);
	run_args(&r, "git", "diff", "--no-index", "--no-color", "-w", x, y, NULL);
	run_wait(&r);
	remove_tree(dir);
	body = strstr(str_get(&out), "\n@@");
	return xstrdup(body ? body + 1 : "");
}
