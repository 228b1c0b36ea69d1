// SPDX-License-Identifier: GPL-2.0
/* Who noticed that a hook is missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notice.h"

/* Room for a machine that has something else to do as well; a wrong hang is a wrong kill. */
#define TIMES		4
#define SPARE		20	/* seconds */

void notice_free(struct notice *n)
{
	free_charp(&n->by);
	str_free(&n->what);
	*n = (struct notice){0};
}

char *notice_program(const char *by)
{
	return xstrndup(by, strcspn(by, "."));
}

static const struct test *first_failure(const struct ktap *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->tests[i].status == TEST_FAIL)
			return &k->tests[i];
	return NULL;
}

static const char *or_boot(const char *test)
{
	return test && *test ? test : "boot";
}

static void by_test(struct notice *n, const struct judge *j, const char *detail)
{
	const struct test *t = first_failure(&j->ktap);

	n->by = xstrdup(or_boot(t ? t->name : str_get(&j->running)));
	str_add(&n->what, t && *t->detail ? t->detail : t ? "failed" : detail);
}

static void by_end(struct notice *n, const struct judge *j, enum verdict v)
{
	bool hangs = v == V_SILENT || v == V_TIMEOUT;

	n->by = xstrdup(or_boot(str_get(&j->running)));
	str_addf(&n->what, "%s: %s", hangs ? "hang" : verdict_name(v), str_get(&j->detail));
	if (j->complaints.n)
		str_addf(&n->what, " (after: %s)", j->complaints.v[0]);
}

bool notice_take(struct notice *n, const struct judge *j, enum verdict v, const char *detail)
{
	switch (v) {
	case V_PASS:
		return true;
	case V_TEST_FAILED:
		by_test(n, j, detail);
		break;
	case V_COMPLAINED:
		n->by = xstrdup(or_boot(j->complained_in));
		str_addf(&n->what, "%s: %s", verdict_name(v), j->complaints.v[0]);
		break;
	case V_PANIC:
	case V_SILENT:
	case V_TIMEOUT:
	case V_REBOOT:
	case V_INIT_FAILED:
	case V_NO_USERSPACE:
		by_end(n, j, v);
		break;
	default:
		return false;
	}
	n->noticed = true;
	return true;
}

void limits_read(struct limit **limits, size_t *n, const char *ktap, long seconds)
{
	_strv_ lines = {0};
	char name[128];
	double took;

	*limits = NULL;
	*n = 0;
	strv_split(&lines, ktap, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		if (sscanf(lines.v[i], "# time %127s %lf s", name, &took) != 2)
			continue;
		*limits = xrealloc(*limits, (*n + 1) * sizeof(**limits));
		(*limits)[(*n)++] = (struct limit){ xstrdup(name), seconds ? seconds : TIMES * took + SPARE };
	}
}

void limits_free(struct limit *limits, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(limits[i].test);
	free(limits);
}
