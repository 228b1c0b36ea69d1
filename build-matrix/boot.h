/* SPDX-License-Identifier: GPL-2.0 */
/* Booting a cell's kernel, and what came of it. */
#ifndef BUILD_MATRIX_BOOT_H
#define BUILD_MATRIX_BOOT_H

#include "bounds.h"
#include "causes.h"
#include "cell.h"
#include "emulator.h"
#include "guest.h"
#include "judge.h"

/* Zero it, set what stands above the line. */
struct boot {
	const struct cell *cell;
	const char *init;		/* a static program; NULL: the guest tests */
	unsigned long long mem;		/* 0: as the machine's description says; so are these */
	long smp, timeout;
	const char *append;
	bool fail_fast;			/* see judge.h; so are these */
	double silence;			/* 0: the judge's own */
	const struct limit *limits;
	size_t n_limits;
	const struct guest_files *files; /* more in the initramfs, NULL: none */
	const struct strv *disks, *qemu; /* see emulator.h */
	const struct bounds *bounds;	/* of the figures, held against the twin's result; NULL: none */
	const json_t *base;
	const struct causes *causes;	/* names for a failed test, NULL: none */
	int console;			/* descriptor */
	const char *dir;		/* where screenshots go, NULL: nowhere */
	const char *step;		/* the key of the step that is shown, see log.h; NULL: none */

	struct patterns patterns;
	struct judge judge;		/* tests, figures, complaints */
	struct screenshots screenshots;
	enum verdict verdict;
	const char *called;		/* what the suite calls it, NULL: as it is */
	struct str detail;
	double seconds;
};

/* Boots the image in the descriptor `kernel`, which it closes.  0 whatever the verdict, -1 after a message. */
int boot_run(struct boot *b, int kernel);
void boot_free(struct boot *b);

#endif
