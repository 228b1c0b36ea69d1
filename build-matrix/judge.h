/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of a booted kernel, judged from its console and QEMU's events as they come.
 * Pure: knows no clock, no file and no process; all times are seconds since QEMU was started.
 */
#ifndef BUILD_MATRIX_JUDGE_H
#define BUILD_MATRIX_JUDGE_H

#include "ktap.h"
#include "patterns.h"

enum judge_mode {
	JUDGE_TESTS,			/* the guest tests run as init: they speak at least every 10 s and say when they end */
	JUDGE_INIT,			/* any program runs as init */
};

/* How long one guest test may take. */
struct limit {
	char *test;
	double seconds;
};

struct judge {
	const struct patterns *patterns;
	enum judge_mode mode;
	double timeout;			/* for all of it */
	double silence;			/* for a guest that must speak */
	/* To be set after judge_init(). */
	bool fail_fast;			/* the first failure or complaint is enough */
	const struct limit *limits;	/* a test that takes longer hangs; one that is not in the list has only the timeout */
	size_t n_limits;

	bool settled;			/* the verdict below stands, at `until` nothing more is waited for */
	enum verdict verdict;
	double until;
	struct str detail;
	bool from_event;		/* the detail is an event's; a line of the console says more */

	struct strv complaints;		/* the first line of each splat */
	size_t more_complaints;		/* not kept, there were too many */
	const char *complained_of;	/* what the verdict is called for it, the patterns'; NULL: as it is */
	char *complained_in;		/* the guest test that ran at the first one, NULL: none has begun */
	struct ktap ktap;

	double last;			/* when the console last spoke */
	double last_splat, test_begun;
	bool kernel, userspace;		/* a line of the kernel's, of user space was seen */
	struct str line, partial;	/* the last line; a user line that the kernel's message cut in two */
	struct str no_init, about;	/* why there is no user space; what the splat that begins is about */
	int cut;			/* lines since "cut here", few; what came after it was recorded */
	bool cut_told;
	struct str reason;		/* of QEMU's SHUTDOWN event */
	struct str running;		/* the guest test that test_begun is about; stays when it has ended */
};

void judge_init(struct judge *j, const struct patterns *patterns, enum judge_mode mode, double timeout);
void judge_free(struct judge *j);

/* The console said something, if not a whole line yet. */
void judge_alive(struct judge *j, double t);
void judge_line(struct judge *j, const char *line, double t);
/* An event of QEMU's; reason may be NULL. */
void judge_event(struct judge *j, const char *event, const char *reason, double t);
/* QEMU ended by itself; status as from wait(2), `said` is the last line of its stderr. */
void judge_exit(struct judge *j, int status, const char *said, double t);
/* We can't go on: the verdict is about us, not about the guest. */
void judge_abort(struct judge *j, enum verdict v, const char *fmt, ...) _printf_(3, 4);

/* Looks at the time; true when nothing more is to be waited for. */
bool judge_done(struct judge *j, double t);
/* When it wants to look again at the latest. */
double judge_next(const struct judge *j);

/* The verdict, when all is over; adds a line of explanation to *detail. */
enum verdict judge_finish(struct judge *j, struct str *detail);

#endif
