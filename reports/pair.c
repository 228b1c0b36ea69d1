// SPDX-License-Identifier: GPL-2.0
/* A derived kernel and its twin. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "pair.h"
#include "series.h"

/* Above this part of the base's page tables we don't call it sharing. */
#define SHARING_BELOW 0.9

struct key {
	char size[16], metric[32];
	int n;
};

static bool parse_key(const char *s, struct key *k)
{
	int end = 0;

	return sscanf(s, "sharers.%15[0-9KMG].%d.%31[a-z_]%n", k->size, &k->n, k->metric, &end) == 3 &&
	       !s[end] && k->n > 0;
}

bool sharers_key(const char *key, char size[16], int *n, const char *metric)
{
	struct key k;

	if (!parse_key(key, &k) || strcmp(k.metric, metric))
		return false;
	strcpy(size, k.size);
	*n = k.n;
	return true;
}

static void insert(struct sharers *s, int n)
{
	size_t i;

	for (i = 0; i < s->count && s->n[i] < n; i++)
		;
	if ((i < s->count && s->n[i] == n) || s->count == sizeof(s->n) / sizeof(*s->n))
		return;
	memmove(&s->n[i + 1], &s->n[i], (s->count - i) * sizeof(*s->n));
	s->n[i] = n;
	s->count++;
}

/* All N that one of the two results has for this size. */
static void collect(struct sharers *s, const struct pair *p, const char *size)
{
	const struct result *both[] = { p->base, p->ours };
	const char *name;
	struct key k;
	json_t *v;

	memset(s, 0, sizeof(*s));
	snprintf(s->size, sizeof(s->size), "%s", size);
	for (int i = 0; i < 2; i++)
		json_object_foreach(result_list(both[i], "figures"), name, v)
			if (parse_key(name, &k) && !strcmp(k.size, size))
				insert(s, k.n);
}

static void find_sharers(struct pair *p)
{
	const struct result *both[] = { p->base, p->ours };
	struct sharers s;
	const char *name;
	struct key k;
	json_t *v;

	for (int i = 0; i < 2; i++)
		json_object_foreach(result_list(both[i], "figures"), name, v)
			if (parse_key(name, &k) && strcmp(k.size, p->sharers.size)) {
				collect(&s, p, k.size);
				if (s.count > p->sharers.count)
					p->sharers = s;
			}
}

double pair_figure(const struct pair *p, const struct result *r, int n, const char *metric)
{
	_free_ key = xasprintf("sharers.%s.%d.%s", p->sharers.size, n, metric);

	return result_figure(r, key);
}

char *pair_key_figure(const struct pair *p)
{
	const struct sharers *s = &p->sharers;

	return s->count ? xasprintf("sharers.%s.%d.pagetables_kb", s->size, s->n[s->count - 1]) : NULL;
}

char *pair_name(const struct pair *p)
{
	return xasprintf("%s %s", p->kernel, p->title);
}

const struct pair *pairs_find(const struct pairs *p, const char *kernel, const char *arch)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].kernel, kernel) && !strcmp(p->v[i].arch, arch))
			return &p->v[i];
	return NULL;
}

static void add_difference(struct str *b, const char *verb, const char *base, const char *ours)
{
	if (strcmp(base, ours))
		str_addf(b, "%sthe base %s %s but the derived kernel %s %s", b->len ? ", and " : "", verb, base, verb, ours);
}

char *pair_mismatch(const struct pair *p)
{
	_str_ why = {0};

	if (!p->base || !p->ours)
		return NULL;
	add_difference(&why, "is", p->base->version, p->ours->version);
	/* User-mode Linux has no emulator, and a kernel that was not booted had none. */
	if (*result_str(p->base, "qemu") && *result_str(p->ours, "qemu"))
		add_difference(&why, "ran on", result_str(p->base, "qemu"), result_str(p->ours, "qemu"));
	return why.len ? xasprintf("%s: run 'shpte %s' for both", why.s, *p->suite ? "suite" : "matrix") : NULL;
}

static bool shares(const struct pair *p)
{
	_free_ key = pair_key_figure(p);
	double base = key ? result_figure(p->base, key) : NAN, ours = key ? result_figure(p->ours, key) : NAN;

	return isnan(base) || isnan(ours) || ours < base * SHARING_BELOW;
}

/* The guest tests know by themselves what a kernel can't have; a suite skips what it has no time for. */
static size_t count_missed(const struct pair *p)
{
	json_t *t;
	size_t i, n = 0;

	if (!*p->suite || !p->base)
		return 0;
	json_array_foreach(result_list(p->ours, "tests"), i, t) {
		const char *base = result_test(p->base, json_text(t, "name"));

		n += grade_test(json_text(t, "status")) == NONE && base && grade_test(base) == GOOD;
	}
	return n;
}

static enum state judge(const struct pair *p)
{
	if (!p->ours || p->ours->grade == NONE)
		return HALF;
	if (!p->base || p->base->grade == NONE)
		return p->ours->grade == BAD ? ALONE : HALF;
	if (p->base->grade == GOOD && p->ours->grade == GOOD)
		return p->missed ? MISSED : !p->supported ? REFUSED : shares(p) ? ALIVE : NOT_SHARING;
	if (p->ours->grade == GOOD)
		return BASE_FAILS;
	return result_worse(p->ours->json, p->base->json) ? BROKEN : NO_REGRESSION;
}

static struct pair *pair_of(struct pairs *l, const struct result *r)
{
	struct arch_facts facts;

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].kernel, r->kernel) && !strcmp(l->v[i].arch, r->arch) &&
		    !strcmp(l->v[i].suite, r->suite))
			return &l->v[i];
	arch_facts(&facts, r->arch);
	l->v = xrealloc(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n] = (struct pair){
		.kernel = r->kernel, .arch = r->arch, .suite = r->suite, .title = xstrdup(facts.title), .supported = facts.supported,
	};
	arch_facts_free(&facts);
	return &l->v[l->n++];
}

/* "base" of "base", and of "base+stress-ng" */
static bool is_variant(const struct result *r, const char *name)
{
	size_t len = strcspn(r->variant, "+");

	return strlen(name) == len && !memcmp(r->variant, name, len);
}

void pairs_make(struct pairs *out, const struct results *from, bool suites)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < from->n; i++) {
		const struct result *r = &from->v[i];

		if (suites != !!*r->suite)
			continue;
		if (is_variant(r, "base"))
			pair_of(out, r)->base = r;
		else if (is_variant(r, "shpte"))
			pair_of(out, r)->ours = r;
	}
	for (size_t i = 0; i < out->n; i++) {
		find_sharers(&out->v[i]);
		out->v[i].missed = count_missed(&out->v[i]);
		if (out->v[i].ours)
			out->v[i].stale = series_stale(from, out->v[i].ours);
		out->v[i].state = judge(&out->v[i]);
	}
}

void pairs_free(struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].title);
	free(p->v);
	memset(p, 0, sizeof(*p));
}

static void add_name(struct strv *names, const char *name)
{
	if (names && !strv_has(names, name))
		strv_add(names, name);
}

void pairs_names(const struct pairs *p, struct strv *kernels, struct strv *archs)
{
	for (size_t i = 0; i < p->n; i++) {
		add_name(kernels, p->v[i].kernel);
		add_name(archs, p->v[i].arch);
	}
}

const char *pair_word(const struct pair *p)
{
	if (!p->ours || p->ours->grade == NONE)
		return NULL;
	switch (p->state) {
	case NOT_SHARING:
		return "nothing is shared";
	case REFUSED:
		return "no sharing here";
	case MISSED:
		return "not all was come to";
	case BROKEN:
		return "regression";
	case NO_REGRESSION:
		return p->base->grade == GOOD ? "not when run again" : "fails on the base too";
	default:
		return p->ours->grade == GOOD ? NULL : "no base to compare with";
	}
}

const char *pair_test_word(const struct pair *p, const struct strv *regressions, const char *test)
{
	const char *ours = result_test(p->ours, test), *base = result_test(p->base, test);
	const json_t *again = json_object_get(result_list(p->ours, "again"), test);

	if (strv_has(regressions, test))
		return "regression";
	if (!ours || grade_test(ours) != BAD)
		return NULL;
	if (base && grade_test(base) == BAD)
		return "fails on the base too";
	if (!strcmp(json_text(again, "base"), "fail"))
		return "fails on the base too when run again";
	return *json_text(again, "shpte") ? "not when run again" : "no base to compare with";
}

bool word_excuses(const char *word)
{
	return word && (starts_with(word, "fails on the base too") || !strcmp(word, "not when run again"));
}

enum grade pair_grade(const struct pair *p, const struct result *r)
{
	if (r != p->ours || r->grade == NONE)
		return r->grade;
	return p->state == NOT_SHARING ? BAD : p->state == NO_REGRESSION || p->state == MISSED ? NONE : r->grade;
}

void pair_weigh(struct result *ours, const char *twin)
{
	struct result both[2] = { *ours };
	struct results l = { both, 2 };
	struct pairs p;
	_str_ why = {0};

	if (!twin || result_parse(&both[1], twin, strlen(twin), &why))
		return;
	pairs_make(&p, &l, !!*ours->suite);
	ours->shown = p.n == 1 ? pair_grade(&p.v[0], &both[0]) : ours->grade;
	pairs_free(&p);
	result_free(&both[1]);
}

enum grade state_grade(enum state s)
{
	return s == ALIVE || s == REFUSED ? GOOD : s == BROKEN || s == NOT_SHARING || s == ALONE ? BAD : NONE;
}
