// SPDX-License-Identifier: GPL-2.0
/* Running a child process: reading what it says, ending it in time, its status. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "fs.h"
#include "log.h"
#include "run.h"

#define GRACE 3.0		/* seconds between SIGTERM and SIGKILL */

static volatile sig_atomic_t stopped;

static void on_stop(int sig)
{
	stopped = sig;
}

bool run_stopped(void)
{
	return stopped;
}

void run_init(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_stop }, old;

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		/* Started with nohup, or in the background of a script: stays ignored. */
		if (!sigaction(stops[i], NULL, &old) && old.sa_handler == SIG_IGN)
			continue;
		sigaction(stops[i], &sa, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

void run_args(struct run *r, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, r);
	while ((s = va_arg(ap, const char *)))
		strv_add(&r->argv, s);
	va_end(ap);
}

int run_ourselves(struct run *r)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return err("/proc/self/exe: %s", strerror(errno));
	self[n] = '\0';
	run_args(r, self, NULL);
	return 0;
}

int run_ourselves_wait(struct run *r)
{
	int ret = run_wait(r);

	if (ret >= 0)
		return ret;
	return run_stopped() ? -EINTR : err("shpte %s: %s", r->argv.v[1], strerror(-ret));
}

void run_free(struct run *r)
{
	strv_free(&r->argv);
	strv_free(&r->env);
}

static void give_line(struct child *c, struct stream *s, size_t len)
{
	size_t end = len && s->line.s[len - 1] == '\r' ? len - 1 : len;

	s->line.s[end] = '\0';
	c->r->on_line(c->r->arg, s->line.s);
}

static void take(struct child *c, struct stream *s, const char *buf, size_t n)
{
	const char *nl;

	if (s->collect)
		str_addn(s->collect, buf, n);
	/* A log that can't be written is no reason to end the child. */
	if (c->log >= 0)
		(void)!write(c->log, buf, n);
	if (!c->r->on_line)
		return;
	while (n && (nl = memchr(buf, '\n', n))) {
		str_addn(&s->line, buf, nl - buf);
		give_line(c, s, s->line.len);
		str_clear(&s->line);
		n -= nl + 1 - buf;
		buf = nl + 1;
	}
	str_addn(&s->line, buf, n);
}

/* Reads what is there; at the end of the stream closes it. */
static void drain(struct child *c, struct stream *s)
{
	char buf[65536];
	ssize_t n;

	while (s->fd >= 0 && (n = read(s->fd, buf, sizeof(buf))) != 0) {
		if (n > 0)
			take(c, s, buf, n);
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			break;
	}
	if (s->fd >= 0 && s->line.len)
		give_line(c, s, s->line.len);
	close_fd(&s->fd);
}

/* Until the keeper is gone; 0, -EINTR or -ETIMEDOUT. */
static int attend(struct child *c)
{
	const struct timespec tick = { .tv_sec = 1 };
	double begun = now(), killed = 0;
	int ret = 0;

	for (;;) {
		struct pollfd p[3] = {
			{ .fd = c->pidfd, .events = POLLIN },
			{ .fd = c->streams[0].fd, .events = POLLIN },
			{ .fd = c->streams[1].fd, .events = POLLIN },
		};

		if (!ret && stopped)
			ret = -EINTR;
		if (!ret && c->r->timeout && now() - begun >= c->r->timeout)
			ret = -ETIMEDOUT;
		if (ret && !killed) {
			killed = now();
			kill(-c->pid, SIGTERM);
		} else if (ret && now() - killed > GRACE) {
			kill(-c->pid, SIGKILL);
		}
		/* Signals are only let in here, so that none slips by between the look and the wait. */
		ppoll(p, 3, &tick, &c->old);
		drain(c, &c->streams[0]);
		drain(c, &c->streams[1]);
		if (p[0].revents)
			return ret;
		step_tick();
	}
}

/* What the program left behind in its group ends with it; then the rest of the output is there at once. */
static int finish(struct child *c)
{
	siginfo_t info;
	int status = 0;

	while (waitid(P_PID, c->pid, &info, WEXITED | WNOWAIT) && errno == EINTR)
		;
	kill(-c->pid, SIGKILL);
	for (int i = 0; i < 2; i++) {
		struct pollfd p = { .fd = c->streams[i].fd, .events = POLLIN };

		while (p.fd >= 0 && poll(&p, 1, 200) > 0) {
			drain(c, &c->streams[i]);
			p.fd = c->streams[i].fd;
		}
		if (c->streams[i].fd >= 0 && c->streams[i].line.len)
			give_line(c, &c->streams[i], c->streams[i].line.len);
	}
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_wait(struct run *r)
{
	struct child c = {
		.r = r, .pidfd = -1, .in = -1, .log = -1, .errfd = -1, .give = { -1, -1 },
		.streams = { { .fd = -1 }, { .fd = -1 } },
	};
	sigset_t stops;
	int ret, status;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &stops, &c.old);
	ret = stopped ? -EINTR : child_open(&c);
	if (!ret)
		ret = child_start(&c);
	if (!ret) {
		ret = attend(&c);
		status = finish(&c);
		ret = ret ? ret : status;
	}
	child_close(&c);
	if (r->in_fd > 0)
		close_fd(&r->in_fd);
	pthread_sigmask(SIG_SETMASK, &c.old, NULL);
	return ret;
}

char *run_describe(const struct run *r, int status)
{
	const char *name = r->argv.n ? r->argv.v[0] : "?";

	if (status == -ENOENT)
		return xasprintf("%s: no such program; is its package installed?", name);
	if (status == -ETIMEDOUT)
		return xasprintf("%s: stopped after %d s", name, r->timeout);
	if (status == -EINTR)
		return xasprintf("%s: stopped", name);
	if (status < 0)
		return xasprintf("%s: %s", name, strerror(-status));
	if (status > 128 && status - 128 < NSIG && sigabbrev_np(status - 128))
		return xasprintf("%s: killed by SIG%s", name, sigabbrev_np(status - 128));
	return xasprintf("%s: exit status %d", name, status);
}
