// SPDX-License-Identifier: GPL-2.0
/* Does what a rule adds fit the function that it lands in? */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "blank.h"
#include "fit.h"
#include "slice.h"

static int count_words(const char *text, const char *end, const char *word)
{
	int n = 0;

	for (const char *p = text; (p = find_word(text, p, word)) && p < end; p++)
		n++;
	return n;
}

/* The text up to its first `stop`, with one space where there are several; caller frees. */
static char *squeezed(const char *from, const char *stop)
{
	_str_ out = {0};

	for (const char *p = from; *p && !strchr(stop, *p); p++)
		if (!isspace((unsigned char)*p))
			str_addn(&out, p, 1);
		else if (!isspace((unsigned char)p[1]))
			str_add(&out, " ");
	return xstrdup(str_get(&out));
}

static bool has_label(const char *text, const char *label)
{
	for (const char *p = text; (p = find_word(text, p, label)); p++) {
		const char *line = p;

		while (line > text && (line[-1] == ' ' || line[-1] == '\t'))
			line--;
		if ((line == text || line[-1] == '\n') && p[strlen(label)] == ':')
			return true;
	}
	return false;
}

static int count_gotos(const char *text, const char *label)
{
	int n = 0;

	for (const char *p = text; (p = find_word(text, p, "goto")); p++) {
		const char *to = find_word(text, p, label);

		n += to && to == p + 4 + strspn(p + 4, " \t\n");
	}
	return n;
}

static char *wrong_goto(const char *before, const char *after)
{
	for (const char *p = after; (p = find_word(after, p, "goto")); p++) {
		_free_ label = squeezed(p + 4 + strspn(p + 4, " \t\n"), "; ");

		if (is_word(*label) && count_gotos(after, label) > count_gotos(before, label) && !has_label(after, label))
			return xasprintf("goes to %s, which is no label there", label);
	}
	return NULL;
}

/* How often it returns a value, or, with !value, nothing. */
static int count_returns(const char *text, bool value)
{
	int n = 0;

	for (const char *p = text; (p = find_word(text, p, "return")); p++)
		n += (p[6 + strspn(p + 6, " \t\n")] != ';') == value;
	return n;
}

/* Is its type void?  A pointer to void is not. */
static bool is_void(const char *function)
{
	const char *end = strchr(function, '('), *type = find_word(function, function, "void");

	return end && type && type < end && !memchr(type, '*', end - type);
}

static char *wrong_return(const char *before, const char *after)
{
	bool nothing = is_void(after);

	if (count_returns(after, nothing) == count_returns(before, nothing))
		return NULL;
	return xasprintf("returns %s from a function that returns %s", nothing ? "a value" : "nothing", nothing ? "nothing" : "one");
}

/* How many #ifs of text[0, at) are open there. */
static int count_ifs(const char *text, const char *at)
{
	int depth = 0;

	for (const char *p = text; p < at; p++) {
		const char *what = p + 1 + strspn(p + 1, " \t");

		if (*p == '#' && (p == text || p[-1] == '\n'))
			depth += starts_with(what, "if") ? 1 : starts_with(what, "endif") ? -1 : 0;
	}
	return depth;
}

/* Is text[0, at) left in the middle of a block of the function's, or of an #if? */
static bool is_nested(const char *text, const char *at)
{
	int depth = count_ifs(text, at);

	for (const char *p = text; p < at; p++)
		depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
	return depth != 1;
}

static char *wrong_if(const struct rule *r, const char *after)
{
	for (const char *at = after; (at = find_word(after, at, r->adds)); at++)
		if (count_ifs(after, at))
			return xasprintf("%s is under an #if", r->adds);
	return NULL;
}

/* The ways to pass text[0, at) by that leave out what comes then: each return, and each goto to a label behind it. */
static int count_ways(const char *text, const char *at)
{
	int n = count_words(text, at, "return");

	for (const char *p = text; (p = find_word(text, p, "goto")) && p < at; p++) {
		_free_ label = squeezed(p + 4 + strspn(p + 4, " \t\n"), "; ");

		n += has_label(at, label);
	}
	return n;
}

static char *wrong_place(const struct rule *r, const struct place *p, const char *after)
{
	for (const char *at = after; (at = find_word(after, at, r->adds)); at++) {
		if (is_nested(after, at))
			return xasprintf("%s is under a condition", r->adds);
		if (p->returns >= 0 && count_ways(after, at) > p->returns)
			return xasprintf("there are more than %d ways to return before %s is called", p->returns, r->adds);
	}
	return NULL;
}

/* The calls of after that are as they were before and whose names are alike to one of the pattern's. */
static int count_left(const struct left *l, const char *before, const char *after)
{
	_free_ was = squeezed(before, "");
	size_t len;
	int n = 0;

	for (const char *p = after; (p = next_word(p, &len)); p += len) {
		_free_ word = NULL, *call = NULL;
		bool alike = false;

		if (p[len] != '(')
			continue;
		word = xstrndup(p, len);
		for (size_t i = 0; i < l->names.n; i++)
			alike |= !fnmatch(l->names.v[i], word, 0);
		if (!alike)
			continue;
		call = squeezed(p, ";");
		n += starts_with(call + len + 1, l->args) && strstr(was, call);
	}
	return n;
}

static char *wrong_left(const struct rule *r, const char *before, const char *after)
{
	for (size_t i = 0; i < r->n_left; i++) {
		int n = count_left(&r->left[i], before, after);

		if (n > r->left[i].allowed)
			return xasprintf("%d calls of %s are left, not %d", n, r->left[i].text, r->left[i].allowed);
	}
	return NULL;
}

/* Behind each of our calls, is this one made before the function returns? */
static bool is_followed(const char *after, const char *adds, const char *call)
{
	for (const char *at = after; (at = find_word(after, at, adds)); at++) {
		const char *then = find_word(after, at, call), *end = find_word(after, at, "return");

		if (!then || (end && end < then))
			return false;
	}
	return true;
}

static char *wrong_then(const struct rule *r, const struct place *p, const char *after)
{
	for (size_t i = 0; i < r->then.n; i += 2)
		if (strv_has(&p->names, r->then.v[i]) && !is_followed(after, r->adds, r->then.v[i + 1]))
			return xasprintf("no %s comes behind %s", r->then.v[i + 1], r->adds);
	return NULL;
}

char *fit_wrong(const struct rule *r, const struct place *p, const char *before, const char *after)
{
	_free_ a = xstrdup(before), *b = xstrdup(after);
	char *wrong;

	blank(a);
	blank(b);
	wrong = wrong_goto(a, b);
	if (!wrong)
		wrong = wrong_return(a, b);
	if (!wrong && p && p->always)
		wrong = wrong_place(r, p, b);
	if (!wrong && p)
		wrong = wrong_then(r, p, b);
	if (!wrong)
		wrong = wrong_if(r, b);
	return wrong ? wrong : wrong_left(r, a, b);
}
