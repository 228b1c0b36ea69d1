// SPDX-License-Identifier: GPL-2.0
/* shpte rebase OLD NEW: does the branch survive the new kernel, and what must a human read? */
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/opts.h"
#include "port.h"

static const char *mail, *source, *machines;
static bool as_json;

const struct opt opts_rebase[] = {
	{ "mail", "FILE", "write the whole report there as plain text", OPT_STR, &mail },
	{ "json", NULL, "print the whole report as JSON", OPT_FLAG, &as_json },
	{ "source", "dir:PATH", "rebase onto this tree instead of NEW, which the store need not know", OPT_STR, &source },
	{ "matrix", "PATTERN", "build, boot and test the new kernel, too, on the machines that match: 'i386-*'", OPT_STR, &machines },
	OPT_KERNELS,
	{ 0 }
};

static int fetch(const char *name, const char *from, char **version)
{
	struct line line = {0};
	int ret = from ? line_of_source(&line, from) : line_load(&line, name);

	if (!ret)
		ret = kernel_fetch(&line, from != NULL, version);
	line_free(&line);
	return ret;
}

/* What a page is made of: the last report of each pair of versions. */
static int keep(const json_t *port)
{
	_free_ path = cache_path("rebases/%s..%s.json", json_string_value(json_object_get(port, "old")),
				 json_string_value(json_object_get(port, "new")));
	char *text = json_dumps(port, JSON_INDENT(1));
	int ret = file_write(path, text, strlen(text));

	if (ret)
		ret = err("cannot write %s: %s", path, strerror(-ret));
	if (!ret && as_json) {
		say_text(text);
		say_text("\n");
	}
	free(text);
	return ret;
}

/* The part before what changed around the hooks is for the terminal. */
static int tell(const json_t *port)
{
	_str_ text = {0};
	char *end;
	int ret;

	port_text(port, &text);
	ret = mail ? file_put(mail, text.s, text.len) : 0;
	if (ret)
		return err("cannot write %s: %s", mail, strerror(-ret));
	end = strstr(text.s, "\nWhat changed around the hooks:\n");
	if (end)
		*end = '\0';
	if (as_json)
		return 0;
	say_text(text.s);
	return 0;
}

static bool is_ported(const json_t *port)
{
	return !strcmp(json_string_value(json_object_get(port, "verdict")), "ported");
}

/* What comes of the new kernel on its machines.  As port_cells(). */
static int try_machines(json_t *port, const char *kernel)
{
	int ret = port_cells(port, kernel, machines);

	return ret ? ret : port_sparse(port);
}

int cmd_rebase(struct strv *args)
{
	_free_ old = NULL, *new = NULL;
	json_t *port = NULL;
	int ret;

	if (args->n + !!source != 2)
		return usage("rebase needs OLD and NEW, or OLD and --source dir:PATH; see 'shpte rebase --help'");
	ret = fetch(args->v[0], NULL, &old);
	if (!ret)
		ret = fetch(args->n > 1 ? args->v[1] : NULL, source, &new);
	if (!ret)
		ret = port_make(old, new, &port);
	if (!ret && machines && is_ported(port))
		ret = try_machines(port, source ? new : args->v[1]);
	if (!ret)
		ret = keep(port);
	if (!ret)
		ret = tell(port);
	if (!ret && (!is_ported(port) || json_is_false(json_object_get(port, "cells_good")) ||
		     json_is_false(json_object_get(port, "sparse_clean"))))
		ret = 1;
	json_decref(port);
	return ret;
}
