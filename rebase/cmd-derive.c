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

static void print_rules(const struct derivation *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct rule_fact *f = &d->rules[i];

		say("%-18s %d of %d  %.2f s", f->name, f->places, f->wanted, f->seconds);
		for (size_t w = 0; w < f->where.n; w++)
			say("    %s", f->where.v[w]);
	}
	say("%s: %zu commits on base %.12s, %s", d->branch, d->n, d->base,
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
