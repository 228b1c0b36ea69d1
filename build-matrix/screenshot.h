/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pictures of the guest's screen, taken when the guest asks for one on its console:
 *
 *	# screenshot NAME SIGHT...
 *
 * QEMU stands still while it is taken, so that it shows what there was; then the guest gets the line "screenshot NAME" on its
 * console, and goes on.  NAME is of small letters, digits and "-"; what is to be seen there is in screen.h.
 */
#ifndef BUILD_MATRIX_SCREENSHOT_H
#define BUILD_MATRIX_SCREENSHOT_H

#include <jansson.h>

#include "ktap.h"

/* Zero it and set dir. */
struct screenshots {
	const char *dir;		/* they are screenshot-NAME.png there; NULL: none is taken */
	struct strv names;		/* those that are there */
	struct ktap tests;		/* what is to be seen on them */

	char *name, *sights;		/* the one that QEMU is asked for, NULL: none */
	struct str trouble;		/* what QEMU says of it */
};

/* "NAME SIGHT...": asks QEMU; false: nothing is to be waited for, the guest may go on. */
bool screenshot_ask(struct screenshots *s, int qmp, const char *request);
/* QEMU's answer to one of our commands; true: that was the last one, the picture is judged, the guest may go on. */
bool screenshot_answer(struct screenshots *s, const json_t *answer);
/* What the guest is told then; the next one may be asked for. The caller frees. */
char *screenshot_done(struct screenshots *s);
/* When all is over: makes them tests of the boot, behind those that the guest reported. */
void screenshots_end(struct screenshots *s, struct ktap *k);
void screenshots_free(struct screenshots *s);

#endif
