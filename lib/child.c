// SPDX-License-Identifier: GPL-2.0
/*
 * Starting a child process.
 *
 * Between us and the program stands a keeper, the leader of the program's process group: the signal that
 * the kernel sends when a parent dies reaches one process only, so somebody must be left to end the whole group.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "fs.h"

static char **make_env(const struct strv *add)
{
	size_t n = 0, k = 0;
	char **envp;

	while (environ[n])
		n++;
	envp = xcalloc(n + add->n + 1, sizeof(*envp));
	for (size_t i = 0; i < add->n; i++)
		envp[k++] = add->v[i];
	for (size_t i = 0; i < n; i++) {
		bool replaced = false;
		size_t len = strcspn(environ[i], "=") + 1;

		for (size_t j = 0; j < add->n && !replaced; j++)
			replaced = !strncmp(environ[i], add->v[j], len);
		if (!replaced)
			envp[k++] = environ[i];
	}
	return envp;
}

static int open_stdin(const struct run *r)
{
	size_t len = r->in && !r->in_len ? strlen(r->in) : r->in_len;
	int fd;

	if (r->in_fd > 0)
		return fcntl(r->in_fd, F_DUPFD_CLOEXEC, 3);
	if (!r->in)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	/* A file in memory instead of a pipe: nothing to feed, nothing to wait for. */
	fd = memfd_create("stdin", MFD_CLOEXEC);
	for (size_t done = 0; fd >= 0 && done < len;) {
		ssize_t n = write(fd, r->in + done, len - done);

		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		done += n > 0 ? n : 0;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static int open_stream(struct child *c, int i, struct str *collect)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC))
		return -1;
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	c->streams[i].fd = p[0];
	c->streams[i].collect = collect;
	c->give[i] = p[1];
	return 0;
}

/* Pipes only for what we must see ourselves; one for both keeps stdout and stderr in order. */
static int open_streams(struct child *c)
{
	const struct run *r = c->r;
	int direct = r->log ? c->log : STDERR_FILENO;

	if (r->on_line && !r->out && !r->err) {
		if (open_stream(c, 0, NULL))
			return -1;
		c->give[1] = fcntl(c->give[0], F_DUPFD_CLOEXEC, 3);
		return c->give[1] < 0 ? -1 : 0;
	}
	for (int i = 0; i < 2; i++) {
		struct str *collect = i ? r->err : r->out;

		if (collect || r->on_line) {
			if (open_stream(c, i, collect))
				return -1;
		} else {
			c->give[i] = fcntl(direct, F_DUPFD_CLOEXEC, 3);
			if (c->give[i] < 0)
				return -1;
		}
	}
	return 0;
}

int child_open(struct child *c)
{
	const struct run *r = c->r;

	c->in = open_stdin(r);
	if (c->in < 0)
		return -errno;
	if (r->log) {
		c->log = open(r->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
		if (c->log < 0)
			return -errno;
	}
	return open_streams(c) ? -errno : 0;
}

void child_close(struct child *c)
{
	close_fd(&c->in);
	close_fd(&c->log);
	close_fd(&c->pidfd);
	close_fd(&c->errfd);
	for (int i = 0; i < 2; i++) {
		close_fd(&c->give[i]);
		close_fd(&c->streams[i].fd);
		str_free(&c->streams[i].line);
	}
	free(c->envp);
}

static void fail_exec(int fd)
{
	int e = errno;

	if (write(fd, &e, sizeof(e)) < 0)
		_exit(126);
	_exit(127);
}

static void exec_program(struct child *c, int fd)
{
	const struct run *r = c->r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigprocmask(SIG_SETMASK, &c->old, NULL);
	if (r->dir && chdir(r->dir))
		fail_exec(fd);
	if (dup2(c->in, 0) < 0 || dup2(c->give[0], 1) < 0 || dup2(c->give[1], 2) < 0)
		fail_exec(fd);
	execvpe(r->argv.v[0], r->argv.v, c->envp);
	fail_exec(fd);
}

static void end_group(int sig)
{
	kill(0, SIGKILL);
}

static void keep(struct child *c, pid_t parent, int fd)
{
	sigset_t none;
	int status;
	pid_t pid;

	setpgid(0, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR2, end_group);
	prctl(PR_SET_PDEATHSIG, SIGUSR2);
	if (getppid() != parent)
		_exit(1);
	pid = fork();
	if (!pid)
		exec_program(c, fd);
	if (pid < 0)
		fail_exec(fd);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Our copies would hold pipes open and locks locked. */
	close_range(0, ~0U, 0);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			_exit(1);
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

int child_start(struct child *c)
{
	pid_t self = getpid();
	int p[2], e, n;

	if (pipe2(p, O_CLOEXEC))
		return -errno;
	c->errfd = p[0];
	c->envp = make_env(&c->r->env);
	fflush(NULL);
	c->pid = fork();
	if (!c->pid)
		keep(c, self, p[1]);
	close(p[1]);
	if (c->pid < 0)
		return -errno;
	setpgid(c->pid, c->pid);
	close_fd(&c->in);
	close_fd(&c->give[0]);
	close_fd(&c->give[1]);
	if (c->r->in_fd > 0)
		close_fd(&c->r->in_fd);
	do
		n = read(c->errfd, &e, sizeof(e));
	while (n < 0 && errno == EINTR);
	if (n == sizeof(e)) {
		waitpid(c->pid, NULL, 0);
		return -e;
	}
	c->pidfd = pidfd_open(c->pid, 0);
	return c->pidfd < 0 ? -errno : 0;
}
