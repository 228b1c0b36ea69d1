/* SPDX-License-Identifier: GPL-2.0 */
/* What lines of a kernel's console mean: failures.conf. */
#ifndef BUILD_MATRIX_PATTERNS_H
#define BUILD_MATRIX_PATTERNS_H

#include <regex.h>

#include "build-matrix.h"

enum meaning {
	M_VERDICT,			/* the pattern's verdict */
	M_IGNORE,			/* nothing, whatever later patterns say */
	M_CUT,				/* the next line says what the splat is about */
	M_USERSPACE,			/* the kernel hands over to init */
	M_END,				/* the guest ends as it was told to */
	M_INIT_ENDED,			/* init ended; the regex's group is the wait status */
};

struct pattern {
	char *name, *called;		/* what the verdict is called, NULL: as it is */
	regex_t regex;
	enum meaning meaning;
	enum verdict verdict;
	bool fatal;			/* nothing more is to come */
	bool part;			/* of a splat that another line began; on its own a splat as well */
	bool raw;			/* also on lines that are not the kernel's */
	double grace;			/* seconds for the lines that follow a fatal one */
};

struct patterns {
	struct pattern *v;
	size_t n;
};

/* 0 or -1 after a message that names file and pattern. */
int patterns_load(struct patterns *p, const char *path);
void patterns_free(struct patterns *p);
/*
 * The first pattern in the file's order that the line matches, NULL: none. `raw`: the line is not the kernel's.
 * *value is the number in the regex's first group, 0 without one.
 */
const struct pattern *patterns_match(const struct patterns *p, const char *line, bool raw, long *value);

#endif
