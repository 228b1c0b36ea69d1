// SPDX-License-Identifier: GPL-2.0
/* The time stamps that tell the kernel's own lines from all others on a console. */
#include <string.h>

#include "stamp.h"

#define DIGITS "0123456789"

/* The length of a stamp at s, 0: there is none. */
static size_t length(const char *s)
{
	const char *p = s + 1;
	size_t n;

	p += strspn(p, " ");
	n = strspn(p, DIGITS);
	if (!n || p[n] != '.')
		return 0;
	p += n + 1;
	if (strspn(p, DIGITS) != 6 || p[6] != ']')
		return 0;
	p += 7;
	/* CONFIG_PRINTK_CALLER: the task or the CPU. */
	if (*p == '[') {
		n = strspn(p + 1, " TC" DIGITS);
		if (p[1 + n] == ']')
			p += n + 2;
	}
	return *p == ' ' ? p + 1 - s : !*p ? p - s : 0;
}

bool stamp_find(const char *line, size_t *at, size_t *end)
{
	bool found = false;

	for (const char *s = line; (s = strchr(s, '[')); s++) {
		size_t n = length(s);

		if (!n)
			continue;
		*at = s - line;
		*end = *at + n;
		found = true;
	}
	return found;
}
