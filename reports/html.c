// SPDX-License-Identifier: GPL-2.0
/* Writing HTML: escaped unless said otherwise. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the valid UTF-8 sequence at s, 0 when there is none (overlong, surrogate, beyond U+10FFFF). */
static size_t utf8_len(const unsigned char *s, size_t n)
{
	unsigned int c = s[0], min;
	size_t len, i;

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		len = 2, c &= 0x1f, min = 0x80;
	else if (c >= 0xe0 && c <= 0xef)
		len = 3, c &= 0x0f, min = 0x800;
	else if (c >= 0xf0 && c <= 0xf4)
		len = 4, c &= 0x07, min = 0x10000;
	else
		return 0;
	if (len > n)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	/* C1 controls and noncharacters are parse errors in HTML. */
	if ((c >= 0x80 && c <= 0x9f) || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
		return 0;
	return len;
}

static const char *entity(unsigned char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\t': case '\n': return NULL;
	}
	return c < 0x20 || c == 0x7f ? REPLACEMENT : NULL;
}

void html_textn(struct str *b, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n, *plain = p;

	while (p < end) {
		size_t len = utf8_len(p, end - p);
		const char *e = len == 0 ? REPLACEMENT : len == 1 ? entity(*p) : NULL;

		if (e) {
			str_addn(b, (const char *)plain, p - plain);
			str_add(b, e);
			plain = p + 1;
		}
		p += len ? len : 1;
	}
	str_addn(b, (const char *)plain, p - plain);
}

void html_text(struct str *b, const char *s)
{
	html_textn(b, s, strlen(s));
}

static void add_string(struct str *b, const char *s, const char *precision)
{
	html_textn(b, s, precision ? strnlen(s, strtoul(precision + 1, NULL, 10)) : strlen(s));
}

/* One directive of html_addf(), its argument taken from *ap; returns the format behind it. */
static const char *directive(struct str *b, const char *fmt, va_list *ap)
{
	size_t n = strspn(fmt + 1, "-+ #0123456789.lz'") + 1;
	bool big = memchr(fmt, 'l', n) || memchr(fmt, 'z', n);
	char spec[32], out[128] = "";

	snprintf(spec, sizeof(spec), "%.*s", (int)n + 1, fmt);
	switch (fmt[n]) {
	case 's':
		add_string(b, va_arg(*ap, const char *), memchr(fmt, '.', n));
		return fmt + n + 1;
	case '%':
		str_add(b, "%");
		return fmt + n + 1;
	case 'f': case 'g':
		snprintf(out, sizeof(out), spec, va_arg(*ap, double));
		break;
	case 'c': case 'd': case 'i': case 'u': case 'x':
		if (big)
			snprintf(out, sizeof(out), spec, va_arg(*ap, long));
		else
			snprintf(out, sizeof(out), spec, va_arg(*ap, int));
		break;
	}
	html_text(b, out);
	return fmt + n + (fmt[n] != '\0');
}

void html_addf(struct str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	while (*fmt) {
		size_t n = strcspn(fmt, "%");

		str_addn(b, fmt, n);
		fmt += n;
		if (*fmt)
			fmt = directive(b, fmt, &ap);
	}
	va_end(ap);
}

void html_href(struct str *b, const char *path)
{
	for (; *path; path++) {
		unsigned char c = *path;

		/* ':' is encoded, so that no name can pass for a scheme. */
		if (isalnum(c) || strchr("/-_.~+", c))
			str_addn(b, path, 1);
		else
			str_addf(b, "%%%02X", c);
	}
}

char *file_name(const char *s)
{
	char *name = xstrdup(*s ? s : "_");

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_.~+", *p))
			*p = '_';
	if (*name == '.')
		*name = '_';
	return name;
}
