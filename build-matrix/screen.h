/* SPDX-License-Identifier: GPL-2.0 */
/* What is to be seen on a guest's screen: judged from a picture of it, pixel by pixel. */
#ifndef BUILD_MATRIX_SCREEN_H
#define BUILD_MATRIX_SCREEN_H

#include "ktap.h"

struct screen {
	unsigned width, height;
	unsigned char *rgb;		/* three bytes a pixel, line by line */
};

/* "window=100x80+40+30 #3366cc 5-60%": in this area so many of the pixels have this colour; without a share all of them. */
struct sight {
	char name[32];
	unsigned width, height, x, y;
	unsigned char rgb[3];
	double least, most;		/* per cent */
};

/* A picture in the format PPM (P6).  0, or -1: *why it is none. */
int screen_parse(struct screen *s, const char *data, size_t len, struct str *why);
void screen_free(struct screen *s);

/* The sights of a line, from *line on: 1 one, 0 no more, -1: it is something else. */
int sight_next(struct sight *s, const char **line);

/*
 * Adds the tests "screen.NAME", which fails when the whole screen has one colour, and "screen.NAME.SIGHT" for each sight in the
 * text.
 */
void screen_check(const struct screen *s, const char *name, const char *sights, struct ktap *tests);

#endif
