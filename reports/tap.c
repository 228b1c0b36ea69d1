// SPDX-License-Identifier: GPL-2.0
/* A cell's result as KTAP: what the guest said may be cut, mixed with the kernel's messages, or not be there at all. */
#include <string.h>

#include "../build-matrix/build-matrix.h"
#include "site.h"

/* One line, and no '#' where it would begin a directive. */
static void add_text(struct str *b, const char *s, bool name)
{
	for (; *s; s++)
		str_addn(b, (unsigned char)*s < ' ' || *s == 0x7f ? " " : name && *s == '#' ? "_" : s, 1);
}

static void add_line(struct str *b, size_t number, bool good, const char *name)
{
	str_addf(b, "%s %zu ", good ? "ok" : "not ok", number);
	add_text(b, name, true);
}

/* Why, behind the name: a directive, a word of ours, what the test said. */
static void add_why(struct str *b, const char *directive, const char *word, const char *detail)
{
	str_add(b, " #");
	if (*directive)
		str_addf(b, " %s", directive);
	if (word)
		str_addf(b, " %s%s", word, *detail ? ":" : "");
	if (*detail) {
		str_add(b, " ");
		add_text(b, detail, false);
	}
}

/* What the base fails as well is expected. */
static void add_test(struct str *b, size_t number, const char *word, const json_t *t)
{
	enum grade g = grade_test(json_text(t, "status"));

	add_line(b, number, g != BAD, json_text(t, "name"));
	if (g != GOOD)
		add_why(b, g == NONE ? "SKIP" : word && starts_with(word, "fails on the base") ? "XFAIL" : "", word, json_text(t, "detail"));
	str_add(b, "\n");
}

static void add_boot(struct str *b, const struct result *r, const char *word)
{
	bool good = !result_boot_failed(r);

	add_line(b, 1, good, "boot");
	if (!good || r->grade == NONE)
		add_why(b, good ? "SKIP" : word && starts_with(word, "fails on the base") ? "XFAIL" : "", r->verdict, r->detail);
	str_add(b, "\n");
}

int export_tap(struct site *s, const struct result *r, const char *path)
{
	const struct pair *p = site_pair_of_ours(s, r);
	_strv_ regressions = {0};
	_str_ b = {0};
	json_t *t;
	size_t i;

	if (p && p->base)
		result_regressions(&regressions, r->json, p->base->json);
	str_addf(&b, "KTAP version 1\n1..%zu\n", result_tests(r, NULL) + 1);
	add_boot(&b, r, p ? pair_word(p) : NULL);
	json_array_foreach(result_list(r, "tests"), i, t)
		add_test(&b, i + 2, p ? pair_test_word(p, &regressions, json_text(t, "name")) : NULL, t);
	return site_write(s, path, b.s, b.len);
}
