// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "apply.h"

/* +1 for a line that opens an #if, -1 for one that closes it. */
static int condition(const char *line)
{
	if (*line != '#')
		return 0;
	line++;
	line += strspn(line, " \t");
	return starts_with(line, "if") ? 1 : starts_with(line, "endif") ? -1 : 0;
}

/*
 * The end of the last of the first `#include <linux/...>` lines that no #if surrounds, else of the first such include at all; 0: none.
 */
static size_t include_place(const char *text)
{
	size_t place = 0, any = 0;
	int depth = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		depth += condition(line);
		if (!depth && starts_with(line, "#include <linux/"))
			place = line + strcspn(line, "\n") - text;
		else if (!depth && !any && starts_with(line, "#include"))
			any = line + strcspn(line, "\n") - text;
		if (*line == '{')	/* code has begun */
			break;
	}
	return place ? place : any;
}

char *add_include(const char *text, const char *header)
{
	_free_ line = xasprintf("#include <%s>\n", header);
	size_t place = include_place(text);

	if (!place || strstr(text, line))
		return NULL;
	return xasprintf("%.*s\n%.*s%s", (int)place, text, (int)strlen(line) - 1, line, text + place);
}
