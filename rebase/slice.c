// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "slice.h"

bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool is_member(const char *text, const char *word)
{
	return word > text && (word[-1] == '.' || (word > text + 1 && word[-1] == '>' && word[-2] == '-'));
}

int line_of(const char *text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* The start of the line that holds text[at]. */
static size_t line_start(const char *text, size_t at)
{
	while (at && text[at - 1] != '\n')
		at--;
	return at;
}

/* Can this line be part of a function's header, when the lines below it are? */
static bool header_line(const char *line, const char *end)
{
	if (line == end || *line == '#' || *line == '}' || *line == '{' || *line == '/' ||
	    (line[0] == ' ' && line[1] == '*'))
		return false;
	return !memchr(line, ';', end - line) && end[-1] != ':';
}

/* Does the line above this one go on here, as those of a macro do? */
static bool goes_on(const char *text, size_t line)
{
	return line > 1 && text[line - 2] == '\\';
}

/* The first line of the header whose opening brace is at `brace`. */
static size_t header_start(const char *text, size_t brace)
{
	size_t start = brace;

	/* a blank line before the brace, which some leave by mistake */
	if (start > 1 && text[start - 2] == '\n')
		start--;
	while (start) {
		size_t above = line_start(text, start - 1);

		if (!header_line(text + above, text + start - 1) || goes_on(text, above))
			break;
		start = above;
	}
	return start;
}

/* The name is the identifier before the first parenthesis. */
static bool header_name(const char *header, size_t len, char *name, size_t size)
{
	const char *paren = memchr(header, '(', len), *end = paren, *start;

	if (!paren)
		return false;
	while (end > header && isspace((unsigned char)end[-1]))
		end--;
	for (start = end; start > header && is_word(start[-1]); start--)
		;
	if (start == end || (size_t)(end - start) >= size)
		return false;
	memcpy(name, start, end - start);
	name[end - start] = 0;
	return true;
}

bool slice_next(const char *text, size_t from, struct slice *s)
{
	const char *brace = text + from, *close;

	while ((brace = strstr(brace, "\n{\n"))) {
		s->body = ++brace - text;
		s->start = header_start(text, s->body);
		close = strstr(brace, "\n}");
		if (!close)
			return false;
		s->end = close + 2 - text;
		if (s->start >= from && s->start < s->body && !isspace((unsigned char)text[s->start]) &&
		    header_name(text + s->start, s->body - s->start, s->name, sizeof(s->name)))
			return true;
	}
	return false;
}

bool slice_find(const char *text, size_t from, const char *name, struct slice *s)
{
	/* Telling functions apart takes longer than looking for a word. */
	if (!strstr(text + from, name))
		return false;
	for (; slice_next(text, from, s); from = s->end)
		if (!strcmp(s->name, name))
			return true;
	return false;
}

const char *past_comment(const char *p)
{
	const char *end;

	if (p[0] == '/' && p[1] == '/')
		return p + strcspn(p, "\n");
	if (p[0] != '/' || p[1] != '*')
		return p;
	end = strstr(p + 2, "*/");
	return end ? end + 2 : p + strlen(p);
}

/* Is `at` inside of a comment of the line it is on, or of one that began before? */
static bool in_comment(const char *text, const char *at)
{
	const char *open = NULL, *line = at;

	while (line > text && line[-1] != '\n')
		line--;
	for (const char *p = line; p < at; p++)
		if (p[0] == '/' && p[1] == '/')
			return true;
	for (const char *p = at; p > text && !open; p--) {
		if (p[-1] == '/' && p > text + 1 && p[-2] == '*')
			return false;
		if (p[-1] == '*' && p > text + 1 && p[-2] == '/')
			open = p;
	}
	return open;
}

int count_calls(const char *text, size_t from, size_t to, const char *name)
{
	size_t len = strlen(name);
	int n = 0;

	for (const char *p = text + from; (p = strstr(p, name)) && p + len <= text + to; p += len)
		n += p[len] == '(' && (p == text || !is_word(p[-1])) && !in_comment(text + from, p);
	return n;
}
