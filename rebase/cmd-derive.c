// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "../lib/opts.h"
#include "rebase.h"

static const char *source;

const struct opt opts_derive[] = {
	{ "source", "dir:PATH", "derive on this tree instead, which the store need not know", OPT_STR, &source },
	OPT_KERNELS,
	{ 0 }
};

/* A line a rule: places matched of places wanted, time, where. */
static void print_rules(const struct derivation *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct rule_fact *f = &d->rules[i];
		_str_ where = {0};

		for (size_t w = 0; w < f->where.n; w++)
			str_addf(&where, "%s%s", w ? ", " : "", f->where.v[w]);
		say("%-18s %d of %d  %5.2f s  %s", f->name, f->places, f->wanted, f->seconds, str_get(&where));
	}
	say("%s: %zu commits on base %.12s in %.1f s, %s", d->branch, d->n, d->base, d->seconds,
	    d->fresh ? "derived now" : "up to date");
}

int cmd_derive(struct strv *args)
{
	struct line line = {0};
	struct derivation d = {0};
	char *version = NULL;
	int ret;

	if (!source == !args->n)
		return usage("derive needs a KERNEL or --source dir:PATH, and not both; see 'shpte derive --help'");
	ret = source ? line_of_source(&line, source) : line_load(&line, args->v[0]);
	if (!ret)
		ret = kernel_fetch(&line, source != NULL, &version);
	if (!ret)
		ret = derive(version, &d);
	if (!ret)
		print_rules(&d);
	derivation_free(&d);
	free(version);
	line_free(&line);
	return ret;
}
