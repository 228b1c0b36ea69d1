// SPDX-License-Identifier: GPL-2.0
/* Pictures of the guest's screen: what QEMU is asked, and what becomes of its answers. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "screen.h"
#include "screenshot.h"

/* More are not taken: the guest may be out of its mind. */
#define NAMES_MAX 20

/* The last of our commands. */
#define LAST "screenshot-end"

static char *picture(const struct screenshots *s, const char *suffix)
{
	return xasprintf("%s/screenshot-%s.%s", s->dir, s->name, suffix);
}

static void command(int qmp, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	/* If it is not taken there will be no answer either; screenshots_end() tells. */
	(void)!send(qmp, text, strlen(text), MSG_NOSIGNAL);
	(void)!send(qmp, "\n", 1, MSG_NOSIGNAL);
	free(text);
	json_decref(json);
}

static void dump(const struct screenshots *s, int qmp, const char *format)
{
	_free_ path = picture(s, format);

	unlink(path);
	command(qmp, json_pack("{s:s, s:s, s:{s:s, s:s}}", "execute", "screendump", "id", format, "arguments", "filename", path,
			       "format", format));
}

bool screenshot_ask(struct screenshots *s, int qmp, const char *request)
{
	size_t len = strspn(request, "abcdefghijklmnopqrstuvwxyz0123456789-");

	/* One after the other: the guest waits for each. */
	if (!s->dir || s->name || s->names.n == NAMES_MAX || !len || (request[len] && request[len] != ' '))
		return false;
	s->name = xstrndup(request, len);
	s->sights = xstrdup(request + len);
	str_clear(&s->trouble);
	/* One at a time, each when the one before is done. */
	command(qmp, json_pack("{s:s, s:s}", "execute", "stop", "id", "screenshot-begin"));
	/* What we read, and what people look at. */
	dump(s, qmp, "ppm");
	dump(s, qmp, "png");
	command(qmp, json_pack("{s:s, s:s}", "execute", "cont", "id", LAST));
	return true;
}

static void fail(struct screenshots *s, const char *why)
{
	_free_ test = xasprintf("screen.%s", s->name);

	ktap_add(&s->tests, test, TEST_FAIL, why);
}

static void look(struct screenshots *s)
{
	_free_ ppm = picture(s, "ppm");
	struct screen screen = {0};
	_str_ data = {0};

	if (!s->trouble.len && file_read(ppm, &data))
		str_addf(&s->trouble, "QEMU has not written %s", ppm);
	if (!s->trouble.len)
		screen_parse(&screen, str_get(&data), data.len, &s->trouble);
	unlink(ppm);
	if (s->trouble.len) {
		_free_ why = xasprintf("no picture: %s", s->trouble.s);

		fail(s, why);
		return;
	}
	if (!strv_has(&s->names, s->name))
		strv_add(&s->names, s->name);
	screen_check(&screen, s->name, s->sights, &s->tests);
	screen_free(&screen);
}

bool screenshot_answer(struct screenshots *s, const json_t *answer)
{
	const char *id = json_string_value(json_object_get(answer, "id"));
	const char *error = json_string_value(json_object_get(json_object_get(answer, "error"), "desc"));

	if (!id || !s->name)
		return false;
	if (error && !s->trouble.len)
		str_add(&s->trouble, error);
	if (strcmp(id, LAST))
		return false;
	look(s);
	return true;
}

static void forget(struct screenshots *s)
{
	free_charp(&s->name);
	free_charp(&s->sights);
}

char *screenshot_done(struct screenshots *s)
{
	char *line = xasprintf("screenshot %s\n", s->name ? s->name : "none");

	forget(s);
	return line;
}

void screenshots_end(struct screenshots *s, struct ktap *k)
{
	if (s->name)
		fail(s, "no picture: QEMU did not answer");
	forget(s);
	if (!s->tests.n)
		return;
	ktap_finish(k);
	for (size_t i = 0; i < s->tests.n; i++)
		ktap_add(k, s->tests.tests[i].name, s->tests.tests[i].status, s->tests.tests[i].detail);
}

void screenshots_free(struct screenshots *s)
{
	forget(s);
	strv_free(&s->names);
	ktap_free(&s->tests);
	str_free(&s->trouble);
}
