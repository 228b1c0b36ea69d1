// SPDX-License-Identifier: GPL-2.0
/* The one sentence that the site opens with. */
#include <math.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "format.h"
#include "pair.h"

/* "page tables of 50 × 256 MB sharers 1,900 kB instead of 26,956 kB" */
static void add_figures(struct str *b, const struct pair *p, const char *instead)
{
	_free_ key = pair_key_figure(p);
	double base = key ? result_figure(p->base, key) : NAN, ours = key ? result_figure(p->ours, key) : NAN;
	const struct sharers *s = &p->sharers;

	if (isnan(base) || isnan(ours))
		return;
	str_addf(b, ", page tables of %d × %s sharers %s kB %s %s kB", s->n[s->count - 1], fmt_size(s->size).s,
		 fmt_count(ours).s, instead, fmt_count(base).s);
}

/* The detail may be a line of the guest's console: nothing that moves a terminal's cursor gets through. */
static void add_clean(struct str *b, const char *s)
{
	for (; *s; s++)
		str_addn(b, (unsigned char)*s < 0x20 || *s == 0x7f ? " " : s, 1);
}

/* What only the derived kernel fails is what somebody looks for in a long list. */
static void add_failure(struct str *b, const struct pair *p, const struct result *r)
{
	_strv_ regressions = {0};
	_str_ brief = {0};

	if (r == p->ours && p->base)
		result_regressions(&regressions, r->json, p->base->json);
	result_brief(&brief, r, &regressions);
	add_clean(b, r->verdict);
	if (!*r->detail)
		return;
	str_add(b, " (");
	add_clean(b, str_get(&brief));
	str_add(b, ")");
}

/* One of a pair that has no verdict on the whole. */
static void add_half(struct str *b, const struct pair *p, const char *who, const struct result *r)
{
	if (!r) {
		str_addf(b, "%s was not run", who);
	} else if (r->grade == GOOD) {
		str_addf(b, "%s passes", who);
	} else {
		str_addf(b, "%s %s: ", who, r->grade == BAD ? "fails" : "has no verdict");
		add_failure(b, p, r);
	}
}

void pair_clause(struct str *b, const struct pair *p)
{
	/* First, for all that follows is said of the rest only. */
	if (p->missed)
		str_addf(b, "%zu test%s that the base passes %s not come to; ", p->missed, p->missed == 1 ? "" : "s",
			 p->missed == 1 ? "was" : "were");
	switch (p->state) {
	case ALIVE:
		str_add(b, "both kernels pass");
		add_figures(b, p, "instead of");
		break;
	case NOT_SHARING:
		str_add(b, "both kernels pass, but nothing is shared");
		add_figures(b, p, "against");
		break;
	case MISSED:
		str_add(b, "both kernels pass the others");
		break;
	case REFUSED:
		str_add(b, "tables are not shared on this machine, and the derived kernel passes as the unpatched one does");
		break;
	case BROKEN:
		str_add(b, "the derived kernel fails: ");
		add_failure(b, p, p->ours);
		str_add(b, p->base->grade == GOOD ? ", the unpatched kernel passes" : ", the unpatched kernel fails otherwise: ");
		if (p->base->grade != GOOD)
			add_clean(b, p->base->verdict);
		break;
	case NO_REGRESSION:
		str_add(b, p->base->grade == GOOD ? "the derived kernel fails nothing twice: " :
			"the derived kernel fails nothing that the unpatched kernel does not: ");
		add_failure(b, p, p->ours);
		break;
	case BASE_FAILS:
		str_add(b, "the derived kernel passes, the unpatched kernel fails: ");
		add_failure(b, p, p->base);
		break;
	case HALF: case ALONE:
		if (p->ours && p->base && !strcmp(p->ours->verdict, p->base->verdict)) {
			str_add(b, "neither kernel has a verdict: ");
			add_failure(b, p, p->ours);
			break;
		}
		add_half(b, p, "the derived kernel", p->ours);
		str_add(b, ", ");
		add_half(b, p, "the unpatched kernel", p->base);
		break;
	}
}

/* Where sharing is refused nothing of it can be alive or broken. */
static size_t *place(struct census *t, const struct pair *p)
{
	if (p->state == ALONE)
		return &t->alone;
	if (!p->supported && p->state == BROKEN)
		return &t->worse;
	if (!p->supported && (p->state == REFUSED || p->state == NO_REGRESSION))
		return &t->refused;
	return p->state == ALIVE ? &t->alive : state_grade(p->state) == BAD ? &t->broken : &t->unproven;
}

struct census pairs_count(const struct pairs *p, const char *kernel)
{
	struct census t = {0};

	for (size_t i = 0; i < p->n; i++) {
		if (!p->v[i].ours || (kernel && strcmp(p->v[i].kernel, kernel)))
			continue;
		t.all++;
		t.green += state_grade(p->v[i].state) == GOOD;
		t.red += state_grade(p->v[i].state) == BAD;
		t.stale += !!p->v[i].stale;
		++*place(&t, &p->v[i]);
	}
	return t;
}

/* ", with a regression in 2 of 18 suites (1 of an older series)", or nothing */
static void add_suites(struct str *b, const char *with, const struct pairs *suites)
{
	size_t bad = 0, stale = 0;

	for (size_t i = 0; i < suites->n; i++)
		if (state_grade(suites->v[i].state) == BAD) {
			bad++;
			stale += !!suites->v[i].stale;
		}
	if (!bad)
		return;
	str_addf(b, "%s a regression in %zu of %zu suite%s", with, bad, suites->n, suites->n == 1 ? "" : "s");
	if (stale)
		str_addf(b, " (%zu of an older series)", stale);
}

/* A single pair: the sentence names it and says all. */
static void single(struct str *b, const struct pair *p, const struct pairs *suites)
{
	_free_ pair = pair_name(p);
	_str_ name = {0};

	str_add(&name, pair);
	add_suites(&name, ", with", suites);
	if (p->state == ALONE)
		str_addf(b, "The derived kernel fails on %s, with no base to compare with: ", name.s);
	else
		str_addf(b, "Shared page tables are %s on %s: ", p->ours && !p->supported ? "refused" : p->state == ALIVE ? "alive" :
			 state_grade(p->state) == BAD ? "broken" : "not proven", name.s);
	pair_clause(b, p);
}

static void add_refused(struct str *b, const struct census *t)
{
	const char *before = " (";

	str_addf(b, "refused, as it must be, on %zu", t->refused + t->worse);
	if (t->refused) {
		str_addf(b, "%s%zu run%s as without it", before, t->refused, t->refused == 1 ? "s" : "");
		before = ", ";
	}
	if (t->worse)
		str_addf(b, "%s%zu fail%s what the base does not", before, t->worse, t->worse == 1 ? "s" : "");
	str_add(b, ")");
}

/* Of the n pairs where tables can be shared. */
static void add_shared(struct str *b, const struct census *t, size_t n)
{
	if (t->alive == n && n > 1)
		str_addf(b, "alive on all %zu pairs of kernel and architecture", n);
	else if (n)
		str_addf(b, "alive on %zu of %zu pairs of kernel and architecture", t->alive, n);
	if (t->broken)
		str_addf(b, ", broken on %zu", t->broken);
	if (t->alone)
		str_addf(b, ", failing on %zu with no base to compare with", t->alone);
	if (t->unproven)
		str_addf(b, ", not proven on %zu", t->unproven);
}

void verdict_sentence(struct str *b, const struct pairs *p, const struct pairs *suites)
{
	const struct census t = pairs_count(p, NULL);
	/* Where they can't be shared they can't be alive. */
	size_t n = t.all - t.refused - t.worse;

	if (p->n == 1) {
		single(b, &p->v[0], suites);
		return;
	}
	if (!t.all) {
		str_add(b, "No derived kernel was put to the guest tests yet");
		add_suites(b, ", but there is", suites);
		return;
	}
	str_add(b, "Shared page tables are ");
	add_shared(b, &t, n);
	str_add(b, n && t.all > n ? "; " : "");
	if (t.all > n)
		add_refused(b, &t);
	add_suites(b, ", with", suites);
	if (t.stale)
		str_addf(b, "; %zu %s of an older series", t.stale, t.stale == 1 ? "is" : "are");
}

enum grade verdict_grade(const struct pairs *p, const struct pairs *suites, const char *kernel)
{
	const struct census t = pairs_count(p, kernel);

	if (t.red || pairs_count(suites, kernel).red)
		return BAD;
	return t.all && t.green == t.all ? GOOD : NONE;
}
