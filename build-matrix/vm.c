// SPDX-License-Identifier: GPL-2.0
/*
 * The child process that is QEMU.
 *
 * lib/run.h runs a program to its end; this one is talked to while it runs, over more than its output.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "emulator.h"

/* Above all that are given their places in the child. */
#define FD_FREE 10

/* Pairs: [0] is ours, [1] the child's. */
struct ends {
	int kernel, initrd;
	int input[2], console[2], err[2], qmp[2];
	int report[2];			/* where exec's errno comes from */
};

static int lift(int *fd)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, FD_FREE);

	if (high < 0)
		return -1;
	close(*fd);
	*fd = high;
	return 0;
}

/* Of which p[ours] is our end. */
static int make_pipe(int p[2], int ours)
{
	if (pipe2(p, O_CLOEXEC) || lift(&p[0]) || lift(&p[1]))
		return -1;
	return fcntl(p[ours], F_SETFL, O_NONBLOCK);
}

static int make_socket(int p[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) || lift(&p[0]) || lift(&p[1]))
		return -1;
	return fcntl(p[0], F_SETFL, O_NONBLOCK);
}

static int open_ends(struct ends *e, int kernel, int initrd)
{
	e->kernel = fcntl(kernel, F_DUPFD_CLOEXEC, FD_FREE);
	e->initrd = fcntl(initrd, F_DUPFD_CLOEXEC, FD_FREE);
	if (e->kernel < 0 || e->initrd < 0 || make_pipe(e->input, 1) || make_pipe(e->console, 0) ||
	    make_pipe(e->err, 0) || make_socket(e->qmp) || pipe2(e->report, O_CLOEXEC) || lift(&e->report[0]) ||
	    lift(&e->report[1]))
		return -errno;
	return 0;
}

/* What only the child needs. */
static void close_childs(struct ends *e)
{
	close_fd(&e->kernel);
	close_fd(&e->initrd);
	close_fd(&e->input[0]);
	close_fd(&e->console[1]);
	close_fd(&e->err[1]);
	close_fd(&e->qmp[1]);
	close_fd(&e->report[1]);
}

static void become(char *const argv[], const struct ends *ends, pid_t parent)
{
	/* In the order of their numbers in the child. */
	const int fds[] = { ends->input[0], ends->console[1], ends->err[1], ends->qmp[1], ends->kernel, ends->initrd };
	sigset_t none;
	int e;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < 6; i++)
		if (dup2(fds[i], i) < 0)
			goto fail;
	close_range(6, ~0U, CLOSE_RANGE_CLOEXEC);
	execvp(argv[0], argv);
fail:
	e = errno;
	if (write(ends->report[1], &e, sizeof(e)) < 0)
		_exit(126);
	_exit(127);
}

/* 0 when the program runs, else why it does not. */
static int reported(int fd)
{
	int e, n;

	do
		n = read(fd, &e, sizeof(e));
	while (n < 0 && errno == EINTR);
	return n == sizeof(e) ? -e : 0;
}

int vm_start(struct vm *vm, char *const argv[], int kernel, int initrd)
{
	struct ends e = { -1, -1, { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
	pid_t self = getpid();
	int ret = open_ends(&e, kernel, initrd);

	*vm = (struct vm){ .pid = -1 };
	if (!ret) {
		vm->pid = fork();
		if (!vm->pid)
			become(argv, &e, self);
		if (vm->pid < 0)
			ret = -errno;
	}
	close_childs(&e);
	vm->input = e.input[1];
	vm->console = e.console[0];
	vm->err = e.err[0];
	vm->qmp = e.qmp[0];
	if (!ret) {
		setpgid(vm->pid, vm->pid);
		ret = reported(e.report[0]);
	}
	close_fd(&e.report[0]);
	return ret;
}

void vm_kill(struct vm *vm)
{
	if (vm->pid <= 0)
		return;
	kill(-vm->pid, SIGKILL);
	while (waitpid(vm->pid, NULL, 0) < 0 && errno == EINTR)
		;
	vm->pid = -1;
}

void vm_close(struct vm *vm)
{
	vm_kill(vm);
	close_fd(&vm->input);
	close_fd(&vm->console);
	close_fd(&vm->err);
	close_fd(&vm->qmp);
}
