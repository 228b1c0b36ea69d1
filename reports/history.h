/* SPDX-License-Identifier: GPL-2.0 */
/* What became of the cells of an architecture over time: when one turned red, and by what. */
#ifndef REPORTS_HISTORY_H
#define REPORTS_HISTORY_H

#include "result.h"

/* A cell's verdict that is not of the kind of the one before. */
struct turn {
	const struct result *before;	/* NULL: its first */
	const struct result *after;
	char *cause;			/* what is not as it was: "new kernel 6.12.117", "rule hooks/zap", ... */
	const char *commit;		/* of that rule, "" */
};

struct turns {
	struct turn *v;
	size_t n;
};

/* Of all results of an architecture, as db_runs() gives them, which must outlive it; the newest first. */
void turns_find(struct turns *t, const struct results *runs);
void turns_free(struct turns *t);

#endif
