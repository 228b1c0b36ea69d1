/* SPDX-License-Identifier: GPL-2.0 */
/* Room 5: verdicts in, pages out. */
#ifndef REPORTS_H
#define REPORTS_H

#include "../lib/opts.h"
#include "../lib/str.h"

/*
 * Brings the result database up to date and writes the site (to reports/site, or where --output says).
 * *index_path: its front page, caller frees.  0 or -1 after a message; the old site stays then.
 */
int report_write(char **index_path);

int cmd_report(struct strv *args);
int cmd_watch(struct strv *args);
extern const struct opt opts_report[], opts_watch[];

#endif
