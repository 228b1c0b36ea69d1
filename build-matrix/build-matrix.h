/* SPDX-License-Identifier: GPL-2.0 */
/* Room 4: branch in, verdicts out. */
#ifndef BUILD_MATRIX_H
#define BUILD_MATRIX_H

#include <jansson.h>

#include "../lib/opts.h"
#include "../rebase/rebase.h"

/*
 * A cell is KERNEL/ARCH/VARIANT.  Its result is a folder in the cache,
 *   results/<KERNEL>/<ARCH>/<VARIANT>/<UTC stamp>/
 * holding result.json (written last, with file_write), console.log, ktap.log, build.log and the config;
 * `latest` beside it is a symbolic link to the newest complete one.  The folders are history: never changed.
 *
 * What a suite found in a cell is a cell beside it, KERNEL/ARCH/VARIANT+SUITE; "suite" names it in result.json, and for
 * each plot that its suite.conf asks for there is in
 *   "plots": [{"name": "lowmem.lowfree_kb", "title": "LowFree in kB", "x": "processes", "log": false, "points": [[1, 7], ...]}]
 *
 * result.json:
 * { "cell": "6.12/i386-pae/shpte", "kernel": "6.12", "version": "6.12.117-1~deb12u1", "arch": "i386-pae",
 *   "variant": "shpte", "key": "<hash of all that went in>", "branch": "shpte/6.12...", "commit": "<hex>",
 *   "started": "2026-11-23T20:44:00Z", "seconds": {"build": 31.2, "boot": 44.0},
 *   "ccache": {"hits": 1000, "misses": 12}, "compiler": "i686-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0",
 *   "qemu": "QEMU emulator version 7.2.22", "mem": 3221225472, "smp": 4,
 *   "verdict": "pass", "detail": "34 of 34 guest tests passed",
 *   "kind": "test failed",		where a suite has a name of its own for that, as its verdict
 *   "reproduce": "build/shpte boot 6.12/i386-pae/shpte",
 *   "tests": [{"name": "munmap", "status": "pass|fail|skip", "detail": "..."}],
 *   "figures": {"sharers.256M.50.pagetables_kb": 1900, "sharers.256M.50.minor_faults": 72000, "sharers.256M.50.ms": 3200},
 *   "rules": [{"name", "subject", "commit", "places", "wanted", "seconds", "where": []}],   only for shpte
 *   "complaints": ["the first line of each splat"],
 *   "screenshots": ["desktop"],	when the guest asked for some: screenshot-desktop.png, beside it
 *   "again": {"stress-ng.mmap": {"shpte": "fail", "base": "pass"}} }   of a suite, only for shpte: the news, run once more, see again.h
 *
 * The results of mutants (the derived kernel without one hook) are in results/<KERNEL>/<ARCH>/mutant/<HOOK>/ in the same way; their
 * variant is "mutant", and they have
 *   "mutant": {"hook": "zap", "tried": true, "noticed": true, "by": "munmap.partial", "what": "...",
 *   "of": "<commit of the derived branch>"}
 * noticed: a guest test failed, or the kernel complained while it ran: `by`; tried false: `what` says why it was not booted.
 */
enum verdict {
	V_PASS, V_TEST_FAILED, V_COMPLAINED, V_PANIC, V_SILENT, V_TIMEOUT, V_REBOOT, V_INIT_FAILED, V_NO_USERSPACE,
	V_EMULATOR, V_NO_EMULATOR, V_NO_COMPILER, V_BUILD_FAILED, V_CONFIG_LOST, V_DERIVE_FAILED, V_FETCH_FAILED, V_STOPPED,
};
/* "pass", "test failed", "kernel complained", "panic", "silent", "timed out", "reboot", "init failed", ... */
const char *verdict_name(enum verdict v);
/* What 'shpte matrix' says in its place of a cell that this machine could not come to. */
#define NOT_RUN "not run"

/* What is to be known of a machine without asking it: its description, build-matrix/arch/<NAME>.conf. */
struct arch_facts {
	char *title;			/* "i386 PAE" */
	char *compiler, *emulator;	/* the programs, and the packages that have them */
	bool supported;			/* page tables can be shared on it */
	char *because;			/* why, or why not, or what of it; "" */
	long levels;			/* of page tables, as it should have; 0: not known, or not always the same */
	char *gate;			/* what it needs to start, and why; "" */
};
/* Adds their names. */
void archs_known(struct strv *names);
/* Name as in a result, "i386-pae,cpus=1"; of one that nothing describes (any more), the title is the name, the rest is "". */
void arch_facts(struct arch_facts *f, const char *name);
void arch_facts_free(struct arch_facts *f);

/*
 * Both as in result.json: is the derived kernel's result worse than its twin's?  It is when a test fails, or the kernel
 * complains of something, that does not in the base; when it is missing; and when it does not pass and the base's is missing.
 * A test of a suite has to fail twice.
 */
bool result_worse(const json_t *ours, const json_t *base);
/* Adds the tests that make it so. */
void result_regressions(struct strv *names, const json_t *ours, const json_t *base);

/*
 * Does a kernel that was built with this configuration, the text of its .config, have the place that the hook is for?
 * See `Config:` in a rule's header.
 */
bool hook_has_place(const struct hook *h, const char *config);

/*
 * Writes the site from the results, *page (caller frees) is where; 0 or -1 after a message.  The program sets it, for a room
 * does not know those after it; matrix --report calls it.
 */
extern int (*matrix_report)(char **page);

int cmd_build(struct strv *args);
int cmd_boot(struct strv *args);
int cmd_matrix(struct strv *args);
int cmd_mutate(struct strv *args);
int cmd_suite(struct strv *args);
int cmd_sparse(struct strv *args);
extern const struct opt opts_build[], opts_boot[], opts_matrix[], opts_mutate[], opts_suite[], opts_sparse[];

#endif
