/* SPDX-License-Identifier: GPL-2.0 */
/* Running a child process. */
#ifndef LIB_RUN_H
#define LIB_RUN_H

#include <sys/types.h>
#include "str.h"

/*
 * What to run. Zero what you do not need. The child is in a process group of its own, which
 * dies with us (PR_SET_PDEATHSIG) and with Ctrl-C: nothing is left running.
 */
struct run {
	struct strv argv;		/* argv.v[0] is looked up in PATH */
	struct strv env;		/* NAME=VALUE, added to ours */
	const char *dir;		/* working directory, NULL: ours */
	const char *in;			/* text for stdin, NULL: /dev/null */
	size_t in_len;			/* its length, 0: strlen(in) */
	int in_fd;			/* or a descriptor for stdin, such as a pipe that a thread feeds; closed by run_wait(); 0: none */
	const char *log;		/* file that stdout+stderr are appended to (also what is collected), NULL: none */
	struct str *out;		/* collects stdout, NULL: to log, else our stderr */
	struct str *err;		/* collects stderr, NULL: as stdout's default */
	void (*on_line)(void *arg, const char *line); /* each line of stdout+stderr as it comes; then nothing goes to our stderr */
	void *arg;
	int timeout;			/* seconds, 0: none; the group is killed then */
};

/* Adds arguments; the list ends with NULL. */
void run_args(struct run *r, ...) __attribute__((sentinel));
/* The first argument: this program itself.  0, or -1 after a message.  See kernels_ourselves(). */
int run_ourselves(struct run *r);
/* Waits for such a run, its command the second argument: its exit status; -EINTR when stopped; -1 after a message. */
int run_ourselves_wait(struct run *r);
/*
 * Runs the child and waits.  Returns its exit status (0..255), 128+n when signal n killed it, or a
 * negative errno: -ENOENT program missing, -ETIMEDOUT, -EINTR we were told to stop.
 * The fields of *r but in_fd stay the caller's; run_free() frees argv and env.
 */
int run_wait(struct run *r);
void run_free(struct run *r);

/* One line: the program and what became of it ("git: exit status 128"), caller frees. */
char *run_describe(const struct run *r, int status);

/* True once SIGINT/SIGTERM/SIGHUP came; loops that last look at it. */
bool run_stopped(void);
/* To be called once by main(): handlers for the signals above. */
void run_init(void);

#define _run_ _cleanup_(run_free) struct run

#endif
