/* SPDX-License-Identifier: GPL-2.0 */
/* Some processes that work in step. */
#ifndef SUITE_CROWD_H
#define SUITE_CROWD_H

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t *in_step;

/* Until all have come so far. */
static void together(void)
{
	pthread_barrier_wait(in_step);
}

/* Calls work(0) to work(n - 1), each in a process of its own, which ends when that returns.  0 when all of them ended well. */
static int crowd(int n, void (*work)(int who))
{
	pid_t pids[n];
	pthread_barrierattr_t shared;
	int status, failed = 0;

	in_step = mmap(NULL, sizeof(*in_step), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (in_step == MAP_FAILED || pthread_barrierattr_init(&shared) ||
	    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED) || pthread_barrier_init(in_step, &shared, n)) {
		printf("no barrier\n");
		return 1;
	}
	for (int i = 0; i < n; i++) {
		fflush(stdout);
		pids[i] = fork();
		if (!pids[i]) {
			work(i);
			exit(0);
		}
		if (pids[i] < 0) {
			printf("no process\n");
			return 1;
		}
	}
	for (int i = 0; i < n; i++) {
		if (wait(&status) > 0 && !status)
			continue;
		if (WIFSIGNALED(status) && !failed)
			printf("killed by signal %d\n", WTERMSIG(status));
		/* The others would wait for it. */
		for (int k = 0; k < n && !failed; k++)
			kill(pids[k], SIGKILL);
		failed = 1;
	}
	return failed;
}

#endif
