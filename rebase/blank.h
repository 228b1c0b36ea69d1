/* SPDX-License-Identifier: GPL-2.0 */
/* C without what the compiler does not look at. */
#ifndef BLANK_H
#define BLANK_H

/* Spaces in the place of comments, and one letter in that of quoted text; lines stay lines, and all else stays where it is. */
void blank(char *text);

#endif
