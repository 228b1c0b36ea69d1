// SPDX-License-Identifier: GPL-2.0
/* Numbers and times as a reader wants them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format.h"

static struct text dash(void)
{
	return (struct text){ "–" };
}

/* Puts a comma between each three digits of the integer part. */
static void group(char *to, size_t size, const char *digits)
{
	size_t whole = strcspn(digits, "."), n = 0, i = 0;

	for (; digits[i] && n + 2 < size; i++) {
		if (i && i < whole && digits[i - 1] != '-' && (whole - i) % 3 == 0)
			to[n++] = ',';
		to[n++] = digits[i];
	}
	to[n] = '\0';
}

struct text fmt_count(double v)
{
	char digits[48];
	struct text t;

	if (!isfinite(v) || fabs(v) > 1e18)
		return dash();
	snprintf(digits, sizeof(digits), v == (double)(long long)v ? "%.0f" : "%.2f", v);
	group(t.s, sizeof(t.s), digits);
	return t;
}

struct text fmt_seconds(double s)
{
	struct text t;
	long n;

	if (!isfinite(s) || s < 0 || s > 1e9)
		return dash();
	n = (long)(s + 0.5);
	if (s < 9.95)
		snprintf(t.s, sizeof(t.s), "%.1f s", s);
	else if (n < 60)
		snprintf(t.s, sizeof(t.s), "%ld s", n);
	else if (n < 3600)
		snprintf(t.s, sizeof(t.s), "%ld min %02ld s", n / 60, n % 60);
	else
		snprintf(t.s, sizeof(t.s), "%ld h %02ld min", n / 3600, n / 60 % 60);
	return t;
}

struct text fmt_bytes(double bytes)
{
	static const char *const unit[] = { "bytes", "kB", "MB", "GB", "TB" };
	unsigned int i = 0;
	struct text t;

	if (!isfinite(bytes) || bytes < 0 || bytes > 1e15)
		return dash();
	for (; bytes >= 1024 && i < 4; i++)
		bytes /= 1024;
	snprintf(t.s, sizeof(t.s), bytes < 9.95 && bytes != (long)bytes ? "%.1f %s" : "%.0f %s", bytes, unit[i]);
	return t;
}

struct text fmt_ratio(double base, double ours)
{
	double r = base > ours ? base / ours : ours / base;
	struct text t;

	if (!(base > 0) || !(ours > 0) || !isfinite(r))
		return dash();
	if (r < 1.005)
		return (struct text){ "same" };
	snprintf(t.s, sizeof(t.s), "%.*f × %s", r < 1.095 ? 2 : r < 99.5 ? 1 : 0, r, base > ours ? "less" : "more");
	return t;
}

bool is_date(const char *iso)
{
	static const char like[] = "0000-00-00T00:00:00Z";
	size_t i;

	for (i = 0; like[i] && iso[i]; i++)
		if (like[i] == '0' ? iso[i] < '0' || iso[i] > '9' : iso[i] != like[i])
			return false;
	return !like[i] && !iso[i];
}

struct text fmt_date(const char *iso)
{
	struct text t;

	if (!is_date(iso))
		return dash();
	snprintf(t.s, sizeof(t.s), "%.10s %.5s UTC", iso, iso + 11);
	return t;
}

double moment(const char *iso)
{
	struct tm tm = {0};

	return is_date(iso) && strptime(iso, "%Y-%m-%dT%H:%M", &tm) ? (double)timegm(&tm) : NAN;
}

static struct text fmt_moment(double t, const char *how)
{
	time_t seconds = t;
	struct text s = {0};

	strftime(s.s, sizeof(s.s), how, gmtime(&seconds));
	return s;
}

struct text fmt_day(double t)
{
	return fmt_moment(t, "%Y-%m-%d");
}

struct text fmt_hour(double t)
{
	return fmt_moment(t, "%m-%d %H:%M");
}

struct text fmt_size(const char *size)
{
	int digits = strspn(size, "0123456789");
	struct text t;

	snprintf(t.s, sizeof(t.s), "%.*s %.8s%s", digits, size, size + digits, size[digits] ? "B" : "bytes");
	return t;
}

struct text fmt_commit(const char *hex)
{
	struct text t;

	if (!hex || !*hex)
		return dash();
	snprintf(t.s, sizeof(t.s), "%.12s", hex);
	return t;
}
