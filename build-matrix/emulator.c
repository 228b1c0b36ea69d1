// SPDX-License-Identifier: GPL-2.0
/* QEMU's output on its way to the judge. */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/log.h"
#include "../lib/run.h"
#include "delay.h"
#include "emulator.h"

#define LINE_MAX_	65536	/* a console that never ends its line is not collected for ever */
#define TICK		0.25	/* seconds; a signal to us waits no longer */

struct session {
	const struct emulator *e;
	struct judge *j;
	struct vm vm;
	double begun;
	double delay, elapsed;		/* see elapsed(); neither becomes less */
	struct str line, err, qmp;	/* what has no line end yet */
	char said[300];			/* the last line of its stderr */
};

/*
 * How long it has run, in seconds, without what it stood in the queue of a CPU that was busy with others: a guest is not slow because
 * the machine has other work.  Never less than it was.
 */
static double elapsed(struct session *s)
{
	double t = now() - s->begun - s->delay;

	if (t > s->elapsed)
		s->elapsed = t;
	return s->elapsed;
}

/* The guest waits for that on its console. */
static void tell_guest(struct session *s)
{
	_free_ line = screenshot_done(s->e->screenshots);

	/* So little always fits, while there is somebody to read it. */
	(void)!write(s->vm.input, line, strlen(line));
}

static void look_for_request(struct session *s)
{
	_free_ request = s->j->ktap.screenshot;

	s->j->ktap.screenshot = NULL;
	if (request && !screenshot_ask(s->e->screenshots, s->vm.qmp, request))
		tell_guest(s);
}

static void on_console(struct session *s, const char *line)
{
	judge_line(s->j, line, elapsed(s));
	look_for_request(s);
	if (s->e->steps)
		step_detail("%s", s->j->ktap.current ?: s->j->userspace ? "testing" : "booting");
}

static void on_err(struct session *s, const char *line)
{
	if (*line)
		snprintf(s->said, sizeof(s->said), "%s", line);
}

static void on_qmp(struct session *s, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	const char *event = json_string_value(json_object_get(json, "event"));

	if (event)
		judge_event(s->j, event, json_string_value(json_object_get(json_object_get(json, "data"), "reason")),
			    elapsed(s));
	else if (screenshot_answer(s->e->screenshots, json))
		tell_guest(s);
	json_decref(json);
}

static void split(struct session *s, struct str *b, const char *buf, size_t n,
		  void (*give)(struct session *s, const char *line))
{
	const char *nl;

	while (n && (nl = memchr(buf, '\n', n))) {
		str_addn(b, buf, nl - buf);
		if (b->len && b->s[b->len - 1] == '\r')
			b->s[--b->len] = '\0';
		give(s, str_get(b));
		str_clear(b);
		n -= nl + 1 - buf;
		buf = nl + 1;
	}
	str_addn(b, buf, n);
	if (b->len > LINE_MAX_) {
		give(s, b->s);
		str_clear(b);
	}
}

/* Waits for a reader who is slow; gives up when there is none any more, or we are to stop. */
static bool can_write_again(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (errno == EINTR)
		return !run_stopped();
	if (errno != EAGAIN)
		return false;
	poll(&p, 1, 1000);
	return !run_stopped();
}

static void write_console(struct session *s, const char *buf, size_t n)
{
	while (n) {
		ssize_t done = write(s->e->console, buf, n);

		if (done < 0) {
			if (can_write_again(s->e->console))
				continue;
			judge_abort(s->j, V_STOPPED, "the console can't be written: %s", strerror(errno));
			return;
		}
		buf += done;
		n -= done;
	}
}

static void read_console(struct session *s, const char *buf, size_t n)
{
	judge_alive(s->j, elapsed(s));
	write_console(s, buf, n);
	split(s, &s->line, buf, n, on_console);
}

static void read_err(struct session *s, const char *buf, size_t n)
{
	split(s, &s->err, buf, n, on_err);
}

static void read_qmp(struct session *s, const char *buf, size_t n)
{
	split(s, &s->qmp, buf, n, on_qmp);
}

/* Takes what is there; a stream that ended is closed. */
static void drain(struct session *s, int *fd, void (*take)(struct session *s, const char *buf, size_t n))
{
	char buf[16384];
	ssize_t n;

	while (*fd >= 0) {
		n = read(*fd, buf, sizeof(buf));
		if (n > 0) {
			take(s, buf, n);
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			close(*fd);
			*fd = -1;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void drain_all(struct session *s)
{
	drain(s, &s->vm.qmp, read_qmp);
	drain(s, &s->vm.err, read_err);
	drain(s, &s->vm.console, read_console);
}

/* True when it has ended by itself; all it said was taken before. */
static bool has_ended(struct session *s)
{
	int status;

	if (waitpid(s->vm.pid, &status, WNOHANG) != s->vm.pid)
		return false;
	/* A wrapper script may leave children; they end with it. */
	kill(-s->vm.pid, SIGKILL);
	s->vm.pid = -1;
	drain_all(s);
	if (s->line.len)
		on_console(s, s->line.s);
	if (s->err.len)
		on_err(s, s->err.s);
	judge_exit(s->j, status, s->said, elapsed(s));
	return true;
}

static void wait_for_news(struct session *s)
{
	struct pollfd p[3] = {
		{ .fd = s->vm.console, .events = POLLIN },
		{ .fd = s->vm.err, .events = POLLIN },
		{ .fd = s->vm.qmp, .events = POLLIN },
	};
	double left = judge_next(s->j) - elapsed(s), delay;

	/* Its streams are gone, so it will be soon. */
	if (s->vm.console < 0)
		left = left < 0.01 ? left : 0.01;
	if (left > TICK)
		left = TICK;
	poll(p, 3, left > 0 ? (int)(left * 1000) + 1 : 0);
	delay = run_delay(s->vm.pid);
	if (delay > s->delay)
		s->delay = delay;
	drain_all(s);
	if (s->e->steps)
		step_tick();
}

static void attend(struct session *s)
{
	static const char hello[] = "{\"execute\": \"qmp_capabilities\"}\n";

	/* Until this is said it tells no events. */
	(void)!send(s->vm.qmp, hello, sizeof(hello) - 1, MSG_NOSIGNAL);
	while (!judge_done(s->j, elapsed(s))) {
		if (run_stopped())
			judge_abort(s->j, V_STOPPED, "stopped after %.0f s", elapsed(s));
		wait_for_news(s);
		if (has_ended(s))
			break;
	}
}

void emulator_run(const struct emulator *e, struct judge *j)
{
	struct session s = { .e = e, .j = j, .begun = now() };
	_strv_ argv = {0};
	_str_ why = {0};
	int ret;

	if (arch_qemu_too_old(e->arch, &why)) {
		judge_abort(j, V_NO_EMULATOR, "%s", why.s);
		return;
	}
	emulator_args(e, &argv);
	ret = vm_start(&s.vm, argv.v, e->kernel, e->initrd);
	if (ret == -ENOENT && !strchr(argv.v[0], '/'))
		judge_abort(j, V_NO_EMULATOR, "%s is not installed; apt install %s", argv.v[0], e->arch->qemu_package);
	else if (ret)
		judge_abort(j, V_NO_EMULATOR, "%s: %s", argv.v[0], strerror(-ret));
	else
		attend(&s);
	vm_close(&s.vm);
	str_free(&s.line);
	str_free(&s.err);
	str_free(&s.qmp);
}
