// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "spatch.h"

bool unparsable(const char *path, int *line)
{
	_free_ macros = data_path("cocci/macros.h");
	_run_ run = {0};
	_str_ out = {0};
	const char *at;

	run_args(&run, "spatch", "--macro-file", macros, "--parse-c", "--verbose-parsing", path, NULL);
	run.out = run.err = &out;
	run_wait(&run);
	at = strstr(str_get(&out), "parse error");
	if (at)
		at = strstr(at, ", line ");
	*line = at ? atoi(at + strlen(", line ")) : 0;
	return strstr(str_get(&out), "badcount:") != NULL || at;
}

/* What spatch complains of, in one line: the lines that follow say where in the rule.  The caller frees it. */
static char *complaint(const char *said)
{
	const char *why = strstr(said, "error");
	_str_ line = {0};

	while (why && why > said && why[-1] != '\n')
		why--;
	for (const char *at = why ? why : said; *at && line.len < 200; at += strspn(at, " \t\n")) {
		size_t word = strcspn(at, " \t\n");

		str_addf(&line, "%s%.*s", line.len ? " " : "", (int)word, at);
		at += word;
	}
	return xstrdup(str_get(&line));
}

int spatch(const struct rule *r, const char *tmp, const char *name, const char *before, char **after)
{
	_free_ in = xasprintf("%s/%s.c", tmp, name);
	_free_ out = xasprintf("%s/%s.out", tmp, name);
	_free_ macros = data_path("cocci/macros.h");
	_run_ run = {0};
	_str_ said = {0}, text = {0};
	int status = file_write(in, before, strlen(before));

	if (!status)
		status = file_write(out, "", 0);
	if (status)
		return err("cannot write to %s: %s", tmp, strerror(-status));
	run_args(&run, "spatch", "--very-quiet", "--no-includes", "--macro-file", macros, "--sp-file", r->path, in, "-o", out,
		 NULL);
	run.out = run.err = &said;
	status = run_wait(&run);
	/* some releases call it a failure when there is nothing to write */
	if (status == 255 && strstr(str_get(&said), "no modified files"))
		return 0;
	if (status) {
		_free_ line = complaint(str_get(&said));
		_free_ what = run_describe(&run, status);

		return err("rule %s: %s: %s", r->name, what, line);
	}
	if (!file_read(out, &text) && text.len && strcmp(text.s, before))
		*after = xstrdup(text.s);
	return 0;
}
