/* SPDX-License-Identifier: GPL-2.0 */
/* Who noticed that a hook is missing. */
#ifndef BUILD_MATRIX_NOTICE_H
#define BUILD_MATRIX_NOTICE_H

#include "judge.h"

struct notice {
	bool noticed;
	char *by;			/* the guest test, "munmap.partial" or "munmap"; "boot" before the first one */
	struct str what;		/* what it said, "kernel complained: WARNING: ...", "hang: ..." */
};

/* A boot that is over, with judge_finish()'s verdict and detail; true when this verdict says something of the kernel. */
bool notice_take(struct notice *n, const struct judge *j, enum verdict v, const char *detail);
void notice_free(struct notice *n);
/* The program that a guest test is a case of: "munmap" of "munmap.partial". The caller frees. */
char *notice_program(const char *by);

/*
 * From the guest tests' log ("# time munmap 1.88 s") of a kernel that passes them, how long each may take on one that may hang:
 * some times as long, or `seconds` for each when that is not 0.  Freed by limits_free().
 */
void limits_read(struct limit **limits, size_t *n, const char *ktap, long seconds);
void limits_free(struct limit *limits, size_t n);

#endif
