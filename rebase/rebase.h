/* SPDX-License-Identifier: GPL-2.0 */
/* Room 3: tree in, branch and facts out. */
#ifndef REBASE_H
#define REBASE_H

#include "../kernels/kernels.h"

/* What one rule did. */
struct rule_fact {
	char *name;			/* "hooks/fault" */
	char *subject;			/* of its commit: "mm/memory: ..." */
	char *commit;			/* its commit's id, hex; NULL: nothing to do on this tree */
	char *skipped;			/* why this tree does not need it, NULL: it was applied */
	char *failed;			/* what a human has to look at, NULL: nothing */
	bool unparsed;			/* and that is C code that spatch cannot read */
	int places, wanted;		/* places it matched, places it must match */
	struct strv where;		/* "mm/memory.c:5840 __handle_mm_fault" */
	double seconds;
};

/* Of one that failed: "needs a human", or "parse failure". */
const char *failure_name(const struct rule_fact *f);

struct derivation {
	char *version;			/* "6.12.117-1~deb12u1" */
	char *without;			/* the hook that was left out, NULL: none */
	char *branch;			/* "shpte/6.12.117-1~deb12u1", "shpte-mutant/6.12.117-1~deb12u1/zap" */
	char *base, *tip;		/* commits, hex */
	struct rule_fact *rules;
	size_t n, room;			/* room for so many */
	bool fresh;			/* false: the branch was up to date already */
	double seconds;
};

/*
 * Re-derives shpte/<version> from base/<version> in the store: one commit a rule.  When the branch was derived from the same
 * base by the same rules, nothing is run and the facts of then are given.  Never leaves a half-made branch: the ref moves last.
 * 0; NEEDS_HUMAN after messages that name rule, file and function: then d->rules has the facts of all rules, and those that need
 * a human say why; -1 after another one, when no more is to be known of the branch.
 */
#define NEEDS_HUMAN 1
int derive(const char *version, struct derivation *d);
/*
 * The same with one hook of the series left out, or one flaw put in, onto a branch of its own, shpte-mutant/<version>/<hook>: what the guest
 * tests must notice.  The shipped branch stays as it is.  `hook` as hooks_find() gives it.
 */
int derive_without(const char *version, const char *hook, struct derivation *d);
/* How many commits the branch has: rules that the tree does not need have none, and churn is in the payload's. */
size_t derivation_commits(const struct derivation *d);
void derivation_free(struct derivation *d);

/* What the guest tests must notice: the lack of a hook of cocci/hooks/series, and each flaw of cocci/flaws/series, in order. */
struct hook {
	char *name;			/* "zap" */
	bool flaw;			/* it is put into the payload; false: a hook, which is left out */
	struct strv killed_by;		/* guest tests that notice when it is missing, as its header says; may be none */
	char *config;			/* the option that a kernel must have for the hook to be in it, without CONFIG_; NULL */
};

struct hooks {
	struct hook *v;
	size_t n;
};

/* 0, then hooks_free(), or -1 after a message. */
int hooks_load(struct hooks *h);
void hooks_free(struct hooks *h);
/* The hook `name` ("zap", or "hooks/zap" as derive prints it); NULL after a usage message that names all there are. */
const struct hook *hooks_find(const struct hooks *h, const char *name);

int cmd_derive(struct strv *args);
int cmd_export(struct strv *args);
int cmd_audit(struct strv *args);
int cmd_rebase(struct strv *args);
extern const struct opt opts_derive[], opts_export[], opts_audit[], opts_rebase[];

#endif
