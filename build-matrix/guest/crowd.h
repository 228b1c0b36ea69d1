/* SPDX-License-Identifier: GPL-2.0 */
/*
 * More processes than a team has: each maps the file for itself, or nothing, touches one byte of each pte page, and sleeps.
 * They are forked one after the other; while one touches its tables, the next ones are forked, one a CPU.
 *
 * Include it after guest.h.
 */
#ifndef GUEST_CROWD_H
#define GUEST_CROWD_H

#define CROWD_MAX 40000

static struct crowd {
	int n;
	int dead;			/* one of them has gone, and nobody told it to */
	pid_t pid[CROWD_MAX];
} *crowd;				/* shared memory, which a fork does not copy */

/* Lets there be as many as memory allows.  What this kernel does not let us raise stays. */
static void crowd_allow(void)
{
	spit("/proc/sys/kernel/threads-max", "200000");
	if (spit("/proc/sys/kernel/pid_max", "200000") < 0)
		spit("/proc/sys/kernel/pid_max", "32768");
	spit("/proc/sys/vm/overcommit_memory", "1");
	crowd = SYS(mmap(NULL, sizeof(*crowd), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

static void __attribute__((noreturn)) crowd_member(long len)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (len)
		map = map_shared_aligned(file_fd, 0, len, RW);
	for (long off = 0; off < len; off += span)
		*(volatile char *)(map + off) = 1;
	atomic_fetch_add(&guest->word[0], 1);
	futex_wake(&guest->word[0]);
	for (;;)
		pause();
}

/* Waits until so many sleep.  0, or -1: one has died. */
static int crowd_wait(int n)
{
	int asleep;

	crowd->dead |= waitpid(-1, NULL, WNOHANG) > 0;
	while (!crowd->dead && (asleep = atomic_load(&guest->word[0])) < n) {
		futex_wait(&guest->word[0], asleep, 100);
		crowd->dead = waitpid(-1, NULL, WNOHANG) > 0;
	}
	if (guest->failed)
		_exit(1);
	return crowd->dead ? -1 : 0;
}

/* Another one.  0; an errno when there could be none; -1: it, or another, died. */
static int crowd_add(long len)
{
	pid_t pid = crowd->n < CROWD_MAX ? fork() : (errno = EAGAIN, -1);

	if (!pid)
		crowd_member(len);
	if (pid < 0)
		return errno;
	crowd->pid[crowd->n++] = pid;
	return crowd_wait(crowd->n - cpus());
}

/* All at once, the newest first: nobody's way out may become longer by those who are still there. */
static void crowd_dismiss(void)
{
	for (int i = crowd->n; i; i--)
		kill(crowd->pid[i - 1], SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	crowd->n = crowd->dead = 0;
}

#endif
