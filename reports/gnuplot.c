// SPDX-License-Identifier: GPL-2.0
/* gnuplot as a child, and its SVG made fit for a page. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "gnuplot.h"
#include "html.h"

static const char style[] =
	"\n<style>"
	"text{font-family:system-ui,sans-serif;fill:#444}"
	"@media(prefers-color-scheme:dark){"
	"text{fill:#bbb}"
	"[stroke='rgb(180,  83,   9)']{stroke:#f0a050}[color='rgb(180,  83,   9)']{color:#f0a050}"
	"[stroke='rgb( 29,  78, 216)']{stroke:#7fb0ff}[color='rgb( 29,  78, 216)']{color:#7fb0ff}"
	"[fill='rgb(180,  83,   9)']{fill:#f0a050}[fill='rgb( 29,  78, 216)']{fill:#7fb0ff}"
	"[stroke='rgb(192, 192, 192)']{stroke:#444}"
	"}</style>\n";

void gnuplot_quoted(struct str *b, const char *s)
{
	str_add(b, "'");
	for (; *s; s++)
		str_addn(b, *s == '\'' ? "''" : (unsigned char)*s < ' ' ? " " : s, *s == '\'' ? 2 : 1);
	str_add(b, "'");
}

/* gnuplot's SVG from its root element on, with our style and title in it. */
static int dress(const char *title, const char *mark, const char *raw, struct str *svg)
{
	const char *start = strstr(raw, "<svg"), *inside = start ? strchr(start, '>') : NULL;
	const char *body = inside ? strstr(inside, "<g id=\"gnuplot_canvas\"") : NULL;

	if (!body)
		return err("gnuplot wrote no SVG");
	str_addn(svg, start, inside + 1 - start);
	html_addf(svg, "\n<title>%s</title>", title);
	str_add(svg, mark);
	str_add(svg, style);
	str_add(svg, body);
	return 0;
}

/* FNV-1a */
static uint64_t mix(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

/* What a picture is made of, as a comment in it. */
static char *mark_of(const char *title, const struct str *script)
{
	return xasprintf("\n<!-- %016" PRIx64 " -->", mix(mix(mix(0xcbf29ce484222325, style), title), script->s));
}

/* True: the old file holds this picture. */
static bool take_old(const char *old, const char *mark, struct str *svg)
{
	_str_ text = {0};

	if (!old || file_read(old, &text) || !strstr(str_get(&text), mark))
		return false;
	str_addn(svg, text.s, text.len);
	return true;
}

int gnuplot_svg(const char *title, const struct str *script, const char *old, struct str *svg)
{
	_str_ out = {0}, errors = {0};
	_run_ r = { .out = &out, .err = &errors, .timeout = 60 };
	static bool warned;
	_free_ what = NULL, *mark = mark_of(title, script);
	int status;

	if (take_old(old, mark, svg))
		return 0;
	r.in = script->s;
	run_args(&r, "gnuplot", "-", NULL);
	status = run_wait(&r);
	if (status == 0)
		return dress(title, mark, str_get(&out), svg);
	if (status == -ENOENT) {
		if (!warned)
			warn("gnuplot is missing: the page has the figures as tables only");
		warned = true;
		return 1;
	}
	if (status == -EINTR)
		return err("stopped; the site is as it was");
	what = run_describe(&r, status);
	return err("%s: %.200s", what, str_get(&errors));
}
