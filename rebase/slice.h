/* SPDX-License-Identifier: GPL-2.0 */
/* Finding the functions in a C file written in kernel style. */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>

/* One function: from its first line to the closing brace's. Offsets into the text. */
struct slice {
	size_t start, body, end;	/* body: the opening brace */
	char name[128];			/* "zap_pte_range"; of what a macro defines "SYSCALL_DEFINE3(mprotect)" */
};

/*
 * The next function at or after `from`: a header that starts in column 0, a brace in column 0 or at the end of the header, and a
 * closing brace in column 0 or on the same line.  Where two signatures under #ifdef have one body, it begins with the last one.
 * False when there is none.
 */
bool slice_next(const char *text, size_t from, struct slice *s);

/* The next one of this name at or after `from`; false when there is none. */
bool slice_find(const char *text, size_t from, const char *name, struct slice *s);
/* Past the comment that begins at p, which of // leaves the end of the line; p itself when none does. */
const char *past_comment(const char *p);
/* Can it be part of an identifier? */
bool is_word(char c);
/* The next word at or after p, which no digit begins, NULL: there is none; its length is in *len. */
const char *next_word(const char *p, size_t *len);
/* The next whole word `word` of the text at or after p; NULL: there is none. */
const char *find_word(const char *text, const char *p, const char *word);
/* Where the line begins that text[at] is on. */
size_t line_start(const char *text, size_t at);
/* Past the parentheses, or the brackets, that open at p, or `end`. */
const char *past_pair(const char *p, const char *end);
/* Is the word a member's name, after a dot or an arrow? */
bool is_member(const char *text, const char *word);
/* Is the word, which has this length, one of the language's? */
bool is_keyword(const char *word, size_t len);
/* Is it written as constants and macros are, VM_LOCKED?  An option of the configuration is none. */
bool is_constant(const char *word, size_t len);
/* Is it what a #define on its line defines? */
bool is_defined(const char *text, const char *word);
/* Does a type, or #define, stand before the word, so that it is declared here? */
bool is_declared(const char *text, const char *word);
/* Is `at` inside of a comment of the line it is on, or of one that began before? */
bool in_comment(const char *text, const char *at);
/* The line that text[at] is on, from 1. */
int line_of(const char *text, size_t at);
/* Number of calls `name(` in text[from, to), whole identifiers only, comments left out. */
int count_calls(const char *text, size_t from, size_t to, const char *name);

#endif
