/* SPDX-License-Identifier: GPL-2.0 */
/* QEMU as a child: its console, its events, its end. */
#ifndef BUILD_MATRIX_EMULATOR_H
#define BUILD_MATRIX_EMULATOR_H

#include "arch.h"
#include "judge.h"
#include "screenshot.h"

struct emulator {
	const struct arch *arch;
	int kernel, initrd;		/* descriptors: nobody can change or remove them while it runs */
	unsigned long long mem;
	long smp;
	const struct strv *disks;	/* images, in the guest vda, vdb, ...; what it writes is gone with it; NULL: none */
	const struct strv *more;	/* arguments for it, NULL: none */
	const char *append;		/* more for the kernel's command line, may be NULL */
	int console;			/* where the console's bytes go as they come */
	struct screenshots *screenshots; /* that the guest asks for */
	bool steps;			/* show which test runs, see log.h */
};

/* Runs it until the judge has seen enough, or it ends.  Nothing is left running. */
void emulator_run(const struct emulator *e, struct judge *j);

/* For emulator.c: the arguments, and the child itself. */
#define FD_QMP 3
#define FD_KERNEL 4
#define FD_INITRD 5

struct vm {
	pid_t pid;
	int input, console, err, qmp;	/* our ends, not blocking; input: what is typed on the console */
};

void emulator_args(const struct emulator *e, struct strv *argv);
/* 0 or negative errno, also that of a failed exec. */
int vm_start(struct vm *vm, char *const argv[], int kernel, int initrd);
/* Ends it and all it started, and forgets it. */
void vm_kill(struct vm *vm);
void vm_close(struct vm *vm);

#endif
