// SPDX-License-Identifier: GPL-2.0
/* C without what the compiler does not look at. */
#include "blank.h"
#include "slice.h"

/* Past the comment or the quoted text that begins at p; p itself when none does. */
static const char *past_dead(const char *p)
{
	const char *end;

	if (*p != '"' && *p != '\'')
		return past_comment(p);
	for (end = p + 1; *end && *end != *p && *end != '\n'; end++)
		if (*end == '\\' && end[1])
			end++;
	return *end ? end + 1 : end;
}

void blank(char *text)
{
	for (char *p = text; *p; p++) {
		const char *end = past_dead(p);
		bool quoted = *p != '/';

		if (end == p)
			continue;
		if (quoted)
			*p++ = 'x';
		for (; p < end; p++)
			if (*p != '\n')
				*p = ' ';
		p--;
	}
}
