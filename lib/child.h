/* SPDX-License-Identifier: GPL-2.0 */
/* A started child; only run.c and child.c know it. */
#ifndef LIB_CHILD_H
#define LIB_CHILD_H

#include <signal.h>
#include "run.h"

/* One of the child's output streams, as we read it. */
struct stream {
	int fd;
	struct str *collect;
	struct str line;
};

struct child {
	struct run *r;
	pid_t pid;
	int pidfd;
	int in, log, errfd;		/* child's stdin; the log file; where exec's errno comes from */
	int give[2];			/* the child's stdout and stderr */
	struct stream streams[2];
	sigset_t old;
	char **envp;
};

/* Opens what the child reads and writes.  0 or negative errno; child_close() in any case. */
int child_open(struct child *c);
/* Starts it; 0 or negative errno, also that of a failed exec. */
int child_start(struct child *c);
void child_close(struct child *c);

#endif
