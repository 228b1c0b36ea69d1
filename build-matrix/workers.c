// SPDX-License-Identifier: GPL-2.0
/*
 * Cells at once.
 *
 * A worker is a process that runs one cell.  It has a pipe to us for stderr: lines for the user, lines that begin with '\r' for
 * what it is at, and, before it ends, one that begins with RESULT.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "jobs.h"
#include "verdict.h"
#include "workers.h"

#define RESULT '\001'

enum progress { TODO, RUNNING, DONE };

struct worker {
	struct entry *entry;		/* NULL: idle */
	pid_t pid;
	int pidfd, fd;
	int ret;			/* of entry_run() */
	bool told;			/* its result came */
	struct str line;		/* what has no end yet */
	char at[32];			/* what it is at */
};

struct crew {
	struct matrix *m;
	bool again;
	void (*tell)(const struct entry *e);
	enum progress *state;		/* of each entry */
	struct worker *v;
	long n;
	bool stopping;
	int ret;
};

/* --- in the worker */

static void report(const struct entry *e, int ret)
{
	_free_ detail = xstrdup(str_get(&e->detail));

	for (char *p = detail; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	fprintf(stderr, "%c%d %d %d %d %s\t%s\n", RESULT, ret, e->known, e->fresh, e->verdict, e->called ?: "", detail);
	fflush(stderr);
}

static void work(struct entry *e, bool again, pid_t parent, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	log_relay(fd);
	report(e, entry_run(e, again));
	/* What the other process has still to write is not ours. */
	_exit(0);
}

/* --- in the parent */

static void take_result(struct worker *w, const char *s)
{
	struct entry *e = w->entry;
	int known, fresh, verdict, n = 0;
	const char *detail = strchr(s, '\t');

	if (!detail || sscanf(s, "%d %d %d %d %n", &w->ret, &known, &fresh, &verdict, &n) != 4)
		return;
	w->told = true;
	e->known = known;
	e->fresh = fresh;
	e->verdict = verdict;
	free(e->called);
	/* "%n" has passed over the tab where it is called nothing else. */
	e->called = s + n < detail ? xstrndup(s + n, detail - s - n) : NULL;
	str_clear(&e->detail);
	str_add(&e->detail, detail + 1);
}

static void take_line(struct worker *w, const char *line)
{
	if (*line == RESULT)
		take_result(w, line + 1);
	else if (*line == '\r')
		snprintf(w->at, sizeof(w->at), "%s", line + 1);
	else
		log_line(line);
}

static void drain(struct worker *w)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(w->fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] != '\n') {
				str_addn(&w->line, &buf[i], 1);
				continue;
			}
			take_line(w, str_get(&w->line));
			str_clear(&w->line);
		}
}

static int start(struct crew *c, struct worker *w, struct entry *e)
{
	pid_t self = getpid();
	int p[2];

	if (pipe2(p, O_CLOEXEC))
		return err("%s: %s", e->cell.name, strerror(errno));
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	*w = (struct worker){ .fd = p[0], .line = w->line, .at = "starts" };
	fflush(NULL);
	w->pid = fork();
	if (!w->pid)
		work(e, c->again, self, p[1]);
	close(p[1]);
	w->pidfd = w->pid < 0 ? -1 : pidfd_open(w->pid, 0);
	if (w->pidfd < 0) {
		close(p[0]);
		return err("%s: no process for it: %s", e->cell.name, strerror(errno));
	}
	w->entry = e;
	return 0;
}

/* Its process has ended. */
static void finish(struct crew *c, struct worker *w)
{
	struct entry *e = w->entry;
	int status;

	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	drain(w);
	close(w->fd);
	close(w->pidfd);
	w->entry = NULL;
	c->state[e - c->m->v] = DONE;
	if (!w->told) {
		e->known = false;
		err("%s: its process ended with status %d and no result", e->cell.name,
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	}
	if (w->told && w->ret == -EINTR)
		c->ret = c->ret ?: -EINTR;
	else
		c->tell(e);
}

/* A derived kernel is held against its base's result: that one comes first. */
static bool is_ready(const struct crew *c, size_t i)
{
	const struct cell *cell = &c->m->v[i].cell;

	for (size_t k = 0; k < i; k++)
		if (c->state[k] != DONE && cells_are_twins(&c->m->v[k].cell, cell))
			return false;
	return c->state[i] == TODO;
}

static struct entry *next(const struct crew *c)
{
	for (size_t i = 0; i < c->m->n; i++)
		if (is_ready(c, i))
			return &c->m->v[i];
	return NULL;
}

static bool is_idle(const struct crew *c)
{
	for (long i = 0; i < c->n; i++)
		if (c->v[i].entry)
			return false;
	return true;
}

static void employ(struct crew *c)
{
	struct entry *e;

	if (is_idle(c))
		jobs_refill();
	for (long i = 0; i < c->n && !c->ret && (e = next(c)); i++) {
		if (c->v[i].entry)
			continue;
		c->ret = start(c, &c->v[i], e);
		if (!c->ret)
			c->state[e - c->m->v] = RUNNING;
	}
}

/* Once: each ends what it has begun, which takes it a moment. */
static void stop(struct crew *c)
{
	if (c->stopping)
		return;
	c->stopping = true;
	for (long i = 0; i < c->n; i++)
		if (c->v[i].entry)
			kill(c->v[i].pid, SIGTERM);
}

/* One line for all: what does not fit is cut off at its end. */
static void show(const struct crew *c)
{
	size_t done = 0;
	_str_ b = {0};

	for (size_t i = 0; i < c->m->n; i++)
		done += c->state[i] == DONE;
	for (long i = 0; i < c->n; i++)
		if (c->v[i].entry)
			str_addf(&b, "; %s %s", c->v[i].entry->cell.name, c->v[i].at);
	step_detail("%zu done%s", done, str_get(&b));
	step_tick();
}

static void wait_for_news(struct crew *c)
{
	struct pollfd *p = xcalloc(2 * c->n, sizeof(*p));
	bool blind;

	for (long i = 0; i < c->n; i++) {
		p[2 * i] = (struct pollfd){ .fd = c->v[i].entry ? c->v[i].pidfd : -1, .events = POLLIN };
		p[2 * i + 1] = (struct pollfd){ .fd = c->v[i].entry ? c->v[i].fd : -1, .events = POLLIN };
	}
	blind = poll(p, 2 * c->n, 250) < 0 && errno != EINTR;
	if (blind) {
		/* Nobody's end would be seen any more: it is waited for. */
		c->ret = err("poll: %s", strerror(errno));
		stop(c);
	}
	for (long i = 0; i < c->n; i++) {
		if (!c->v[i].entry)
			continue;
		drain(&c->v[i]);
		if (blind || p[2 * i].revents)
			finish(c, &c->v[i]);
	}
	free(p);
}

static void run(struct crew *c)
{
	for (;;) {
		if (run_stopped())
			c->ret = -EINTR;
		if (c->ret)
			stop(c);
		else
			employ(c);
		if (is_idle(c))
			return;
		wait_for_news(c);
		show(c);
	}
}

static void skip_fresh(struct crew *c)
{
	for (size_t i = 0; i < c->m->n; i++) {
		if (!c->m->v[i].fresh)
			continue;
		c->state[i] = DONE;
		c->tell(&c->m->v[i]);
	}
}

int workers_run(struct matrix *m, long jobs, bool again, void (*tell)(const struct entry *e))
{
	/* A cell has one worker: more would only be polled in vain, or be too many for poll(). */
	struct crew c = { .m = m, .again = again, .tell = tell, .n = jobs < (long)m->n ? jobs : (long)m->n };
	_free_ key = xasprintf("matrix of %zu", m->n);

	if (jobs_begin())
		return -1;
	c.state = xcalloc(m->n, sizeof(*c.state));
	c.v = xcalloc(c.n, sizeof(*c.v));
	skip_fresh(&c);
	step_begin(key, "%zu cells", m->n);
	run(&c);
	step_end(!c.ret, c.ret ? "" : "%zu cells", m->n);
	for (long i = 0; i < c.n; i++)
		str_free(&c.v[i].line);
	free(c.state);
	free(c.v);
	jobs_end();
	return c.ret;
}
