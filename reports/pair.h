/* SPDX-License-Identifier: GPL-2.0 */
/* A derived kernel and its twin, the unpatched base: what the two results say together. */
#ifndef REPORTS_PAIR_H
#define REPORTS_PAIR_H

#include "result.h"

enum state {
	ALIVE,			/* both pass, and the figures, where there are some, say that tables are shared */
	NOT_SHARING,		/* both pass, but page tables take as much as without us */
	REFUSED,		/* both pass, where tables can't be shared: the kernel must come without us */
	BROKEN,			/* base passes, ours does not */
	NO_REGRESSION,		/* ours fails, but in nothing that the base does not fail in too, or nothing twice */
	BASE_FAILS,		/* ours passes, base does not: nothing to hold it against */
	ALONE,			/* ours fails, and there is no base to say whether that is news */
	MISSED,			/* both pass, but ours did not come to all that the base passes */
	HALF,			/* one of the two is missing or was not run to its end */
};

/* The figures of N processes that map the same region: "sharers.<size>.<N>.<metric>". */
struct sharers {
	char size[16];			/* "256M" */
	int n[32];			/* rising */
	size_t count;
};

/* Is this such a figure? */
bool sharers_key(const char *key, char size[16], int *n, const char *metric);

struct pair {
	const char *kernel, *arch;
	const char *suite;		/* what was run in them; "": the guest tests */
	char *title;			/* the architecture's: "i386 with PAE" */
	bool supported;			/* page tables can be shared on it */
	const struct result *base, *ours; /* inside the results, NULL: none */
	const char *stale;		/* of ours, see series.h; NULL: its series is that of its version */
	enum state state;
	size_t missed;			/* tests of a suite that the base passes and ours has skipped, for want of time or so */
	struct sharers sharers;		/* of the size with the most points; count 0: none */
};

struct pairs {
	struct pair *v;
	size_t n;
};

/* Of the guest tests' results, or of those of suites.  The results must outlive the pairs. */
void pairs_make(struct pairs *out, const struct results *from, bool suites);
void pairs_free(struct pairs *p);

/* Adds each kernel and each architecture once, in the order of the pairs; either list may be NULL. */
void pairs_names(const struct pairs *p, struct strv *kernels, struct strv *archs);

/* The one of this kernel and architecture, of suites the first; NULL: there is none. */
const struct pair *pairs_find(const struct pairs *p, const char *kernel, const char *arch);

/* What to say when the two were not built from the same source, or ran on different emulators; NULL: nothing. Caller frees. */
char *pair_mismatch(const struct pair *p);
/*
 * What a failure of the derived kernel is, beside its twin: "regression", "fails on the base too", ...; NULL: it does not
 * fail, or fails on no kernel of ours.
 */
const char *pair_word(const struct pair *p);
/* The same of one of its tests; regressions: what result_regressions() has of the pair. */
const char *pair_test_word(const struct pair *p, const struct strv *regressions, const char *test);
/* Is it a word for a failure that is none of ours?  Word may be NULL. */
bool word_excuses(const char *word);
/* How a result is to be shown: a failure that the base has too is none of ours. */
enum grade pair_grade(const struct pair *p, const struct result *r);
/* Sets what is shown of a derived kernel's result to that, for a twin that is in no list: its result.json, NULL: none. */
void pair_weigh(struct result *ours, const char *twin);
/* One figure of one of the two. */
double pair_figure(const struct pair *p, const struct result *r, int n, const char *metric);
/* "sharers.256M.50.pagetables_kb" of the most processes; NULL when there is none. Caller frees. */
char *pair_key_figure(const struct pair *p);
/* "6.12 i386 with PAE", caller frees */
char *pair_name(const struct pair *p);
enum grade state_grade(enum state s);

/* What became of the pairs, each in one place: `all` is the sum of what follows. */
struct census {
	size_t all;
	size_t alive, broken, alone, unproven;
	size_t refused, worse;		/* where tables can't be shared: as without us, and with failures that the base has not */
	size_t green, red, stale;	/* of all of them */
};

/* Of one kernel, NULL: of all.  One of which only the base was run says nothing of us, and is left out. */
struct census pairs_count(const struct pairs *p, const char *kernel);

/* The one sentence for a maintainer, no full stop. */
void verdict_sentence(struct str *b, const struct pairs *p, const struct pairs *suites);
/* GOOD: all that were run are alive; BAD: any is bad, or a suite; NONE: neither.  Kernel as above. */
enum grade verdict_grade(const struct pairs *p, const struct pairs *suites, const char *kernel);
/* What is to be said of one pair, as a clause: "both kernels pass, page tables of ...". */
void pair_clause(struct str *b, const struct pair *p);

#endif
