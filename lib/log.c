// SPDX-License-Identifier: GPL-2.0
/* Messages, and progress on long work. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fs.h"
#include "log.h"

bool log_quiet, log_relayed;

/* A step may be fed by a helper thread while the main thread waits for a child. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct step {
	bool active;
	char *key, *name;
	struct str detail;
	unsigned long done, total;
	double begun, drawn;		/* drawn: when the line was last redrawn */
	double before;			/* seconds it took the last time, 0: unknown */
} step;

static bool on_screen;			/* a progress line stands on the terminal */

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static bool is_tty(void)
{
	static int tty = -1;

	if (tty < 0)
		tty = isatty(STDERR_FILENO);
	return tty;
}

static void wipe(void)
{
	if (on_screen)
		fputs("\r\033[K", stderr);
	on_screen = false;
}

/* Why stdout could not be written, the first time; 0: it could. */
static int lost;

static void put(const char *text)
{
	if ((fputs(text, stdout) < 0 || fflush(stdout)) && !lost)
		lost = errno;
}

/* One message is one line, whatever a child's message that it quotes holds. */
static void message(FILE *f, const char *prefix, const char *fmt, va_list ap)
{
	_str_ b = {0};
	char *s;

	str_add(&b, prefix);
	str_vaddf(&b, fmt, ap);
	while (b.len && b.s[b.len - 1] == '\n')
		b.s[--b.len] = '\0';
	for (s = b.s; *s; s++)
		if (*s == '\n' || *s == '\r')
			*s = ' ';
	str_add(&b, "\n");
	pthread_mutex_lock(&lock);
	wipe();
	put(f == stdout ? b.s : "");
	if (f != stdout)
		fputs(b.s, f);
	pthread_mutex_unlock(&lock);
}

int err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(stderr, "shpte: ", fmt, ap);
	va_end(ap);
	return -1;
}

int usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(stderr, "shpte: ", fmt, ap);
	va_end(ap);
	return -2;
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(stderr, "shpte: warning: ", fmt, ap);
	va_end(ap);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(stdout, "", fmt, ap);
	va_end(ap);
}

void say_text(const char *text)
{
	pthread_mutex_lock(&lock);
	wipe();
	put(text);
	pthread_mutex_unlock(&lock);
}

int say_end(void)
{
	put("");
	if (ferror(stdout) && !lost)
		lost = EIO;
	if (!lost || lost == EPIPE)
		return 0;
	return err("stdout cannot be written: %s; what was to be printed is not complete", strerror(lost));
}

void note(const char *fmt, ...)
{
	va_list ap;

	if (log_quiet)
		return;
	va_start(ap, fmt);
	message(stderr, "shpte: ", fmt, ap);
	va_end(ap);
}

void log_line(const char *line)
{
	pthread_mutex_lock(&lock);
	wipe();
	put("");
	fprintf(stderr, "%s\n", line);
	pthread_mutex_unlock(&lock);
}

void log_relay(int fd)
{
	/* What stderr was is remembered. */
	is_tty();
	dup2(fd, STDERR_FILENO);
	on_screen = false;
	step.active = false;
	log_relayed = true;
}

/* The cache file `times`: lines of "<seconds> <key>". */
static double time_get(const char *key)
{
	_free_ path = cache_path("times");
	_strv_ lines = {0};
	_str_ text = {0};
	double found = 0;

	file_read(path, &text);
	strv_split(&lines, str_get(&text), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *space = strchr(lines.v[i], ' ');

		if (space && !strcmp(space + 1, key))
			found = atof(lines.v[i]);
	}
	return found;
}

/* What was not done for so many other steps is forgotten. */
#define TIMES_MAX 300

static void time_put(const char *key, double seconds)
{
	_free_ path = cache_path("times");
	_str_ text = {0}, fresh = {0};
	_strv_ lines = {0};

	file_read(path, &text);
	strv_split(&lines, str_get(&text), "\n");
	for (size_t i = lines.n > TIMES_MAX ? lines.n - TIMES_MAX : 0; i < lines.n; i++) {
		const char *space = strchr(lines.v[i], ' ');

		if (space && strcmp(space + 1, key))
			str_addf(&fresh, "%s\n", lines.v[i]);
	}
	str_addf(&fresh, "%.1f %s\n", seconds, key);
	/* Only an estimate: it is no error when it can't be kept. */
	file_write(path, fresh.s, fresh.len);
}

static void add_clock(struct str *b, double seconds, const char *fmt)
{
	long s = seconds < 0 ? 0 : seconds + 0.5;

	str_addf(b, fmt, s / 60, s % 60);
}

static void add_percent(struct str *b, double part)
{
	if (part > 0)
		str_addf(b, " %d%%", part < 1 ? (int)(part * 100) : step.total ? 100 : 99);
}

/* Short: it is one of several in a line. */
static void relay(double part)
{
	const char *what = strrchr(step.name, ':');
	_str_ b = {0};

	str_addf(&b, "\r%.12s", step.detail.len ? step.detail.s : what && what[1] == ' ' ? what + 2 : step.name);
	add_percent(&b, part);
	fprintf(stderr, "%s\n", b.s);
	fflush(stderr);
}

static void draw(bool at_once)
{
	double t = now(), elapsed = t - step.begun, part = 0, left = -1;
	_str_ b = {0};

	if (!step.active || log_quiet || !is_tty() || (!at_once && t - step.drawn < 0.1))
		return;
	step.drawn = t;
	if (step.total) {
		part = (double)step.done / step.total;
		if (part > 0.02 && elapsed > 1)
			left = elapsed * (1 - part) / part;
		else if (step.before > 0)
			left = step.before - elapsed;
	} else if (step.before > 0) {
		part = elapsed / step.before;
		left = step.before - elapsed;
	}
	if (log_relayed) {
		relay(part);
		return;
	}
	add_clock(&b, elapsed, "[%02ld:%02ld] ");
	str_add(&b, step.name);
	if (step.detail.len)
		str_addf(&b, ": %s", step.detail.s);
	add_percent(&b, part);
	if (left > 0)
		add_clock(&b, left, " ~%ld:%02ld left");
	/* Longer than the terminal is wide, it would wrap and pile up. */
	if (b.len > 79)
		b.s[79] = '\0';
	fprintf(stderr, "\r%s\033[K", b.s);
	fflush(stderr);
	on_screen = true;
}

void step_tick(void)
{
	pthread_mutex_lock(&lock);
	if (now() - step.drawn > 0.9)
		draw(true);
	pthread_mutex_unlock(&lock);
}

void step_begin(const char *key, const char *fmt, ...)
{
	_str_ about = {0};
	va_list ap;

	free(step.key);
	free(step.name);
	va_start(ap, fmt);
	step.name = NULL;
	str_clear(&step.detail);
	str_vaddf(&about, fmt, ap);
	va_end(ap);
	step.name = xstrdup(str_get(&about));
	step.key = xstrdup(key);
	step.done = step.total = 0;
	step.begun = now();
	step.drawn = 0;
	step.before = time_get(key);
	step.active = true;
	if (is_tty()) {
		step_tick();
		return;
	}
	if (step.before > 0)
		add_clock(&about, step.before, " (takes about %ld:%02ld)");
	note("%s", str_get(&about));
}

void step_detail(const char *fmt, ...)
{
	va_list ap;

	pthread_mutex_lock(&lock);
	str_clear(&step.detail);
	va_start(ap, fmt);
	str_vaddf(&step.detail, fmt, ap);
	va_end(ap);
	draw(false);
	pthread_mutex_unlock(&lock);
}

void step_progress(unsigned long done, unsigned long total)
{
	pthread_mutex_lock(&lock);
	step.done = done;
	step.total = total;
	draw(false);
	pthread_mutex_unlock(&lock);
}

void step_end(bool ok, const char *fmt, ...)
{
	double seconds = now() - step.begun;
	_str_ b = {0}, line = {0};
	va_list ap;

	if (!step.active)
		return;
	va_start(ap, fmt);
	str_vaddf(&b, fmt, ap);
	va_end(ap);
	step.active = false;
	if (ok) {
		time_put(step.key, seconds);
	} else if (!b.len) {
		wipe();
		return;
	}
	if (!b.len)
		str_addf(&b, "%s: done", step.name);
	add_clock(&line, seconds, "[%02ld:%02ld] ");
	str_add(&line, b.s);
	note("%s", line.s);
}
