// SPDX-License-Identifier: GPL-2.0
/*
 * Coccinelle's spatch, on a text at a time.  What it makes of a text depends on the text, the rule, our macros and itself: it is asked
 * once, and the answer kept in the cache.  So a derivation after a change of one rule takes as long as that rule.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/hash.h"
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

/* Which spatch would be run: its path, size and time of change. */
static void add_itself(struct hash *h)
{
	_strv_ dirs = {0};

	strv_split(&dirs, getenv("PATH") ?: "", ":");
	for (size_t i = 0; i < dirs.n; i++) {
		_free_ path = xasprintf("%s/spatch", dirs.v[i]), *what = NULL;
		struct stat st;

		if (access(path, X_OK) || stat(path, &st))
			continue;
		what = xasprintf("%s %lld %lld.%09ld", path, (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
		hash_text(h, "spatch", what);
		return;
	}
}

char *spatch_kept(struct hash *question)
{
	_free_ macros = data_path("cocci/macros.h"), *key = NULL;

	add_itself(question);
	hash_file(question, macros);
	key = hash_end(question);
	return cache_path("spatch/%.2s/%s", key, key + 2);
}

void spatch_keep(const char *path, const char *answer)
{
	_free_ dir = folder_of(path);

	if (!mkdirs(dir))
		file_write(path, answer, strlen(answer));
}

static char *kept_of(const struct rule *r, const char *before)
{
	struct hash h = {0};

	hash_file(&h, r->path);
	hash_text(&h, "before", before);
	return spatch_kept(&h);
}

int spatch(const struct rule *r, const char *tmp, const char *name, const char *before, char **after)
{
	_free_ in = xasprintf("%s/%s.c", tmp, name);
	_free_ out = xasprintf("%s/%s.out", tmp, name);
	_free_ macros = data_path("cocci/macros.h");
	_free_ kept = kept_of(r, before);
	_run_ run = {0};
	_str_ said = {0}, text = {0}, known = {0};
	int status = file_write(in, before, strlen(before));

	if (!status && !file_read(kept, &known)) {
		*after = known.len ? xstrdup(known.s) : NULL;
		return 0;
	}
	if (!status)
		status = file_write(out, "", 0);
	if (status)
		return err("cannot write to %s: %s", tmp, strerror(-status));
	run_args(&run, "spatch", "--very-quiet", "--no-includes", "--macro-file", macros, "--sp-file", r->path, in, "-o", out,
		 NULL);
	run.out = run.err = &said;
	status = run_wait(&run);
	/* some releases call it a failure when there is nothing to write */
	if (status && !(status == 255 && strstr(str_get(&said), "no modified files"))) {
		_free_ line = complaint(str_get(&said));
		_free_ what = run_describe(&run, status);

		return err("rule %s: %s: %s", r->name, what, line);
	}
	if (!status && !file_read(out, &text) && text.len && strcmp(text.s, before))
		*after = xstrdup(text.s);
	/* that nothing matched is no text at all */
	spatch_keep(kept, *after ?: "");
	return 0;
}
