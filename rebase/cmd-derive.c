// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "../lib/opts.h"
#include "rebase.h"

static const char *source, *without;

const struct opt opts_derive[] = {
	{ "source", "dir:PATH", "derive on this tree instead, which the store need not know", OPT_STR, &source },
	{ "without", "HOOK", "leave this hook out, and derive onto shpte-mutant/VERSION/HOOK", OPT_STR, &without },
	OPT_KERNELS,
	{ 0 }
};

/* A line a rule: places matched of places wanted, time, where; what needs a human was said already, and is named among the others. */
static void print_rules(const struct derivation *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct rule_fact *f = &d->rules[i];
		_str_ where = {0};

		for (size_t w = 0; w < f->where.n; w++)
			str_addf(&where, "%s%s", w ? ", " : "", f->where.v[w]);
		if (!f->name)
			continue;
		if (f->failed)
			say("%-18s %s: %s", f->name, failure_name(f), f->failed);
		else if (f->skipped)
			say("%-18s not needed: %s", f->name, f->skipped);
		else
			say("%-18s %d of %d  %5.2f s  %s", f->name, f->places, f->wanted, f->seconds, str_get(&where));
	}
	if (d->tip)
		say("%s: %zu commits on base %.12s in %.1f s, %s", d->branch, derivation_commits(d), d->base, d->seconds,
		    d->fresh ? "derived now" : "up to date");
}

/* 0, or -2 after a message: there is no such hook. */
static int check_without(void)
{
	struct hooks h;
	const struct hook *hook;

	if (!without)
		return 0;
	if (hooks_load(&h))
		return -1;
	hook = hooks_find(&h, without);
	/* "hooks/zap" is the same hook. */
	if (hook)
		without += strlen(without) - strlen(hook->name);
	hooks_free(&h);
	return hook ? 0 : -2;
}

int cmd_derive(struct strv *args)
{
	struct line line = {0};
	struct derivation d = {0};
	char *version = NULL;
	int ret;

	if (!source == !args->n)
		return usage("derive needs a KERNEL or --source dir:PATH, and not both; see 'shpte derive --help'");
	ret = check_without();
	if (ret)
		return ret;
	ret = source ? line_of_source(&line, source) : line_load(&line, args->v[0]);
	if (!ret)
		ret = kernel_fetch(&line, source != NULL, &version);
	if (!ret)
		ret = without ? derive_without(version, without, &d) : derive(version, &d);
	if (!ret || ret == NEEDS_HUMAN)
		print_rules(&d);
	derivation_free(&d);
	free(version);
	line_free(&line);
	return ret;
}
