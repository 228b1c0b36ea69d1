// SPDX-License-Identifier: GPL-2.0
/* The page of a derived kernel's mutants: who notices that a hook is missing, or a flaw is there. */
#include <string.h>

#include "format.h"
#include "html.h"
#include "mutations.h"
#include "site.h"

static char *mutate_page(const struct result *r)
{
	_free_ name = xasprintf("%s-%s", r->kernel, r->arch), *safe = file_name(name);

	return xasprintf("mutate/%s.html", safe);
}

static double seconds_of(const struct mutation *m)
{
	const json_t *s = json_object_get(m->json, "seconds");

	return json_number_value(json_object_get(s, "build")) + json_number_value(json_object_get(s, "boot"));
}

static void add_verdict(struct str *b, const struct mutation *m)
{
	if (m->noticed)
		ui_grade(b, GOOD, "noticed");
	else if (m->tried)
		ui_grade(b, BAD, "survived");
	else if (m->absent)
		ui_grade(b, NONE, "absent");
	else
		ui_grade(b, NONE, m->json ? "not tried" : "not run");
}

/* The kernel that it was held against may be an earlier one than the page's. */
static void add_of(struct str *b, const struct mutation *m)
{
	if (m->old)
		html_addf(b, " <small class=\"dim\">of an earlier branch, <code>%s</code></small>",
			  fmt_commit(json_text(m->mutant, "of")).s);
}

static void add_row(struct str *b, const struct site *s, const struct mutation *m)
{
	const char *commit = json_text(m->rule, "commit"), *by = json_text(m->mutant, "by");

	html_addf(b, "<tr><th scope=\"row\"><code>%s</code></th><td>", m->name);
	add_verdict(b, m);
	str_add(b, "</td><td class=\"detail\">");
	if (*by)
		html_addf(b, "<code>%s</code>", by);
	html_addf(b, "</td><td class=\"detail\">%s", json_text(m->mutant, "what"));
	if (m->absent)
		html_addf(b, "%s", m->absent);
	add_of(b, m);
	html_addf(b, "</td><td class=\"num wide\">%s</td><td class=\"wide\">",
		  m->json ? fmt_seconds(seconds_of(m)).s : "–");
	if (is_commit(commit))
		ui_commit_link(b, "../", s, commit);
	else if (!m->rule)
		html_addf(b, "<code>cocci/flaws/%s.cocci</code>", m->name);
	str_add(b, "</td></tr>\n");
}

static void add_table(struct str *b, const struct site *s, const struct mutants *l, const char *label, const char *first)
{
	ui_table_begin(b, label, "all");
	html_addf(b, "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">Verdict</th><th scope=\"col\">By guest test</th>"
		  "<th scope=\"col\">What it said</th><th scope=\"col\" class=\"num wide\">Build and boot</th>"
		  "<th scope=\"col\" class=\"wide\">Rule</th></tr></thead>\n<tbody>\n", first);
	for (size_t i = 0; i < l->n; i++)
		add_row(b, s, &l->v[i]);
	str_add(b, "</tbody>\n");
	ui_table_end(b);
}

static void add_flaws(struct str *b, const struct site *s, const struct mutations *m)
{
	str_add(b, "<h2>Flaws</h2>\n<p class=\"hint\">Of our own files something is taken out that must not be, one at a time: a flush, a lock, a"
		" check.</p>\n");
	add_table(b, s, &m->flaws, "Flaws, and who notices them", "With");
}

static int add_page(struct site *s, const struct mutations *m, const struct result *r)
{
	_free_ path = mutate_page(r), *title = xasprintf("Who notices a missing hook on %s %s", r->kernel, r->arch);
	_free_ here = xasprintf("%s/%s without a hook", r->kernel, r->arch);
	enum grade g = mutations_grade(m);
	_str_ body = {0}, crumbs = {0}, sentence = {0};

	mutations_sentence(&sentence, m);
	html_addf(&body, "<h1>%s</h1>\n<p class=\"verdict %s\"><span class=\"symbol\" aria-hidden=\"true\">%s</span> %s</p>\n",
		  title, grade_class(g), grade_symbol(g), str_get(&sentence));
	html_addf(&body, "<p class=\"hint\">The derived kernel is built and booted without one hook at a time; the first guest test that"
		  " fails, or runs while the kernel complains, has noticed. A hook that nobody notices lacks a test or is not needed."
		  " By hand: <code class=\"command\">build/shpte mutate %s/%s</code></p>\n", r->kernel, r->arch);
	add_table(&body, s, &m->hooks, "Hooks, and who notices when one is missing", "Without");
	if (m->flaws.n)
		add_flaws(&body, s, m);
	ui_crumbs(&crumbs, here);
	return site_page(s, path, title, &crumbs, &body);
}

int ui_mutate(struct site *s, const struct result *r)
{
	struct mutations m;
	int ret;

	mutations_load(&m, r);
	ret = mutations_any(&m) ? add_page(s, &m, r) : 0;
	mutations_free(&m);
	return ret;
}

bool ui_mutate_link(struct str *b, const char *root, const struct result *r)
{
	_free_ page = mutate_page(r);
	struct mutations m;
	_str_ sentence = {0};

	mutations_load(&m, r);
	if (mutations_any(&m)) {
		mutations_sentence(&sentence, &m);
		ui_grade(b, mutations_grade(&m), "");
		ui_link(b, root, page, str_get(&sentence));
	}
	mutations_free(&m);
	return sentence.len;
}
