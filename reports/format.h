/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers and times as a reader wants them. */
#ifndef REPORTS_FORMAT_H
#define REPORTS_FORMAT_H

#include <stdbool.h>

/* By value, so that several stand in one call: html_addf(b, "%s of %s", fmt_count(1).s, fmt_count(2).s). */
struct text {
	char s[64];
};

struct text fmt_count(double v);	/* 26956 → "26,956"; 3.25 → "3.25"; not a number → "–" */
struct text fmt_seconds(double s);	/* "0.4 s", "31 s", "1 min 15 s", "2 h 05 min" */
struct text fmt_bytes(double bytes);	/* "512 bytes", "96 kB", "3 GB"; powers of 1024, as the kernel's kB */
struct text fmt_ratio(double base, double ours); /* "14.2 × less", "1.3 × more", "same", "–" */
struct text fmt_date(const char *iso);	/* "2026-11-23T20:44:00Z" → "2026-11-23 20:44 UTC" */
bool is_date(const char *iso);
double moment(const char *iso);		/* seconds since 1970; NAN when it is no date */
struct text fmt_day(double moment);	/* "2026-11-23" */
struct text fmt_hour(double moment);	/* "11-23 20:44" */
struct text fmt_size(const char *size);	/* "256M" → "256 MB" */
struct text fmt_commit(const char *hex); /* the first 12 digits */

#endif
