/* SPDX-License-Identifier: GPL-2.0 */
/* What the guest tests say: KTAP, nested or not, parsed as it streams. */
#ifndef BUILD_MATRIX_KTAP_H
#define BUILD_MATRIX_KTAP_H

#include "../lib/str.h"

enum test_status { TEST_PASS, TEST_FAIL, TEST_SKIP };

/* A test without tests below it; nested ones are named "parent.child". */
struct test {
	char *name;
	char *detail;			/* what it said before or beside its result, may be "" */
	enum test_status status;
	int indent;
};

/* "# figure NAME VALUE" */
struct figure {
	char *name;
	double value;
};

/* "# point SERIES X Y": of a plot, in the order they come */
struct point {
	char *series;
	double x, y;
};

struct ktap {
	struct test *tests;
	size_t n;
	struct figure *figures;
	size_t n_figures;
	struct point *points;
	size_t n_points;
	bool end;			/* "# shpte-guest: end" was seen */
	char *current;			/* the test that runs, NULL: not known */
	char *screenshot;		/* "NAME ..." of "# screenshot NAME ...", for who takes it and sets it to NULL, see screenshot.h */
	long planned;			/* "1..N" of the outermost level, -1: none */
	long reported;			/* results of the outermost level */
	struct str said;		/* diagnostic lines since the last result */
	struct str log;			/* all of it */
};

void ktap_init(struct ktap *k);
void ktap_free(struct ktap *k);
/* One line; true when it was KTAP. */
bool ktap_line(struct ktap *k, const char *line);
/* After the last line: what stands nested without its parent's result is named after the test that ran. */
void ktap_finish(struct ktap *k);
/* One more test, that the guest did not report: what came of it as a whole. */
void ktap_add(struct ktap *k, const char *name, enum test_status status, const char *detail);

size_t ktap_count(const struct ktap *k, enum test_status status);
const char *test_status_name(enum test_status s);

#endif
