/* SPDX-License-Identifier: GPL-2.0 */
/* Two things at once, round after round: what the tests of that share. */
#ifndef GUEST_RACING_H
#define GUEST_RACING_H

#include "guest.h"

#define TABLES 2
#define LEN (TABLES * span)
#define DELAY SHPTE "/delay_us"
#define ROUND_MS (2000 * slow())

/* Until word[0] is set, and so many times: word[1]. */
#define OVER (guest->word[0] || guest->failed)
#define ROUNDS guest->word[1]

static long ends;

static void begin(void)
{
	guest->word[0] = guest->word[1] = 0;
	ends = now_ms() + ROUND_MS;
	here();
}

static void end(int n)
{
	guest->word[0] = 1;
	for (int i = 0; i < n; i++)
		finish(i);
	CHECK(ROUNDS > 0, "not once did it happen");
	say("# %d times", ROUNDS);
}

/* A few pages of each table: as many as it takes to have it, or to have it no more. */
static void touch(long gen)
{
	for (long at = 0; at < LEN; at += span)
		do_check(at + (ROUNDS + 16 * me) * pagesz % (span / 2), 8 * pagesz, gen);
}

#endif
