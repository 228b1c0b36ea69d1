/* SPDX-License-Identifier: GPL-2.0 */
/* Messages, and progress on long work. */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include "str.h"

/*
 * "shpte: <message>\n" on stderr, one line.  Say what is wrong and what to do next.
 * err() returns -1 so that `return err(...)` reads well; usage() returns -2, which main() turns into
 * exit status 2.  Every cmd_* and room function returns 0, or one of these negative values after having
 * said why, exactly once.
 */
int err(const char *fmt, ...) _printf_(1, 2);
int usage(const char *fmt, ...) _printf_(1, 2);
void warn(const char *fmt, ...) _printf_(1, 2);
/* A line on stdout; the results a command is run for. */
void say(const char *fmt, ...) _printf_(1, 2);
/* The same for text of many lines, which is printed as it is. */
void say_text(const char *text);
/*
 * At the end of the program: 0, or -1 after a message when not all that was to be printed could be written to stdout.  A reader
 * that went away, as head does, had enough: that is no failure.
 */
int say_end(void);
/* A line on stderr about what is being done; nothing with --quiet. */
void note(const char *fmt, ...) _printf_(1, 2);
extern bool log_quiet;

/*
 * Progress of one step: "[mm:ss] step: detail 42% ~1:20 left" redrawn on a terminal's stderr; when
 * stderr is no terminal, one plain line at the start and one at the end.  `key` names the step's kind:
 * the time it took the last time is remembered in the cache and is the estimate (no estimate when it was never done).
 * Steps do not nest.
 */
void step_begin(const char *key, const char *fmt, ...) _printf_(2, 3);
void step_detail(const char *fmt, ...) _printf_(1, 2);
/* done and total in any unit; total 0: unknown, the remembered time estimates. */
void step_progress(unsigned long done, unsigned long total);
/* ok false: the time is not remembered, and an empty text says nothing (err() did). */
void step_end(bool ok, const char *fmt, ...) _printf_(2, 3);

/* Redraws the line's clock; run_wait() calls it every second. */
void step_tick(void);

/*
 * For a worker, a process that is one of many at work: what it says goes to fd, and so does, when our stderr is a terminal, how
 * far its step is, as lines that begin with '\r'.  Who reads fd gives the other lines to log_line().
 */
void log_relay(int fd);
extern bool log_relayed;
void log_line(const char *line);

/* Seconds since an arbitrary start, monotonic. */
double now(void);

#endif
