// SPDX-License-Identifier: GPL-2.0
/* The one sentence that the site opens with. */
#include <math.h>
#include <string.h>

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

static void add_failure(struct str *b, const struct result *r)
{
	add_clean(b, r->verdict);
	if (!*r->detail)
		return;
	str_add(b, " (");
	add_clean(b, r->detail);
	str_add(b, ")");
}

/* One of a pair that has no verdict on the whole. */
static void add_half(struct str *b, const char *who, const struct result *r)
{
	if (!r) {
		str_addf(b, "%s was not run", who);
	} else if (r->grade == GOOD) {
		str_addf(b, "%s passes", who);
	} else {
		str_addf(b, "%s %s: ", who, r->grade == BAD ? "fails" : "has no verdict");
		add_failure(b, r);
	}
}

void pair_clause(struct str *b, const struct pair *p)
{
	switch (p->state) {
	case ALIVE:
		str_add(b, "both kernels pass");
		add_figures(b, p, "instead of");
		break;
	case NOT_SHARING:
		str_add(b, "both kernels pass, but nothing is shared");
		add_figures(b, p, "against");
		break;
	case REFUSED:
		str_add(b, "both kernels pass, and tables are not shared on this machine");
		break;
	case BROKEN:
		str_add(b, "the derived kernel fails: ");
		add_failure(b, p->ours);
		str_add(b, p->base->grade == GOOD ? ", the unpatched kernel passes" : ", the unpatched kernel fails otherwise: ");
		if (p->base->grade != GOOD)
			add_clean(b, p->base->verdict);
		break;
	case NO_REGRESSION:
		str_add(b, p->base->grade == GOOD ? "the derived kernel fails nothing twice: " :
			"the derived kernel fails nothing that the unpatched kernel does not: ");
		add_failure(b, p->ours);
		break;
	case BASE_FAILS:
		str_add(b, "the derived kernel passes, the unpatched kernel fails: ");
		add_failure(b, p->base);
		break;
	case HALF:
		if (p->ours && p->base && !strcmp(p->ours->verdict, p->base->verdict)) {
			str_add(b, "neither kernel has a verdict: ");
			add_failure(b, p->ours);
			break;
		}
		add_half(b, "the derived kernel", p->ours);
		str_add(b, ", ");
		add_half(b, "the unpatched kernel", p->base);
		break;
	}
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
	switch (p->state) {
	case ALIVE:
		str_addf(b, "Shared page tables are alive on %s: ", name.s);
		break;
	case BROKEN: case NOT_SHARING:
		str_addf(b, "Shared page tables are broken on %s: ", name.s);
		break;
	case REFUSED:
		str_addf(b, "Shared page tables are refused on %s: ", name.s);
		break;
	default:
		str_addf(b, "Shared page tables are not proven on %s: ", name.s);
	}
	pair_clause(b, p);
}

void verdict_sentence(struct str *b, const struct pairs *p, const struct pairs *suites)
{
	size_t alive = 0, broken = 0, refused = 0, stale = 0, n;

	if (p->n == 1) {
		single(b, &p->v[0], suites);
		return;
	}
	if (!p->n) {
		str_add(b, "No kernel was put to the guest tests yet");
		add_suites(b, ", but there is", suites);
		return;
	}
	for (size_t i = 0; i < p->n; i++) {
		alive += p->v[i].state == ALIVE;
		broken += state_grade(p->v[i].state) == BAD;
		refused += p->v[i].state == REFUSED;
		stale += !!p->v[i].stale;
	}
	/* Where they can't be shared they can't be alive. */
	n = p->n - refused;
	str_add(b, "Shared page tables are alive on ");
	if (alive == n && n > 1)
		str_addf(b, "all %zu kernels and architectures", n);
	else
		str_addf(b, "%zu of %zu kernels and architectures", alive, n);
	if (broken)
		str_addf(b, ", broken on %zu", broken);
	if (alive + broken < n)
		str_addf(b, ", not proven on %zu", n - alive - broken);
	add_suites(b, ", with", suites);
	if (refused)
		str_addf(b, "; refused, as it must be, on %zu", refused);
	if (stale)
		str_addf(b, "; %zu %s of an older series", stale, stale == 1 ? "is" : "are");
}

enum grade verdict_grade(const struct pairs *p, const struct pairs *suites)
{
	enum grade g = p->n ? GOOD : NONE;

	for (size_t i = 0; i < suites->n; i++)
		if (state_grade(suites->v[i].state) == BAD)
			return BAD;
	for (size_t i = 0; i < p->n && g != BAD; i++) {
		enum grade s = state_grade(p->v[i].state);

		if (s != GOOD)
			g = s;
	}
	return g;
}
