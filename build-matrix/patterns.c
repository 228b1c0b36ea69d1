// SPDX-License-Identifier: GPL-2.0
/* What lines of a kernel's console mean: failures.conf. */
#include <stdlib.h>
#include <string.h>

#include "../lib/conf.h"
#include "../lib/log.h"
#include "patterns.h"
#include "verdict.h"

static const char *const known[] = {
	"pattern.*.regex", "pattern.*.verdict", "pattern.*.landmark", "pattern.*.fatal", "pattern.*.part",
	"pattern.*.raw", "pattern.*.grace", "pattern.*.kind", NULL
};

static const char *const landmarks[] = {
	[M_IGNORE] = "ignore", [M_CUT] = "cut here", [M_USERSPACE] = "userspace", [M_END] = "end",
	[M_INIT_ENDED] = "init ended",
};

static int parse_meaning(struct pattern *p, const char *verdict, const char *landmark)
{
	if (!verdict == !landmark)
		return err("failures.conf: pattern '%s' needs either a verdict or a landmark", p->name);
	if (verdict) {
		p->meaning = M_VERDICT;
		return verdict_parse(verdict, &p->verdict) ?
			err("failures.conf: pattern '%s': unknown verdict '%s'", p->name, verdict) : 0;
	}
	for (size_t i = M_IGNORE; i < sizeof(landmarks) / sizeof(landmarks[0]); i++) {
		if (strcmp(landmarks[i], landmark))
			continue;
		p->meaning = i;
		return 0;
	}
	return err("failures.conf: pattern '%s': unknown landmark '%s'", p->name, landmark);
}

static const char *get(struct conf *c, const char *name, const char *key)
{
	_free_ full = xasprintf("pattern.%s.%s", name, key);

	return conf_get(c, full);
}

static bool get_bool(struct conf *c, const char *name, const char *key)
{
	_free_ full = xasprintf("pattern.%s.%s", name, key);

	return conf_bool(c, full, false);
}

static int compile(struct pattern *p, const char *regex)
{
	char why[128];
	int ret;

	if (!regex)
		return err("failures.conf: pattern '%s' has no regex", p->name);
	ret = regcomp(&p->regex, regex, REG_EXTENDED);
	if (!ret)
		return 0;
	regerror(ret, &p->regex, why, sizeof(why));
	return err("failures.conf: pattern '%s': %s", p->name, why);
}

static int load_one(struct patterns *all, struct conf *c, const char *name)
{
	_free_ grace = xasprintf("pattern.%s.grace", name);
	const char *kind = get(c, name, "kind");
	struct pattern *p = &all->v[all->n];

	p->name = xstrdup(name);
	if (compile(p, get(c, name, "regex"))) {
		free(p->name);
		return -1;
	}
	all->n++;
	p->fatal = get_bool(c, name, "fatal");
	p->part = get_bool(c, name, "part");
	p->raw = get_bool(c, name, "raw");
	p->grace = conf_long(c, grace, 0) / 1000.0;
	if (parse_meaning(p, get(c, name, "verdict"), get(c, name, "landmark")))
		return -1;
	if (!kind)
		return 0;
	if (p->meaning != M_VERDICT)
		return err("failures.conf: pattern '%s': a landmark has no kind", name);
	p->called = xasprintf("%s: %s", verdict_name(p->verdict), kind);
	return 0;
}

int patterns_load(struct patterns *p, const char *path)
{
	_cleanup_(conf_close) struct conf *c = NULL;
	_strv_ names = {0};

	*p = (struct patterns){0};
	if (conf_open(&c, path) || conf_check_keys(c, known))
		return -1;
	conf_subsections(c, "pattern", &names);
	p->v = xcalloc(names.n, sizeof(*p->v));
	for (size_t i = 0; i < names.n; i++)
		if (load_one(p, c, names.v[i]))
			return -1;
	return conf_bad(c) ? -1 : 0;
}

void patterns_free(struct patterns *p)
{
	for (size_t i = 0; i < p->n; i++) {
		regfree(&p->v[i].regex);
		free(p->v[i].name);
		free(p->v[i].called);
	}
	free(p->v);
	*p = (struct patterns){0};
}

const struct pattern *patterns_match(const struct patterns *p, const char *line, bool raw, long *value)
{
	regmatch_t m[2];

	for (size_t i = 0; i < p->n; i++) {
		const struct pattern *q = &p->v[i];

		if ((raw && !q->raw) || regexec(&q->regex, line, 2, m, 0))
			continue;
		*value = m[1].rm_so >= 0 ? strtol(line + m[1].rm_so, NULL, 0) : 0;
		return q;
	}
	return NULL;
}
