// SPDX-License-Identifier: GPL-2.0
/* What is to be seen on a guest's screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

/* No emulated display is larger, and a header that lies shall not take our memory. */
#define SIDE_MAX 8192

int screen_parse(struct screen *s, const char *data, size_t len, struct str *why)
{
	unsigned width, height, most;
	int end = 0;

	*s = (struct screen){0};
	if (sscanf(data, "P6 %u %u %u%n", &width, &height, &most, &end) != 3 || most != 255 || !width || !height ||
	    width > SIDE_MAX || height > SIDE_MAX) {
		str_add(why, "it is no picture in the format PPM");
		return -1;
	}
	end++;				/* one white space, then the pixels */
	if (len != end + 3UL * width * height) {
		str_addf(why, "a picture of %ux%u has %lu bytes, not %zu", width, height, end + 3UL * width * height, len);
		return -1;
	}
	s->width = width;
	s->height = height;
	s->rgb = xcalloc(width * height, 3);
	memcpy(s->rgb, data + end, 3UL * width * height);
	return 0;
}

void screen_free(struct screen *s)
{
	free(s->rgb);
	*s = (struct screen){0};
}

static int parse_share(struct sight *s, const char **line)
{
	int end = 0;

	s->least = s->most = 100;
	if (sscanf(*line, " %lf-%lf%%%n", &s->least, &s->most, &end) == 2 && end) {
		*line += end;
		return s->least >= 0 && s->most <= 100 && s->least <= s->most ? 0 : -1;
	}
	s->least = s->most = 100;
	return 0;
}

int sight_next(struct sight *s, const char **line)
{
	const char *at = *line + strspn(*line, " ");
	unsigned colour;
	int end = 0;

	if (!*at)
		return 0;
	if (sscanf(at, "%31[a-z0-9-]=%ux%u+%u+%u #%6x%n", s->name, &s->width, &s->height, &s->x, &s->y, &colour, &end) != 6 ||
	    !end || !s->width || !s->height || s->width > SIDE_MAX || s->height > SIDE_MAX || s->x > SIDE_MAX || s->y > SIDE_MAX)
		return -1;
	for (int i = 0; i < 3; i++)
		s->rgb[i] = colour >> (16 - 8 * i);
	at += end;
	if (parse_share(s, &at) || (*at && *at != ' '))
		return -1;
	*line = at;
	return 1;
}

static const unsigned char *pixel(const struct screen *s, unsigned x, unsigned y)
{
	return s->rgb + 3UL * (y * s->width + x);
}

static void check_blank(const struct screen *s, const char *name, struct ktap *tests)
{
	size_t bytes = 3UL * s->width * s->height;
	/* Each pixel is like the one before it. */
	bool blank = !memcmp(s->rgb, s->rgb + 3, bytes - 3);
	_free_ test = xasprintf("screen.%s", name);
	_str_ what = {0};

	str_addf(&what, "%ux%u", s->width, s->height);
	if (blank)
		str_addf(&what, ", all of it #%02x%02x%02x", s->rgb[0], s->rgb[1], s->rgb[2]);
	ktap_add(tests, test, blank ? TEST_FAIL : TEST_PASS, what.s);
}

static double share(const struct screen *s, const struct sight *w)
{
	unsigned long n = 0;

	for (unsigned y = w->y; y < w->y + w->height; y++)
		for (unsigned x = w->x; x < w->x + w->width; x++)
			n += !memcmp(pixel(s, x, y), w->rgb, 3);
	return 100.0 * n / ((unsigned long)w->width * w->height);
}

static void check_sight(const struct screen *s, const char *name, const struct sight *w, struct ktap *tests)
{
	_free_ test = xasprintf("screen.%s.%s", name, w->name);
	bool seen = false;
	_str_ what = {0};

	if (w->x + w->width > s->width || w->y + w->height > s->height) {
		str_addf(&what, "%ux%u+%u+%u is not on a screen of %ux%u", w->width, w->height, w->x, w->y, s->width, s->height);
	} else {
		double percent = share(s, w);

		seen = percent >= w->least && percent <= w->most;
		str_addf(&what, "%.1f %% of %ux%u+%u+%u is #%02x%02x%02x, wanted %g", percent, w->width, w->height, w->x, w->y,
			 w->rgb[0], w->rgb[1], w->rgb[2], w->least);
		str_addf(&what, w->least == w->most ? " %%" : " to %g %%", w->most);
	}
	ktap_add(tests, test, seen ? TEST_PASS : TEST_FAIL, what.s);
}

static void unreadable(const char *name, const char *rest, struct ktap *tests)
{
	_free_ test = xasprintf("screen.%s.asked", name);
	_free_ why = xasprintf("what is to be seen can't be read: %s", rest + strspn(rest, " "));

	ktap_add(tests, test, TEST_FAIL, why);
}

void screen_check(const struct screen *s, const char *name, const char *sights, struct ktap *tests)
{
	struct sight w;
	int ret;

	check_blank(s, name, tests);
	while ((ret = sight_next(&w, &sights)) > 0)
		check_sight(s, name, &w, tests);
	if (ret)
		unreadable(name, sights, tests);
}
