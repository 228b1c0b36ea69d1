// SPDX-License-Identifier: GPL-2.0
/* What came of the new kernel on its machines: `shpte matrix` is run, and says it in a line a cell. */
#include <errno.h>
#include <string.h>

#include "../kernels/kernels.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "port.h"

/* "6.12/i386-pae/shpte: pass: 345 of 345 guest tests passed"; NULL: another line. */
static json_t *read_line(const char *line)
{
	const char *verdict = strstr(line, ": "), *detail = verdict ? strstr(verdict + 2, ": ") : NULL;
	const char *slash = strchr(line, '/');

	if (!slash || !verdict || slash > verdict)
		return NULL;
	verdict += 2;
	return json_pack("{s:s%, s:s%, s:s}", "cell", line, (size_t)(verdict - 2 - line), "verdict", verdict,
			 detail ? (size_t)(detail - verdict) : strcspn(verdict, ","), "detail", detail ? detail + 2 : "");
}

static json_t *read_lines(const char *text)
{
	json_t *cells = json_array();
	_strv_ lines = {0};

	strv_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		json_t *cell = read_line(lines.v[i]);

		if (cell)
			json_array_append_new(cells, cell);
	}
	return cells;
}

int port_cells(json_t *port, const char *kernel, const char *machines)
{
	_free_ pattern = xasprintf("%s/%s", kernel, machines);
	_str_ text = {0};
	_run_ r = { .out = &text };
	int ret = kernels_ourselves(&r, "matrix");

	if (ret)
		return ret;
	run_args(&r, pattern, NULL);
	ret = run_ourselves_wait(&r);
	if (ret < 0)
		return ret;
	/* What is wrong with it, it has said. */
	if (ret > 1)
		return ret == 2 ? -2 : err("matrix %s: exit status %d", pattern, ret);
	json_object_set_new(port, "cells", read_lines(str_get(&text)));
	json_object_set_new(port, "cells_good", json_boolean(!ret));
	return 0;
}
