// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/fs.h"
#include "../lib/json.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "audit.h"
#include "diff.h"
#include "port.h"
#include "port-read.h"
#include "slice.h"
#include "textual.h"

struct port {
	struct derivation old, new;
	bool needs_human;
	struct rule *rules;
	size_t n;
	struct attempt (*tried)[TOOLS];
	git_repository *repo;
	struct tree old_base, new_base;
};

static void set(json_t *j, const char *key, json_t *value)
{
	json_object_set_new(j, key, value);
}

static json_t *text(const char *s)
{
	json_t *j = json_string(s ? s : "");

	return j ? j : json_string("(not UTF-8)");
}

static json_t *list(const struct strv *l)
{
	json_t *j = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(j, text(l->v[i]));
	return j;
}

static const struct rule_fact *fact_of(const struct derivation *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->rules[i].name && !strcmp(d->rules[i].name, name))
			return &d->rules[i];
	return NULL;
}

static size_t index_of(const struct derivation *d, const struct rule_fact *f)
{
	return f - d->rules;
}

/* "mm/memory.c:5840 __handle_mm_fault" without the line. */
static void without_line(const char *where, struct str *out)
{
	const char *colon = strchr(where, ':'), *space = strchr(where, ' ');

	if (colon && space)
		str_addf(out, "%.*s%s;", (int)(colon - where), where, space);
	else
		str_addf(out, "%s;", where);
}

static bool same_places(const struct rule_fact *a, const struct rule_fact *b)
{
	_str_ x = {0}, y = {0};

	for (size_t i = 0; i < a->where.n; i++)
		without_line(a->where.v[i], &x);
	for (size_t i = 0; i < b->where.n; i++)
		without_line(b->where.v[i], &y);
	return !strcmp(str_get(&x), str_get(&y));
}

static const char *status_of(const struct rule_fact *old, const struct rule_fact *new)
{
	if (!new)
		return "needs a human";
	if (new->failed)
		return failure_name(new);
	if (new->skipped)
		return old && !old->skipped ? "no longer needed" : "not needed";
	if (!old || old->skipped)
		return "new";
	return same_places(old, new) ? "same" : "moved";
}

/* The text of the function that a fact says is there, in this base.  Caller frees; NULL: it is not. */
static char *text_at(struct tree *t, const char *where)
{
	const char *colon = strchr(where, ':'), *space = strchr(where, ' ');
	_free_ path = colon && space ? xstrndup(where, colon - where) : NULL;
	const struct file *f = path ? tree_file(t, path) : NULL;
	struct slice s;

	return f && slice_find(f->text, 0, space + 1, &s) ? xstrndup(f->text + s.start, s.end - s.start) : NULL;
}

/* The same function's last name: where it is now called otherwise, the places stand in the same order. */
static const char *now_at(const struct rule_fact *new, const char *where, size_t i)
{
	const char *space = strchr(where, ' ');

	for (size_t k = 0; new && k < new->where.n; k++)
		if (space && ends_with(new->where.v[k], space))
			return new->where.v[k];
	return new && i < new->where.n ? new->where.v[i] : where;
}

static json_t *around(struct port *p, const struct rule_fact *old, const struct rule_fact *new)
{
	json_t *all = json_array();

	for (size_t i = 0; old && i < old->where.n; i++) {
		const char *now = now_at(new, old->where.v[i], i), *space = strchr(now, ' ');
		_free_ a = text_at(&p->old_base, old->where.v[i]), *b = text_at(&p->new_base, now);
		_free_ diff = a && b ? diff_texts(a, b) : NULL;
		json_t *j;

		if (!space || !diff || !*diff)
			continue;
		j = json_object();
		set(j, "function", text(space + 1));
		set(j, "diff", text(diff));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *tools_of(const struct port *p, const struct rule_fact *old)
{
	json_t *all = json_array();

	for (int k = 0; k < TOOLS && old; k++) {
		const struct attempt *a = &p->tried[index_of(&p->old, old)][k];

		json_array_append_new(all, json_pack("{ss ss ss*}", "tool", tool_names[k], "outcome", outcome_name(a->outcome),
						     "what", a->what));
	}
	return all;
}

static json_t *rule_json(struct port *p, const char *name)
{
	const struct rule_fact *old = fact_of(&p->old, name), *new = fact_of(&p->new, name);
	const struct strv none = {0};
	json_t *j = json_object();

	set(j, "name", text(name));
	set(j, "subject", text(new && new->subject ? new->subject : old ? old->subject : ""));
	set(j, "status", text(status_of(old, new)));
	set(j, "why", text(new ? (new->failed ? new->failed : new->skipped) : NULL));
	set(j, "old", list(old ? &old->where : &none));
	set(j, "new", list(new ? &new->where : &none));
	set(j, "around", strcmp(name, "payload") ? around(p, old, new) : json_array());
	set(j, "tools", tools_of(p, old));
	return j;
}

static json_t *churn_json(const struct port *p)
{
	json_t *all = json_array();

	for (size_t i = 0; i < p->new.n; i++) {
		const struct rule_fact *f = &p->new.rules[i];

		if (f->name && starts_with(f->name, "churn/"))
			json_array_append_new(all, json_pack("{ss ss sb ss*}", "name", f->name, "subject", f->subject,
				"fired", !f->skipped && !f->failed, "why", f->failed ? f->failed : f->skipped));
	}
	return all;
}

static json_t *totals(const struct port *p)
{
	json_t *all = json_array();

	for (int k = 0; k < TOOLS; k++) {
		int n[NOT_TRIED + 1] = {0};

		for (size_t i = 0; i < p->old.n; i++)
			n[p->tried[i][k].outcome]++;
		json_array_append_new(all, json_pack("{ss si si si}", "tool", tool_names[k], "applies", n[APPLIES], "conflicts",
						     n[CONFLICTS], "wrong", n[MISPLACES]));
	}
	return all;
}

/* Lines that are neither blank nor comments. */
static int code_lines(const char *path)
{
	_str_ all = {0};
	_strv_ lines = {0};
	int n = 0;

	file_read(path, &all);
	strv_split(&lines, str_get(&all), "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *s = str_trim(lines.v[i]);

		n += *s && !starts_with(s, "//");
	}
	return n;
}

/* Lines that a range of commits adds and takes away; -1 unknown. */
static int changed_lines(const char *from, const char *to)
{
	_free_ store = store_path();
	_str_ out = {0};
	_strv_ words = {0};
	_run_ r = { .out = &out };
	int n = 0;

	git_ours(&r);
	run_args(&r, "git", "--git-dir", store, "diff", "--shortstat", from, to, NULL);
	if (run_wait(&r))
		return -1;
	strv_split(&words, str_get(&out), " ,\n");
	for (size_t i = 1; i < words.n; i++)
		if (starts_with(words.v[i], "insertion") || starts_with(words.v[i], "deletion"))
			n += atoi(words.v[i - 1]);
	return n;
}

static json_t *figures(const struct port *p)
{
	const struct rule_fact *payload = fact_of(&p->new, "payload");
	int rules = 0, churn = 0, fired = 0;

	for (size_t i = 0; i < p->n; i++)
		rules += code_lines(p->rules[i].path);
	for (size_t i = 0; i < p->new.n; i++) {
		const struct rule_fact *f = &p->new.rules[i], *old;
		_free_ path = f->name ? data_path("cocci/%s.cocci", f->name) : NULL;
		int lines;

		if (!f->name || !starts_with(f->name, "churn/"))
			continue;
		old = fact_of(&p->old, f->name);
		lines = code_lines(path);
		churn += lines;
		fired += !f->skipped && !f->failed && (!old || old->skipped) ? lines : 0;
	}
	return json_pack("{si si si si si}", "rule_lines", rules, "churn_lines", churn, "fired_lines", fired,
			 "payload_lines", payload && payload->commit ? changed_lines(p->new.base, payload->commit) : -1,
			 "generated_lines", p->new.tip && payload && payload->commit ? changed_lines(payload->commit, p->new.tip) : -1);
}

static json_t *range_diff(const struct port *p)
{
	_free_ store = store_path();
	_str_ out = {0};
	_run_ r = { .out = &out };

	if (!p->new.tip)
		return text("");
	git_ours(&r);
	run_args(&r, "git", "--git-dir", store, "range-diff", "--no-color", "--creation-factor=90", NULL);
	strv_addf(&r.argv, "%s..%s", p->old.base, p->old.tip);
	strv_addf(&r.argv, "%s..%s", p->new.base, p->new.tip);
	run_wait(&r);
	return text(str_get(&out));
}

/* Those of the list that have this status: "mm/x.c:1 f" */
static json_t *audit_having(const json_t *list, const char *status)
{
	json_t *out = json_array(), *f;
	size_t i;

	json_array_foreach(list, i, f)
		if (!strcmp(json_text(f, "status"), status))
			json_array_append_new(out, json_sprintf("%s:%d %s", json_text(f, "path"),
				(int)json_integer_value(json_object_get(f, "line")), json_text(f, "function")));
	return out;
}

/* Functions of the old kernel that were read once, and that the new one has not, or not as one that is looked for. */
static json_t *audit_gone(struct port *p, const struct reviews *reviews, const struct writers *all)
{
	json_t *out = json_array();

	for (size_t i = 0; i < reviews->n; i++) {
		const struct review *r = &reviews->v[i];
		const char *space = strchr(r->function, ' ');
		_free_ path = xstrndup(r->function, space ? (size_t)(space - r->function) : 0), *was = NULL;

		if (review_is_gone(r, all))
			was = writers_text(&p->old_base, path, space ? space + 1 : r->function);
		if (was)
			json_array_append_new(out, json_string(r->function));
	}
	return out;
}

static int audit(struct port *p, json_t **out)
{
	_cleanup_(reviews_free) struct reviews reviews = {0};
	_cleanup_(writers_free) struct writers all = {0};
	json_t *list, *fresh, *changed;
	int ret = reviews_load(&reviews);

	if (!ret)
		ret = writers_find(&p->new_base, &all);
	if (ret)
		return ret;
	list = audit_json(&all, &reviews);
	fresh = audit_having(list, "new");
	changed = audit_having(list, "changed");
	*out = json_pack("{si si so so so so}", "functions", (int)all.n, "read",
			 (int)(all.n - json_array_size(fresh) - json_array_size(changed)), "new", fresh, "changed", changed, "gone",
			 audit_gone(p, &reviews, &all), "list", list);
	return 0;
}

static json_t *stamp(void)
{
	char s[32];
	time_t t = time(NULL);

	strftime(s, sizeof(s), "%Y-%m-%dT%H:%M:%SZ", gmtime(&t));
	return json_string(s);
}

static json_t *sentence(const json_t *port)
{
	_free_ s = port_headline(port);

	return text(s);
}

/* All but the audit, which may fail. */
static json_t *all_json(struct port *p)
{
	json_t *j = json_object(), *rules = json_array();

	set(j, "old", text(p->old.version));
	set(j, "new", text(p->new.version));
	set(j, "old_tip", text(p->old.tip));
	set(j, "new_tip", text(p->new.tip));
	set(j, "made", stamp());
	set(j, "verdict", text(p->needs_human ? "needs a human" : "ported"));
	json_array_append_new(rules, rule_json(p, "payload"));
	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(rules, rule_json(p, p->rules[i].name));
	set(j, "rules", rules);
	set(j, "decided", port_decided(&p->old, &p->new));
	set(j, "churn", churn_json(p));
	set(j, "tools", totals(p));
	set(j, "range_diff", range_diff(p));
	set(j, "figures", figures(p));
	return j;
}

/* The branch of the new version may need a human: then its facts are there all the same. */
static int derive_both(struct port *p, const char *old, const char *new)
{
	int ret = derive(old, &p->old) ? -1 : derive(new, &p->new);

	if (ret < 0)
		return run_stopped() ? -EINTR : -1;
	p->needs_human = ret == NEEDS_HUMAN;
	return 0;
}

static int open_bases(struct port *p)
{
	git_oid a, b;

	if (store_open(&p->repo) || git_oid_fromstr(&a, p->old.base) || git_oid_fromstr(&b, p->new.base))
		return -1;
	return tree_open(&p->old_base, p->repo, &a) || tree_open(&p->new_base, p->repo, &b) ? -1 : 0;
}

static void port_free(struct port *p)
{
	textual_free(p->tried, p->old.n);
	tree_close(&p->old_base);
	tree_close(&p->new_base);
	git_repository_free(p->repo);
	rules_free(p->rules, p->n);
	derivation_free(&p->old);
	derivation_free(&p->new);
}

int port_make(const char *old, const char *new, json_t **out)
{
	struct port p = {0};
	json_t *found = NULL;
	double start = now();
	int ret = derive_both(&p, old, new);

	*out = NULL;
	if (!ret)
		ret = rules_load("hooks", &p.rules, &p.n) ? -1 : open_bases(&p);
	step_begin("rebase", "%s on %s: compare", old, new);
	if (!ret)
		ret = textual_run(&p.old, &p.new, p.rules, p.n, &p.tried);
	step_detail("audit");
	if (!ret)
		ret = audit(&p, &found);
	if (!ret) {
		step_detail("differences");
		*out = all_json(&p);
		set(*out, "audit", found);
		set(*out, "headline", sentence(*out));
		set(*out, "seconds", json_real((int)((now() - start) * 10) / 10.0));
	}
	step_end(!ret, ret ? "" : "compared with what plain tools make of it");
	port_free(&p);
	return ret;
}
