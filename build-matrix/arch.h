/* SPDX-License-Identifier: GPL-2.0 */
/* The machines, as build-matrix/arch/<name>.conf describes them. */
#ifndef BUILD_MATRIX_ARCH_H
#define BUILD_MATRIX_ARCH_H

#include "build-matrix.h"

struct arch {
	char *name;			/* "i386-pae"; "i386-pae,cpus=1" when its description says another number */
	char *file;			/* "i386-pae": it is described in this .conf and .config */
	char *like;			/* "i386-pae": it is as this one but for what is said; NULL: it is described in full */
	char *title;
	bool named;			/* it is for measurements: a matrix has it where its name is asked for */
	struct strv suites;		/* that test it in place of the guest tests; none: the guest tests do */
	long levels;			/* of page tables; the guest tests look whether it is so.  0: not known, or not always the same */
	/* [build] */
	char *make_arch, *cross;	/* make's ARCH and CROSS_COMPILE */
	char *package;			/* that has the compiler */
	char *target, *image;		/* make's target, and what it makes, below O= */
	struct strv make;		/* further make variables */
	struct strv config;		/* fragments that it has in common with others: "i386" is i386.config */
	/* [qemu] */
	char *qemu, *qemu_package;
	char *args;			/* with {mem} in MB and {smp}; {initrd} where it is no QEMU that is told so */
	char *display;			/* the device that has a screen, NULL: there is none */
	char *append;			/* of the kernel's command line */
	unsigned long long mem;
	long smp;
	long timeout;			/* seconds that all guest tests may take */
	char *since, *since_because;	/* the first QEMU that it starts in, "8.2", and why; "": any */
	/* [guest] */
	char *guest_cross;		/* the prefix of its compiler, NULL: the kernel's is as good */
	char *guest_package;		/* that has it */
	char *libc;			/* the package that its programs are built with */
	char *cflags;			/* for its programs */
	char *debian;			/* Debian's name for it, for suites that run Debian's programs; NULL: none */
	/* [shpte] */
	bool supported;			/* false: CONFIG_SHPTE must be refused, and the derived kernel is as the base */
	char *because;			/* what makes it so */
};

/*
 * Name is that of a description, and what is to be otherwise: ",cpus=N", ",mem=SIZE".
 * 0; -2 after "unknown architecture ...; known are ..." , -1 after another message.
 */
int arch_load(struct arch *a, const char *name);
void arch_free(struct arch *a);

/* The compiler's program and prefix; those of the kernel line, if it wants others.  The caller frees. */
char *arch_cc(const struct arch *a, const struct line *l);
char *arch_cross(const struct arch *a, const struct line *l);
/* The first line that the compiler says of its version, caller frees; NULL: *why says why, or nothing when we are to stop. */
char *arch_cc_version(const struct arch *a, const struct line *l, struct str *why);
/* The same of the guest programs' compiler. */
char *arch_guest_cc(const struct arch *a);
char *arch_guest_cc_version(const struct arch *a, struct str *why);
/* In place of QEMU's name: the kernel that was built is the program (user-mode Linux). */
#define ARCH_IS_PROGRAM "{kernel}"
bool arch_is_program(const struct arch *a);
/* The QEMU program: $SHPTE_QEMU, else the machine's. */
const char *arch_qemu(const struct arch *a);
/* What it says of its version; "" when it can't be run.  The caller frees. */
char *arch_qemu_version(const struct arch *a);

/* Is the QEMU that there is older than the machine asks for?  Then *why says so. */
bool arch_qemu_too_old(const struct arch *a, struct str *why);

/* "3G", "512M" in bytes; 0: that is no size. */
unsigned long long parse_mem(const char *s);

/* The files that describe it. */
void arch_confs(const struct arch *a, struct strv *paths);

/* The configuration fragments for a variant, in the order they are merged. */
void arch_fragments(const struct arch *a, bool ours, struct strv *paths);

#endif
