/* SPDX-License-Identifier: GPL-2.0 */
/* The site while it is written, and what all pages have in common. */
#ifndef REPORTS_SITE_H
#define REPORTS_SITE_H

#include "db.h"
#include "pair.h"
#include "plot.h"

struct git_repository;

struct site {
	char *old;			/* the site that is there now, if one is */
	char *dir;			/* where it is written; moved into place when complete */
	struct db *db;
	struct git_repository *repo;	/* the store, NULL: there is none */
	struct results latest;
	struct pairs pairs, suites;	/* of the guest tests; of what others wrote */
};

/* site.c: files of the site. All give 0, or -1 after a message. */

/* Begins a site that is to become `output`: an empty folder beside it. */
int site_begin(struct site *s, const char *output);
/* Puts it in the place of the old one, in one step. */
int site_swap(struct site *s, const char *output);
int site_write(struct site *s, const char *path, const char *data, size_t len);
int site_copy(struct site *s, const char *path, const char *from);
/* A page in the common frame; path "cell/x.html" below the site, crumbs and body are HTML. */
int site_page(struct site *s, const char *path, const char *title, const struct str *crumbs, const struct str *body);

/* The pair that a latest result is one of, NULL: of none. */
const struct pair *site_pair(const struct site *s, const struct result *r);
/* The same if it is the derived kernel's: only what that one fails is held against the other. */
const struct pair *site_pair_of_ours(const struct site *s, const struct result *r);

/* ui.c: pieces of HTML that several pages have. */

/* Where things are, below the site; callers free. */
char *cell_page(const struct result *r);
char *arch_page(const char *arch);
char *cell_file(const struct result *r, const char *suffix);
char *series_page(const char *version);
char *commit_page(const char *hex);
char *suite_page(const struct pair *p);
/* <a href=ROOT PATH>TEXT</a>; root is "" or "../" */
void ui_link(struct str *b, const char *root, const char *path, const char *text);
/* A commit, shortened; a link where it has a page. */
void ui_commit_link(struct str *b, const char *root, const struct site *s, const char *hex);
/* The word of a verdict or a test's status with its symbol and colour. */
void ui_grade(struct str *b, enum grade g, const char *word);
/* That ours is of an older series, and when it was run; nothing when it is not. */
void ui_stale(struct str *b, const struct pair *p);
/* A cell with a test's status, NULL: it was not run. */
void ui_status(struct str *b, const char *status);
/* The table of a series: a row a rule commit. */
void ui_rules(struct str *b, const char *root, const struct result *r);
/* Where we are, in the page frame beside the way back to the front. */
void ui_crumbs(struct str *b, const char *here);
/* A row a suite that was run in this kernel and architecture (NULL: in any), or nothing. */
void ui_suites(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch);
/* The same on a page in a folder, with its heading. */
void ui_suites_below(struct str *b, const struct site *s, const char *kernel, const char *arch);
/* Opens and closes what scrolls sideways by itself when the screen is narrow; class "all": as wide as the page, "fit": as its cells. */
void ui_table_begin(struct str *b, const char *label, const char *class);
void ui_table_end(struct str *b);

/* ui-shots.c: pictures of the screen, in the folder of a result. */

/* Puts them into the site; 0 or -1 after a message. */
int shots_copy(struct site *s, const struct result *r);
/* All of them; r may be NULL. */
void ui_shots(struct str *b, const char *root, const struct result *r);
/* The last one, small, with the verdict beside it. */
void ui_thumb(struct str *b, const char *root, const struct result *r);

/* ui-grid.c: the figures that make a table of groups and words; appends the names of the groups that are in one to `drawn`. */
void ui_grids(struct str *b, const struct pair *p, struct strv *drawn);

/* ui-tests.c: the guest tests of a result, beside those of its twin; p NULL: it has none. */
void ui_tests(struct str *b, const struct result *r, const struct pair *p);

/* ui-matrix.c: one of a pair as a cell, with the screens of its machine; the matrix; what is to be said of pairs that are not well. */
void ui_cell_of(struct str *b, const char *root, const struct site *s, const char *kernel, const char *arch, bool ours);
void ui_matrix(struct str *b, const struct site *s);
void ui_notes(struct str *b, const struct site *s, const char *arch);	/* arch NULL: any */

/* ui-<page>.c: each writes its page or pages. 0, or -1 after a message. */
int ui_index(struct site *s);
int ui_arch(struct site *s, const char *arch);
int ui_cell(struct site *s, const struct result *r);
/* found[i], zeroed by the caller: complaint i stands on the log page, at #c<i>. */
int ui_log(struct site *s, const struct result *r, bool *found);
int ui_suite(struct site *s, const struct pair *p);
int ui_series(struct site *s, const struct result *r);
/* The mutants of a derived kernel; no page when there are none. */
int ui_mutate(struct site *s, const struct result *r);
/* A link to it that says what came of them; false: there are none. */
bool ui_mutate_link(struct str *b, const char *root, const struct result *r);
/* The pages of all ports; items of a list with a line and a link for each go to *list. */
int ui_rebases(struct site *s, struct str *list);
/* Was anything ported on this machine? */
bool ui_has_rebases(void);
int ui_commit(struct site *s, const struct result *r, size_t rule);
/* ui-figures.c: the section of one pair on the index, with the plots it writes. */
int ui_figures(struct site *s, struct str *b, const struct pair *p);
/* ui-bars.c: what all architectures have measured, in one picture; nothing when it is one architecture. */
int ui_bars(struct site *s, struct str *b);
/* ui-plots.c: the picture of a plot, in a file of its own so that it can be put into a mail or a talk. */
int ui_plot(struct site *s, struct str *b, const char *root, const char *name, const struct plot *plot);
/* The plots of a suite that has some, with a title each. */
int ui_plots(struct site *s, struct str *b, const char *root, const struct pair *p);

/* ui-trends.c: figures of an architecture over time, from all its results. */
int ui_trends(struct site *s, struct str *b, const char *arch, const struct results *runs);

/* commit.c: what the store has of a commit; both 0, 1 when the store doesn't have it, -1 after a message. */
int commit_message(struct site *s, const char *hex, struct str *body);
int commit_html(struct site *s, const char *hex, struct str *html);

/* export.c: results.json; junit.c: junit.xml; badge.c: badge.svg and badge/<kernel>.svg; tap.c: one result as KTAP */
int export_json(struct site *s);
int export_junit(struct site *s);
int export_badges(struct site *s);
int export_tap(struct site *s, const struct result *r, const char *path);

#endif
