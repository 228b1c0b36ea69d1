// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "../lib/str.h"
#include "slice.h"

bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *next_word(const char *p, size_t *len)
{
	while (*p && (!is_word(*p) || isdigit((unsigned char)*p)))
		p += isdigit((unsigned char)*p) ? strspn(p, "0123456789abcdefABCDEFxXuUlL") : 1;
	for (*len = 0; is_word(p[*len]); ++*len)
		;
	return *len ? p : NULL;
}

const char *find_word(const char *text, const char *p, const char *word)
{
	size_t len = strlen(word);

	while ((p = strstr(p, word)) && (is_word(p[len]) || (p > text && is_word(p[-1]))))
		p += len;
	return p;
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
size_t line_start(const char *text, size_t at)
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

/* The first of the lines above this one that belong to a function's header; the line itself: none does. */
static size_t header_start(const char *text, size_t line)
{
	size_t start = line;

	while (start) {
		size_t above = line_start(text, start - 1);

		if (!header_line(text + above, text + start - 1) || goes_on(text, above))
			break;
		start = above;
	}
	return start;
}

const char *past_pair(const char *p, const char *end)
{
	char open = *p, closing = open == '(' ? ')' : ']';
	int depth = 0;

	for (; p < end; p++) {
		depth += *p == open ? 1 : *p == closing ? -1 : 0;
		if (!depth)
			return p + 1;
	}
	return end;
}

/* Is it no function's name, but what a compiler is told of one? */
static bool is_attribute(const char *word, size_t len)
{
	static const char *const words[] = {
		"__attribute__", "__printf", "__scanf", "__section", "__aligned", "__malloc", "__alloc_size", "__realloc_size", NULL
	};

	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) == len && !memcmp(words[i], word, len))
			return true;
	return false;
}

/* SYSCALL_DEFINE3(mprotect, ...) makes a function that its first argument tells from others. */
static size_t macro_argument(const char *name, size_t len, const char *paren, const char *end)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		if (islower((unsigned char)name[i]))
			return 0;
	while (paren + n < end && is_word(paren[n]))
		n++;
	return n > 1 && paren + n < end ? n : 0;
}

/* The name is the identifier before the first parenthesis that is not an attribute's. */
static bool header_name(const char *header, size_t len, char *name, size_t size)
{
	const char *limit = header + len, *end, *start, *paren = header;
	size_t n, more;

	do {
		paren = memchr(paren, '(', limit - paren);
		if (!paren)
			return false;
		for (end = paren; end > header && isspace((unsigned char)end[-1]); end--)
			;
		for (start = end; start > header && is_word(start[-1]); start--)
			;
		n = end - start;
	} while (is_attribute(start, n) && (paren = past_pair(paren, limit)));
	more = macro_argument(start, n, paren, limit);
	if (!n || n + more + 2 > size)
		return false;
	memcpy(name, start, n);
	memcpy(name + n, paren, more);
	memcpy(name + n + more, ")", more ? 2 : 1);
	name[n + more + !!more] = 0;
	return true;
}

/* Is the rest of the line from p empty? */
static bool line_ends(const char *p)
{
	p += strspn(p, " \t");
	return *p == '\n' || !*p || past_comment(p) > p;
}

/* The end of the function whose body opens at `brace`: on the same line, or a brace in column 0.  0: it is no function's. */
static size_t body_end(const char *text, size_t brace)
{
	const char *close;
	int depth = 0;

	if (line_ends(text + brace + 1)) {
		close = strstr(text + brace, "\n}");
		return close ? close + 2 - text : 0;
	}
	for (const char *p = text + brace; *p && *p != '\n'; p++) {
		depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
		if (!depth)
			return line_ends(p + 1) ? p + 1 - text : 0;
	}
	return 0;
}

/* Where the header of a brace that ends it on the same line begins: the brace's line belongs to it. */
static size_t header_start_of_line(const char *text, size_t line, size_t brace)
{
	if (!header_line(text + line, text + brace) || goes_on(text, line))
		return brace;
	return header_start(text, line);
}

/* Of two signatures under #ifdef with one body, the last one is the function's here. */
static size_t header_start_above(const char *text, size_t brace)
{
	size_t start = header_start(text, brace), above;

	/* a blank line before the brace, which some leave by mistake */
	if (start == brace && start > 1 && text[start - 2] == '\n')
		start = header_start(text, start - 1);
	if (start < brace || !start)
		return start;
	above = line_start(text, start - 1);
	return starts_with(text + above, "#endif") ? header_start(text, above) : brace;
}

/* Where the function whose body may open at `brace` begins; brace: none does. */
static size_t function_start(const char *text, size_t brace)
{
	size_t line = line_start(text, brace), end = brace;

	if (line == brace)
		return header_start_above(text, brace);
	while (end > line && isspace((unsigned char)text[end - 1]))
		end--;
	return end > line && text[end - 1] == ')' ? header_start_of_line(text, line, brace) : brace;
}

bool slice_next(const char *text, size_t from, struct slice *s)
{
	for (const char *brace = text + from; (brace = strchr(brace, '{')); brace++) {
		s->body = brace - text;
		s->start = function_start(text, s->body);
		if (s->start < from || s->start == s->body || isspace((unsigned char)text[s->start]))
			continue;
		s->end = body_end(text, s->body);
		if (s->end && header_name(text + s->start, s->body - s->start, s->name, sizeof(s->name)))
			return true;
	}
	return false;
}

bool slice_find(const char *text, size_t from, const char *name, struct slice *s)
{
	_free_ word = xstrndup(name, strcspn(name, "("));

	/* Telling functions apart takes longer than looking for a word. */
	if (!strstr(text + from, word))
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

bool in_comment(const char *text, const char *at)
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

	for (const char *p = text + from; (p = memmem(p, text + to - p, name, len)); p += len)
		n += p[len] == '(' && (p == text || !is_word(p[-1])) && !in_comment(text + from, p);
	return n;
}

bool is_keyword(const char *word, size_t len)
{
	static const char *const words[] = {
		"if", "else", "for", "while", "do", "switch", "case", "return", "goto", "sizeof", "typeof", "__typeof__", "defined",
		"__attribute__", NULL
	};

	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], word, len))
			return true;
	return false;
}

bool is_constant(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (islower((unsigned char)word[i]))
			return false;
	return len > 2 && !starts_with(word, "CONFIG_");
}

bool is_defined(const char *text, const char *word)
{
	const char *line = text + line_start(text, word - text);

	/* "# define" under an #if */
	if (*line++ != '#')
		return false;
	line += strspn(line, " \t");
	return starts_with(line, "define") && line + 6 + strspn(line + 6, " \t") == word;
}

bool is_declared(const char *text, const char *word)
{
	const char *end = word, *start;

	while (end > text && strchr(" \t*", end[-1]))
		end--;
	for (start = end; start > text && is_word(start[-1]); start--)
		;
	return start < end && !is_keyword(start, end - start);
}
