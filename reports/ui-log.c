// SPDX-License-Identifier: GPL-2.0
/* The console log as a page.  The guest may have written anything: nothing of it is believed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "format.h"
#include "html.h"
#include "site.h"

#define HEAD 2000		/* lines shown from the start ... */
#define TAIL 3000		/* ... and from the end */
#define LONGEST 1000		/* bytes shown of one line */

struct log {
	const struct result *r;
	bool *found;
	struct str *html;
	unsigned long lines;
	struct str tail[TAIL];		/* line n, once n > HEAD, is in tail[n % TAIL] */
};

/* Skips the rest of a terminal's escape sequence; ESC was read. */
static void skip_escape(FILE *f)
{
	int c = getc_unlocked(f), n = 0;

	if (c == '[') {
		while ((c = getc_unlocked(f)) != EOF && c >= 0x20 && c < 0x40 && n++ < 64)
			;
		if (c < 0x20 || c > 0x7e)
			ungetc(c, f);
	} else if (c == ']') {
		while ((c = getc_unlocked(f)) != EOF && c != '\a' && c != '\n' && c != 0x1b && n++ < 256)
			;
		if (c == 0x1b)
			skip_escape(f);
		else if (c == '\n')
			ungetc(c, f);
	} else if (c == '\n') {
		ungetc(c, f);
	}
}

/* One line without terminal escapes and carriage returns; false at the end. */
static bool read_line(FILE *f, struct str *line)
{
	int c, n = 0;

	str_clear(line);
	while ((c = getc_unlocked(f)) != EOF && c != '\n') {
		char ch = c;

		if (c == 0x1b)
			skip_escape(f);
		else if (c != '\r' && ++n <= LONGEST)
			str_addn(line, &ch, 1);
	}
	if (n > LONGEST)
		str_add(line, " … (line cut)");
	return c != EOF || n;
}

/* The complaint that this line is the first to hold, -1: none. */
static int complaint_in(struct log *l, const struct str *line)
{
	json_t *c;
	size_t i;

	json_array_foreach(result_list(l->r, "complaints"), i, c) {
		if (l->found[i] || !*json_string_value(c) || !strstr(str_get(line), json_string_value(c)))
			continue;
		l->found[i] = true;
		return i;
	}
	return -1;
}

static void add_line(struct log *l, unsigned long number, const struct str *line)
{
	int c = complaint_in(l, line);

	html_addf(l->html, "<a id=\"L%lu\" href=\"#L%lu\">%lu</a> ", number, number, number);
	if (c >= 0)
		html_addf(l->html, "<mark id=\"c%d\">", c);
	html_textn(l->html, str_get(line), line->len);
	str_add(l->html, c >= 0 ? "</mark>\n" : "\n");
}

static void add_lines(struct log *l, FILE *f)
{
	_str_ line = {0};
	unsigned long from;

	while (read_line(f, &line)) {
		if (++l->lines <= HEAD) {
			add_line(l, l->lines, &line);
			continue;
		}
		str_clear(&l->tail[l->lines % TAIL]);
		str_addn(&l->tail[l->lines % TAIL], str_get(&line), line.len);
	}
	from = l->lines > HEAD + TAIL ? l->lines - TAIL : HEAD;
	if (from > HEAD)
		html_addf(l->html, "<strong class=\"cut\">… %s lines left out here: the whole log is the .txt file …</strong>\n",
			  fmt_count(from - HEAD).s);
	for (unsigned long n = from + 1; n <= l->lines; n++)
		add_line(l, n, &l->tail[n % TAIL]);
}

static int write_page(struct site *s, const struct log *l)
{
	_free_ path = cell_file(l->r, "-console.html"), *cell = cell_page(l->r);
	_free_ txt = cell_file(l->r, "-console.txt"), *title = xasprintf("Console log of %s", l->r->cell);
	_str_ body = {0}, crumbs = {0}, brief = {0};

	result_brief(&brief, l->r, NULL);
	ui_link(&crumbs, "../", cell, l->r->cell);
	str_add(&crumbs, " / ");
	ui_crumbs(&crumbs, "console");
	html_addf(&body, "<h1>%s</h1>\n<p class=\"facts\">", title);
	ui_grade(&body, l->r->shown, l->r->verdict);
	html_addf(&body, " %s · %s · %s lines · ", str_get(&brief), fmt_date(l->r->started).s, fmt_count(l->lines).s);
	ui_link(&body, "../", txt, "as text");
	if (l->lines)
		html_addf(&body, " · <a href=\"#L%lu\">end</a>", l->lines);
	str_addf(&body, "</p>\n<pre class=\"log\">%s</pre>\n", str_get(l->html));
	return site_page(s, path, title, &crumbs, &body);
}

int ui_log(struct site *s, const struct result *r, bool *found)
{
	_free_ from = xasprintf("%s/console.log", r->dir), *txt = cell_file(r, "-console.txt");
	FILE *f = fopen(from, "re");
	_str_ html = {0};
	struct log *l;
	int ret;

	if (!f && errno != ENOENT)
		warn("%s: %s", from, strerror(errno));
	l = xcalloc(1, sizeof(*l));
	*l = (struct log){ .r = r, .found = found, .html = &html };
	if (f) {
		add_lines(l, f);
		fclose(f);
	} else {
		str_add(&html, "(this cell has no console log: it was not booted)\n");
	}
	ret = f ? site_copy(s, txt, from) : site_write(s, txt, "", 0);
	if (!ret)
		ret = write_page(s, l);
	for (int i = 0; i < TAIL; i++)
		str_free(&l->tail[i]);
	free(l);
	return ret;
}
