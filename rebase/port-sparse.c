// SPDX-License-Identifier: GPL-2.0
/* What sparse says of the new kernel on the machines that it was built for: `shpte sparse` is run, and says it in lines. */
#include <string.h>

#include "../kernels/kernels.h"
#include "../lib/json.h"
#include "../lib/run.h"
#include "port.h"

/* "7.3/i386-pae" of a derived kernel that was built, caller frees; NULL: it is the base's, or was not. */
static char *pair_of(const json_t *cell)
{
	static const char *const not_built[] = { "no compiler", "build failed", "config symbol lost", "derive failed", "fetch failed", "not run" };
	const char *name = json_text(cell, "cell");

	if (!ends_with(name, "/shpte"))
		return NULL;
	for (size_t i = 0; i < sizeof(not_built) / sizeof(not_built[0]); i++)
		if (!strcmp(json_text(cell, "verdict"), not_built[i]))
			return NULL;
	return xstrndup(name, strlen(name) - strlen("/shpte"));
}

/* The last line sums up; those before it are the warnings that the base has not. */
static json_t *read_said(const char *pair, const char *said, int status)
{
	json_t *news = json_array();
	_strv_ lines = {0};
	_free_ failed = xasprintf("%s: not checked, exit status %d", pair, status);

	strv_split(&lines, said, "\n");
	for (size_t i = 0; i + 1 < lines.n; i++)
		json_array_append_new(news, json_string(lines.v[i]));
	return json_pack("{ss so}", "summary", lines.n ? lines.v[lines.n - 1] : failed, "new", news);
}

/* 0; -EINTR stopped; -1 after a message. */
static int run_sparse(json_t *all, const char *pair)
{
	_str_ said = {0};
	_run_ r = { .out = &said };
	int ret = kernels_ourselves(&r, "sparse");

	if (ret)
		return ret;
	run_args(&r, pair, NULL);
	ret = run_ourselves_wait(&r);
	if (ret < 0)
		return ret;
	json_array_append_new(all, read_said(pair, str_get(&said), ret));
	return 0;
}

int port_sparse(json_t *port)
{
	json_t *all = json_array(), *cell;
	bool clean = true;
	int ret = 0;
	size_t i;

	json_array_foreach(json_object_get(port, "cells"), i, cell) {
		_free_ pair = ret ? NULL : pair_of(cell);

		if (pair)
			ret = run_sparse(all, pair);
	}
	json_array_foreach(all, i, cell)
		clean = clean && !json_array_size(json_object_get(cell, "new"));
	json_object_set_new(port, "sparse", all);
	json_object_set_new(port, "sparse_clean", json_boolean(clean));
	return ret;
}
