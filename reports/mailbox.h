/* SPDX-License-Identifier: GPL-2.0 */
/* A mailbox (mbox) that others read, and write to, while we add to it. */
#ifndef REPORTS_MAILBOX_H
#define REPORTS_MAILBOX_H

/*
 * Adds a mail of plain text to the file, which is made for its owner only when it is not there.  It is locked as mail programs do,
 * and all that is in it stays, also when the mail can't be written whole.  A device or a FIFO is written to.
 * 0; -EINTR stopped; -1 after a message.
 */
int mailbox_add(const char *path, const char *subject, const char *body);

#endif
