// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "facts.h"

static char *facts_path(const struct derivation *d)
{
	_free_ flat = d->without ? xasprintf("%s-without-%s", d->version, d->without) : xstrdup(d->version);

	for (char *p = flat; *p; p++)
		if (*p == '/')
			*p = '_';
	return cache_path("derived/%s.json", flat);
}

static json_t *rule_to_json(const struct rule_fact *f)
{
	json_t *where = json_array();

	for (size_t i = 0; i < f->where.n; i++)
		json_array_append_new(where, json_string(f->where.v[i]));
	return json_pack("{ss ss ss* ss* si si sf so}", "name", f->name, "subject", f->subject, "commit", f->commit,
			 "skipped", f->skipped, "places", f->places, "wanted", f->wanted, "seconds", f->seconds, "where", where);
}

int facts_save(const struct derivation *d, const char *key)
{
	_free_ path = facts_path(d);
	json_t *rules = json_array(), *root;
	char *text;
	int ret;

	for (size_t i = 0; i < d->n; i++)
		json_array_append_new(rules, rule_to_json(&d->rules[i]));
	root = json_pack("{ss ss ss ss sf so}", "key", key, "branch", d->branch, "base", d->base, "tip", d->tip,
			 "seconds", d->seconds, "rules", rules);
	text = json_dumps(root, JSON_INDENT(1));
	ret = file_write(path, text, strlen(text));
	free(text);
	json_decref(root);
	return ret ? err("cannot write %s: %s", path, strerror(-ret)) : 0;
}

static char *dup_string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? xstrdup(s) : NULL;
}

static void rule_from_json(const json_t *o, struct rule_fact *f)
{
	const json_t *where = json_object_get(o, "where"), *w;
	size_t i;

	f->name = dup_string(o, "name");
	f->subject = dup_string(o, "subject");
	f->commit = dup_string(o, "commit");
	f->skipped = dup_string(o, "skipped");
	f->places = json_integer_value(json_object_get(o, "places"));
	f->wanted = json_integer_value(json_object_get(o, "wanted"));
	f->seconds = json_real_value(json_object_get(o, "seconds"));
	json_array_foreach(where, i, w)
		strv_add(&f->where, json_string_value(w));
}

static bool same(const json_t *root, const char *key, const char *value)
{
	const char *s = json_string_value(json_object_get(root, key));

	return s && value && !strcmp(s, value);
}

int facts_load(const char *key, const char *tip, struct derivation *d)
{
	_free_ path = facts_path(d);
	json_t *root = json_load_file(path, 0, NULL), *rules, *o;
	size_t i;
	int ret = -1;

	if (!root)
		return -1;
	if (same(root, "key", key) && same(root, "tip", tip)) {
		rules = json_object_get(root, "rules");
		d->branch = dup_string(root, "branch");
		d->base = dup_string(root, "base");
		d->tip = dup_string(root, "tip");
		d->seconds = json_real_value(json_object_get(root, "seconds"));
		d->n = json_array_size(rules);
		d->rules = xcalloc(d->n + 1, sizeof(*d->rules));
		json_array_foreach(rules, i, o)
			rule_from_json(o, &d->rules[i]);
		ret = 0;
	}
	json_decref(root);
	return ret;
}
