/* SPDX-License-Identifier: GPL-2.0 */
/* What others wrote, run in the guest: build-matrix/suites/NAME/. */
#ifndef BUILD_MATRIX_SUITE_H
#define BUILD_MATRIX_SUITE_H

#include "arch.h"
#include "bounds.h"
#include "causes.h"
#include "initramfs.h"
#include "series.h"

/* One line of a suite.conf a field; a number that is 0 is the machine's own. */
struct suite {
	char *name, *title;
	char *dir;			/* its folder */
	bool userland;			/* its script `run` runs in a Debian root; false: guest tests, named in `tests` */
	char *tests;			/* "model,race" */
	char *release;			/* of Debian */
	struct strv packages;		/* that the Debian root has */
	long minutes;			/* that it works */
	long grace;			/* minutes more until it counts as hung */
	long cpus;
	unsigned long long mem, disk, swap;
	struct strv qemu;		/* more arguments for it */
	char *append;			/* more for the kernel's command line, NULL: nothing */
	struct bounds bounds;		/* of the derived kernel's figures */
	struct series_list plots;
	struct causes causes;		/* of a verdict of its own */
	bool display;			/* it draws: the machine needs a screen */
};

/* What was said instead; 0: nothing. */
struct suite_wish {
	long minutes, cpus, seed;
	const char *only;		/* of its tests these, with commas between them; NULL or "": all */
};

/* 0; -2 after "unknown suite ...; known are ...", -1 after another message. */
int suite_load(struct suite *s, const char *name);
void suite_free(struct suite *s);
void suites_known(struct strv *names);
/*
 * The files of its folder, and those that all scripts share: what its results depend on.
 * With a suffix only those: ".c" are its own guest tests.
 */
void suite_sources(const struct suite *s, const char *suffix, struct strv *paths);
/* Minutes until it counts as hung: what takes longer on an emulated CPU takes longer by a part of it. */
long suite_limit(const struct suite *s, const struct suite_wish *w);
/* Its words for the kernel's command line, by which the guest's init knows what to do. The caller frees. */
char *suite_append(const struct suite *s, const struct suite_wish *w);

#endif
