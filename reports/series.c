// SPDX-License-Identifier: GPL-2.0
/* Which series is that of a version. */
#include <string.h>

#include "series.h"

/* A series that was derived to its end, then one that guest tests were put to, before all others. */
static int rank(const struct result *r)
{
	return !!*r->commit * 2 + !*r->suite;
}

static bool is_newer(const struct result *r, const struct result *than)
{
	return rank(r) > rank(than) || (rank(r) == rank(than) && strcmp(r->stamp, than->stamp) > 0);
}

const struct result *series_newest(const struct results *l, const char *version)
{
	const struct result *newest = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct result *r = &l->v[i];

		if (json_array_size(result_list(r, "rules")) && !strcmp(r->version, version) && (!newest || is_newer(r, newest)))
			newest = r;
	}
	return newest;
}

static bool has(const struct result *r, const char *commit)
{
	const json_t *rule;
	size_t i;

	json_array_foreach(result_list(r, "rules"), i, rule)
		if (!strcmp(json_text(rule, "commit"), commit))
			return true;
	return false;
}

bool series_has(const struct results *l, const char *commit)
{
	for (size_t i = 0; is_commit(commit) && i < l->n; i++)
		if (has(&l->v[i], commit) && series_newest(l, l->v[i].version) == &l->v[i])
			return true;
	return false;
}

const char *series_stale(const struct results *l, const struct result *r)
{
	const struct result *now = json_array_size(result_list(r, "rules")) ? series_newest(l, r->version) : NULL;

	if (!now || !is_commit(r->commit) || !is_commit(now->commit) || !strcmp(r->commit, now->commit))
		return NULL;
	return strcmp(r->stamp, now->stamp) < 0 ? "of an older series" : "of another series";
}
