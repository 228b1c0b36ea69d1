// SPDX-License-Identifier: GPL-2.0
/* What became of a booted kernel, judged from its console and QEMU's events as they come. */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "judge.h"
#include "stamp.h"

#define SILENCE		60.0	/* seconds */
#define SPLAT		2.0	/* seconds that a splat's lines take */
#define END_GRACE	5.0	/* seconds between the guest tests' end and QEMU's */
#define PANIC_GRACE	0.6
#define FAIL_GRACE	0.3	/* for what a test that failed has still to say */
#define COMPLAINTS_MAX	50
#define CUT_MAX		4	/* lines after "cut here" that are one headline */

void judge_init(struct judge *j, const struct patterns *patterns, enum judge_mode mode, double timeout)
{
	*j = (struct judge){
		.patterns = patterns, .mode = mode, .timeout = timeout, .silence = SILENCE, .last_splat = -SPLAT,
		.cut = CUT_MAX,
	};
	ktap_init(&j->ktap);
}

void judge_free(struct judge *j)
{
	str_free(&j->detail);
	strv_free(&j->complaints);
	ktap_free(&j->ktap);
	str_free(&j->line);
	str_free(&j->partial);
	str_free(&j->no_init);
	str_free(&j->about);
	str_free(&j->reason);
	str_free(&j->running);
	free_charp(&j->complained_in);
}

static void set(struct str *b, const char *s)
{
	str_clear(b);
	str_add(b, s);
}

/* The first cause stands: what follows it is only its consequence. */
static void settle(struct judge *j, enum verdict v, double until, const char *detail)
{
	if (j->settled)
		return;
	j->settled = true;
	j->verdict = v;
	j->until = until;
	set(&j->detail, detail);
}

static void complain(struct judge *j, const struct pattern *p, const char *line, double t)
{
	bool inside = t - j->last_splat < SPLAT;
	_str_ text = {0};

	/* What a kernel prints after its panic is no complaint of its own. */
	if (j->settled && j->verdict != V_PASS && j->verdict != V_INIT_FAILED)
		return;
	if ((p->part && inside) || (j->cut < CUT_MAX && j->cut_told))
		return;
	j->last_splat = t;
	j->cut_told = true;
	str_add(&text, line);
	if (j->cut == 1)
		str_addf(&text, ": %s", str_get(&j->about));
	if (strv_has(&j->complaints, text.s))
		return;
	if (!j->complaints.n)
		j->complained_of = p->called;
	if (!j->complaints.n && j->running.len)
		j->complained_in = xstrdup(j->running.s);
	if (j->complaints.n < COMPLAINTS_MAX)
		strv_add(&j->complaints, text.s);
	else
		j->more_complaints++;
}

static void init_ended(struct judge *j, int status, double until)
{
	_free_ how = WIFSIGNALED(status) ?
		xasprintf("init was killed by SIG%s", sigabbrev_np(WTERMSIG(status)) ?: "?") :
		xasprintf("init ended with exit code %d", WEXITSTATUS(status));

	if (j->mode == JUDGE_TESTS)
		settle(j, V_INIT_FAILED, until, how);
	else
		settle(j, status ? V_INIT_FAILED : V_PASS, until, how);
}

static void guest_ends(struct judge *j, const char *line, double until)
{
	_str_ how = {0};

	if (j->mode == JUDGE_INIT) {
		settle(j, V_PASS, until, "init ended the guest");
		return;
	}
	str_addf(&how, "the guest ended itself (%s) before the guest tests were over", line);
	settle(j, V_REBOOT, until, how.s);
}

static void take_verdict(struct judge *j, const struct pattern *p, const char *line, double t)
{
	if (p->verdict == V_COMPLAINED) {
		complain(j, p, line, t);
		return;
	}
	if (p->verdict == V_NO_USERSPACE && !j->no_init.len)
		set(&j->no_init, line);
	if (!p->fatal)
		return;
	if (j->settled && j->from_event) {
		set(&j->detail, line);
		j->from_event = false;
	}
	settle(j, p->verdict, t + p->grace, p->verdict == V_NO_USERSPACE ? j->no_init.s : line);
}

static void weigh(struct judge *j, const char *line, bool raw, double t)
{
	long value;
	const struct pattern *p = patterns_match(j->patterns, line, raw, &value);

	switch (p ? p->meaning : M_IGNORE) {
	case M_VERDICT:
		take_verdict(j, p, line, t);
		break;
	case M_CUT:
		j->cut = 0;
		j->cut_told = false;
		return;
	case M_USERSPACE:
		j->userspace = true;
		break;
	case M_END:
		guest_ends(j, line, t + p->grace);
		break;
	case M_INIT_ENDED:
		init_ended(j, value, t + p->grace);
		break;
	case M_IGNORE:
		break;
	}
	/* WARN(): the line after "cut here" is what it says, the next one where it stands. */
	if (j->cut < CUT_MAX && ++j->cut == 1)
		set(&j->about, line);
}

static void take_ktap(struct judge *j, const char *line, double t)
{
	bool before = j->ktap.end;

	if (!ktap_line(&j->ktap, line))
		return;
	if (j->ktap.end && !before)
		settle(j, V_PASS, t + END_GRACE, "");
	if (j->ktap.current && strcmp(j->ktap.current, str_get(&j->running))) {
		set(&j->running, j->ktap.current);
		j->test_begun = t;
	}
}

/* A splat has more lines to come than a test that failed. */
static void look_for_failure(struct judge *j, double t)
{
	if (!j->fail_fast || j->settled)
		return;
	if (j->complaints.n)
		settle(j, V_COMPLAINED, t + SPLAT, "");
	else if (ktap_count(&j->ktap, TEST_FAIL))
		settle(j, V_TEST_FAILED, t + FAIL_GRACE, "");
}

static void user_line(struct judge *j, const char *line, double t)
{
	_str_ whole = {0};

	str_addf(&whole, "%s%s", str_get(&j->partial), line);
	str_clear(&j->partial);
	/* Before the kernel has spoken it is the firmware's. */
	if (j->kernel && whole.s[strspn(whole.s, " ")])
		j->userspace = true;
	weigh(j, whole.s, true, t);
	take_ktap(j, whole.s, t);
}

/* Escape sequences and bytes that are no text have no place in verdicts and in JSON: colours go, of others a sign stays. */
static void clean(struct str *b, const char *line)
{
	for (; *line; line++) {
		size_t escape = escape_len(line);
		unsigned char c = *line;

		if (escape)
			line += escape - 1;
		else if (c == '\t' || (c >= ' ' && c < 0x7f))
			str_addn(b, line, 1);
		else if (c != '\r')
			str_add(b, "?");
	}
}

void judge_alive(struct judge *j, double t)
{
	j->last = t;
}

void judge_line(struct judge *j, const char *line, double t)
{
	_str_ text = {0};
	size_t at, end;

	judge_alive(j, t);
	clean(&text, line);
	if (!stamp_find(str_get(&text), &at, &end)) {
		if (text.len)
			set(&j->line, text.s);
		user_line(j, str_get(&text), t);
		look_for_failure(j, t);
		return;
	}
	j->kernel = true;
	/* The kernel writes its messages into the middle of what a program writes; the rest follows on the next line. */
	str_addn(&j->partial, text.s, at);
	if (text.s[end])
		set(&j->line, text.s + end);
	weigh(j, text.s + end, false, t);
	take_ktap(j, text.s + end, t);
	look_for_failure(j, t);
}

void judge_event(struct judge *j, const char *event, const char *reason, double t)
{
	if (!strcmp(event, "SHUTDOWN") && reason)
		set(&j->reason, reason);
	if (!strcmp(event, "GUEST_PANICKED")) {
		j->from_event = !j->settled;
		settle(j, V_PANIC, t + PANIC_GRACE, "the guest told QEMU that it panicked");
	}
	if (!strcmp(event, "WATCHDOG"))
		settle(j, V_SILENT, t, "the guest's watchdog expired");
	if (!strcmp(event, "RESET") && (!reason || !strcmp(reason, "guest-reset")))
		settle(j, V_REBOOT, t, "the guest was reset");
}

static void guest_gone(struct judge *j, double t)
{
	_str_ how = {0};

	str_addf(&how, "reset %s; the console's last line: %s",
		 j->userspace ? "without a word of the kernel" : "before init started",
		 j->line.len ? j->line.s : "none");
	settle(j, V_REBOOT, t, how.s);
}

void judge_exit(struct judge *j, int status, const char *said, double t)
{
	bool by_guest = starts_with(str_get(&j->reason), "guest-") || !j->reason.len;
	_str_ how = {0};

	if (j->partial.len)
		user_line(j, "", t);
	if (j->settled) {
		j->until = t;
		return;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status) && by_guest) {
		guest_gone(j, t);
		return;
	}
	if (WIFSIGNALED(status))
		str_addf(&how, "QEMU was killed by SIG%s", sigabbrev_np(WTERMSIG(status)) ?: "?");
	else
		str_addf(&how, "QEMU ended with exit status %d", WEXITSTATUS(status));
	if (!by_guest)
		str_addf(&how, " (%s)", j->reason.s);
	if (said && *said)
		str_addf(&how, ": %s", said);
	settle(j, V_EMULATOR, t, how.s);
}

void judge_abort(struct judge *j, enum verdict v, const char *fmt, ...)
{
	_str_ how = {0};
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&how, fmt, ap);
	va_end(ap);
	settle(j, v, 0, str_get(&how));
}

/* Whether the guest must say something every now and then. */
static bool must_speak(const struct judge *j)
{
	return !j->userspace || j->mode == JUDGE_TESTS;
}

static void timed_out(struct judge *j, double t)
{
	bool silent = t - j->last >= j->timeout / 2;
	_str_ how = {0};

	str_addf(&how, "%s after %.0f s", j->userspace ? "still running" : "init had not started", t);
	if (silent)
		str_addf(&how, ", the last %.0f s without a word", t - j->last);
	str_addf(&how, "; the console's last line: %s", j->line.len ? j->line.s : "none");
	settle(j, silent ? V_SILENT : j->userspace ? V_TIMEOUT : V_NO_USERSPACE, t, how.s);
}

/* When the test that runs has taken too long; beyond the timeout when there is no limit to it. */
static double test_ends(const struct judge *j)
{
	if (j->ktap.current)
		for (size_t i = 0; i < j->n_limits; i++)
			if (!strcmp(j->limits[i].test, j->ktap.current))
				return j->test_begun + j->limits[i].seconds;
	return j->timeout + 1;
}

bool judge_done(struct judge *j, double t)
{
	_str_ how = {0};

	if (!j->settled && t >= j->timeout)
		timed_out(j, t);
	if (!j->settled && must_speak(j) && t - j->last >= j->silence) {
		str_addf(&how, "nothing on the console for %.0f s; its last line: %s", t - j->last,
			 j->line.len ? j->line.s : "none");
		settle(j, V_SILENT, t, how.s);
	}
	if (!j->settled && t >= test_ends(j)) {
		str_addf(&how, "the guest test %s still runs after %.0f s", j->ktap.current, t - j->test_begun);
		settle(j, V_TIMEOUT, t, how.s);
	}
	return j->settled && t >= j->until;
}

double judge_next(const struct judge *j)
{
	double next = j->timeout;

	if (j->settled)
		return j->until;
	if (must_speak(j) && j->last + j->silence < next)
		next = j->last + j->silence;
	if (test_ends(j) < next)
		next = test_ends(j);
	return next;
}
