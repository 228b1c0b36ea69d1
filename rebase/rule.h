/* SPDX-License-Identifier: GPL-2.0 */
/* A rule: a semantic patch whose header says what it does, where, and how often. */
#ifndef RULE_H
#define RULE_H

#include "../lib/str.h"

/*
 * A function that the rule must match, and in how many places; 0: it is changed, but gets no call of its own.  Of several
 * names exactly one function must match: what it is called depends on the tree.  "*": every other function that the rule
 * looks at.
 */
struct place {
	struct strv names;
	char *text;			/* as the header has it, for messages */
	int wanted;
	bool always;			/* the call is under no condition there */
	int returns;			/* and so many returns, or gotos past it, are before it at most; -1: it does not matter */
};

/* Calls that the rule is to leave nothing of. */
struct left {
	char *text;			/* as the header has it, for messages */
	struct strv names;		/* may be patterns */
	char *args;			/* what their arguments begin with */
	int allowed;			/* so many of them stay in a function */
};

/* Names that only these functions may have in them: the place is hooked where they are, and nowhere else. */
struct callers {
	char *text;			/* the names as the header has them, for messages */
	struct strv names, by;		/* a name may be a pattern, and begin with a dot: a member's, with "=" behind it where it is stored to */
};

struct rule {
	char *name;			/* "hooks/fault" */
	char *path;			/* of the .cocci file */
	char *subject, *body;		/* the commit message, body may be "" */
	struct strv in;			/* folders of the tree to look in, or files */
	struct strv except;		/* files that are left out */
	struct strv killed_by;		/* guest tests that notice when the rule is left out */
	char *everywhere;		/* every function that calls this is looked at, NULL: the places' only */
	char *adds;			/* the call that it adds; counted to know the matches */
	char *config;			/* the option without which a kernel has no such place, NULL: all have it */
	struct strv unless;		/* pairs, FUNCTION CALL: where one makes its call, the tree does itself what the rule is for */
	struct strv then;		/* pairs, FUNCTION CALL: in a place's function, that call comes behind ours before any return */
	struct strv unlike;		/* functions that look like copies of a place's, and need no hook */
	struct strv seen, seen_without;	/* releases that needed the rule, and releases that did not */
	bool plain;			/* the files need no include of ours */
	struct strv when;		/* pairs, PATH TEXT: only trees whose file, or files, have it need the rule */
	struct strv when_not;		/* the same, and none whose file has it */
	struct strv files;		/* of churn: our files that it changes, each whole */
	bool textual;			/* of churn: there is no semantic patch, only the line */
	char *replace, *by;		/* of churn: a line that spatch can't read, and what takes its place; NULL: none */
	struct place *places;
	size_t n;
	struct left *left;
	size_t n_left;
	struct callers *callers;
	size_t n_callers;
};

/*
 * Reads one rule.  Its header is the comment at the top:
 *	// subject
 *	//
 *	// body ...
 *	//
 *	// In: mm
 *	// Place: FUNCTION[|FUNCTION...] COUNT [always|after COUNT]	(one line a function; "*" for all others, with Everywhere)
 *	// Adds: CALL
 *	// When: PATH TEXT		(optional, one line each)
 *	// Unless: FUNCTION CALL	(optional, one line each)
 *	// Then: FUNCTION CALL	(optional, one line each)
 *	// Unlike: FUNCTION...	(optional)
 *	// Include: none		(optional)
 *	// Everywhere: CALL		(optional)
 *	// Except: FILE...		(optional)
 *	// Left: COUNT CALL[|CALL...](ARGUMENTS	(optional)
 *	// Callers: NAME[|NAME...] FUNCTION...	(optional; lines of the same names are one)
 *	// Config: OPTION		(optional)
 *	// Killed by: PROGRAM...	(optional)
 *	// Seen: 6.12
 *	// Not needed: 7.3		(optional)
 * 0 or -1 after a message that names the file and what its header lacks.
 */
int rule_load(struct rule *r, const char *name, const char *path);
void rule_free(struct rule *r);
/* Is the file below the rule's In, and not excepted? */
bool rule_looks_at(const struct rule *r, const char *path);

/*
 * The rules of cocci/<folder>/series, "hooks" or "churn", in order.  A churn rule has no In, Place and Adds, but
 *	// When: PATH TEXT		(one line each; all must be so)
 *	// Files: PATH...
 *	// Replace: LINE		(optional, with By)
 *	// By: LINE
 * 0 or -1 after a message; *out and each rule are freed by rules_free().
 */
int rules_load(const char *folder, struct rule **out, size_t *n);
void rules_free(struct rule *rules, size_t n);

#endif
