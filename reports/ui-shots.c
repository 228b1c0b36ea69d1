// SPDX-License-Identifier: GPL-2.0
/* Pictures of a guest's screen: screenshot-<NAME>.png in the folder of a result. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "html.h"
#include "site.h"

#define PREFIX "screenshot-"
#define SUFFIX ".png"

struct png {
	uint8_t signature[8];
	uint32_t len;
	char type[4];
	uint32_t width, height;
};

/* The head of a PNG with a size that a screen can have; anything else of that name is no picture. */
static bool read_head(const char *path, struct png *p)
{
	FILE *f = fopen(path, "re");
	bool ok = f && fread(p, sizeof(*p), 1, f) == 1;

	if (f)
		fclose(f);
	if (!ok || memcmp(p->signature, "\x89PNG\r\n\x1a\n", 8) || memcmp(p->type, "IHDR", 4))
		return false;
	p->width = ntohl(p->width);
	p->height = ntohl(p->height);
	return p->width && p->width < 10000 && p->height && p->height < 10000;
}

static void find(const struct result *r, struct strv *names)
{
	_strv_ files = {0};

	dir_list(r->dir, SUFFIX, &files);
	for (size_t i = 0; i < files.n; i++)
		if (starts_with(files.v[i], PREFIX))
			strv_add(names, files.v[i]);
}

static char *shot_file(const struct result *r, const char *name)
{
	_free_ suffix = xasprintf("-%s", name);
	_free_ safe = file_name(suffix);

	return cell_file(r, safe);
}

/* "login" of "screenshot-login.png" */
static char *shot_name(const char *file)
{
	return xstrndup(file + strlen(PREFIX), strlen(file) - strlen(PREFIX SUFFIX));
}

static bool add_image(struct str *b, const char *root, const struct result *r, const char *file)
{
	_free_ path = xasprintf("%s/%s", r->dir, file), *to = shot_file(r, file), *name = shot_name(file);
	struct png png;

	if (!read_head(path, &png))
		return false;
	html_addf(b, "<img src=\"%s", root);
	html_href(b, to);
	html_addf(b, "\" width=\"%u\" height=\"%u\" loading=\"lazy\" alt=\"Screen of %s: %s\">", png.width, png.height, r->cell, name);
	return true;
}

int shots_copy(struct site *s, const struct result *r)
{
	_strv_ files = {0};

	find(r, &files);
	for (size_t i = 0; i < files.n; i++) {
		_free_ from = xasprintf("%s/%s", r->dir, files.v[i]), *to = shot_file(r, files.v[i]);
		struct png png;

		if (read_head(from, &png) && site_copy(s, to, from))
			return -1;
	}
	return 0;
}

void ui_shots(struct str *b, const char *root, const struct result *r)
{
	_strv_ files = {0};
	_str_ all = {0};

	if (r)
		find(r, &files);
	for (size_t i = 0; i < files.n; i++) {
		_free_ name = shot_name(files.v[i]);
		_str_ image = {0};

		if (!add_image(&image, root, r, files.v[i]))
			continue;
		html_addf(&all, "<figure class=\"shot\"><figcaption>%s: %s</figcaption>\n", r->variant, name);
		str_addf(&all, "%s\n</figure>\n", image.s);
	}
	if (all.len)
		str_addf(b, "<div class=\"panels\">\n%s</div>\n", all.s);
}

/* The last one is of what there was in the end. */
void ui_thumb(struct str *b, const char *root, const struct result *r)
{
	_free_ page = cell_page(r);
	_strv_ files = {0};
	_str_ image = {0};

	find(r, &files);
	while (files.n && !add_image(&image, root, r, files.v[files.n - 1]))
		free(files.v[--files.n]);
	if (!image.len)
		return;
	html_addf(b, "<a class=\"thumb\" href=\"%s", root);
	html_href(b, page);
	str_addf(b, "\">%s ", image.s);
	ui_grade(b, r->shown, r->suite);
	html_addf(b, "<small>%s</small></a>", r->verdict);
}
