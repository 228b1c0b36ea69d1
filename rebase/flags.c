// SPDX-License-Identifier: GPL-2.0
/*
 * The flags that a vma, and an mm, can have: has somebody read what each of them means for sharing?  A vma's are bits of an enum,
 * DECLARE_VMA_BIT(LOCKED, 13) or VMA_LOCKED_BIT = 13, or, before there was one, #define VM_LOCKED 0x2000; an mm's are #define MMF_UNSTABLE 22.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/conf.h"
#include "../lib/fs.h"
#include "../lib/log.h"
#include "apply.h"
#include "blank.h"
#include "flags.h"
#include "slice.h"

static const char *const keys[] = { "headers.vmas", "headers.mms", "headers.bits", "number.*.is", "flag.*.verdict", "flag.*.because", NULL };

/* The rest of the line, with what a backslash goes on with; caller frees. */
static char *body_at(const char *p)
{
	const char *end = p;

	while (*end && (*end != '\n' || end[-1] == '\\'))
		end++;
	return xstrndup(p, end - p);
}

/* Is it what a kernel without some option has in the place of the flag? */
static bool is_nothing(const char *body)
{
	return !strcmp(body, "VM_NONE") || !body[strspn(body, "0x")];
}

static bool has_number(const char *body)
{
	for (const char *p = body; *p; p++)
		if (isdigit((unsigned char)*p) && (p == body || !is_word(p[-1])))
			return true;
	return false;
}

/* A mask is made of flags, each of which is there by its own name: of several, or by a function. */
static bool is_mask(const char *body)
{
	size_t len;

	if (has_number(body))
		return false;
	if (strchr(body, '|'))
		return true;
	for (const char *w = body; (w = next_word(w, &len)); w += len)
		if (w[len] == '(' && islower((unsigned char)*w))
			return true;
	return false;
}

/* Does the name, which a #define defines, stand for a flag that begins so? */
static bool is_flag(const char *name, size_t len, const char *prefix)
{
	_free_ rest = body_at(name + len);
	const char *body = str_trim(rest);

	return starts_with(name, prefix) && name[len] != '(' && *body && !is_nothing(body) && !is_mask(body);
}

/* Does the word end so? */
static bool ends_with_bit(const char *word, size_t len)
{
	return len > strlen("_BIT") && !strncmp(word + len - strlen("_BIT"), "_BIT", strlen("_BIT"));
}

/* A flag and the number of its bit are one thing. */
static void add(struct strv *found, const char *text, const char *word, const char *prefix, const char *name, size_t len)
{
	if (ends_with_bit(name, len))
		len -= strlen("_BIT");
	strv_addf(found, "%d %s%.*s", line_of(text, word - text), prefix, (int)len, name);
}

/* What is in the parentheses first. */
static void add_argument(struct strv *found, const char *text, const char *word, const char *paren)
{
	const char *name = paren + 1 + strspn(paren + 1, " \t");
	size_t len = 0;

	while (is_word(name[len]))
		len++;
	if (len)
		add(found, text, word, "VM_", name, len);
}

/* Is it VMA_..._BIT?  Wherever that is, there is such a flag. */
static bool is_bit(const char *word, size_t len)
{
	return starts_with(word, "VMA_") && len > strlen("VMA__BIT") && ends_with_bit(word, len);
}

void flags_of(const char *header, const char *prefix, struct strv *found)
{
	_free_ text = xstrdup(header);
	size_t len;

	blank(text);
	for (const char *w = text; (w = next_word(w, &len)); w += len) {
		bool defined = is_defined(text, w);

		if (defined && prefix && is_flag(w, len, prefix))
			add(found, text, w, "", w, len);
		else if (!defined && starts_with(w, "DECLARE_VMA_BIT") && w[len] == '(')
			add_argument(found, text, w, w + len);
		else if (is_bit(w, len))
			add(found, text, w, "VM_", w + strlen("VMA_"), len - strlen("VMA_"));
	}
}

/* The list, and what the headers have. */
struct flags {
	struct rule_fact *fact;
	struct strv vmas, mms, bits, listed;	/* patterns of files; names */
	struct strv numbers, values;		/* macros, and what each must be */
	struct strv seen;
	const char *prefix;			/* of the #defines that are flags in these files; NULL: of none */
	int ret;
};

static int read_flag(struct conf *c, const char *path, const char *name)
{
	_free_ verdict = xasprintf("flag.%s.verdict", name);
	_free_ because = xasprintf("flag.%s.because", name);

	return conf_get(c, verdict) && conf_get(c, because) ? 0 : err("%s: [flag \"%s\"] needs a verdict and a because", path, name);
}

static int read_number(struct flags *f, struct conf *c, const char *path, const char *name)
{
	_free_ key = xasprintf("number.%s.is", name);
	const char *value = conf_get(c, key);

	if (!value)
		return err("%s: [number \"%s\"] does not say what it is", path, name);
	strv_add(&f->values, value);
	return 0;
}

static int read_list(struct flags *f)
{
	_free_ path = data_path("cocci/payload/flags.conf");
	_cleanup_(conf_close) struct conf *c = NULL;

	if (conf_open(&c, path) || conf_check_keys(c, keys))
		return -1;
	conf_all(c, "headers.vmas", &f->vmas);
	conf_all(c, "headers.mms", &f->mms);
	conf_all(c, "headers.bits", &f->bits);
	conf_subsections(c, "flag", &f->listed);
	for (size_t i = 0; i < f->listed.n; i++)
		if (read_flag(c, path, f->listed.v[i]))
			return -1;
	conf_subsections(c, "number", &f->numbers);
	for (size_t i = 0; i < f->numbers.n; i++)
		if (read_number(f, c, path, f->numbers.v[i]))
			return -1;
	return 0;
}

/* There may be more flags than the payload compares: then nobody looks at those beyond. */
static void check_number(struct flags *f, const struct file *header, const char *text, size_t i)
{
	const char *name = f->numbers.v[i];

	for (const char *w = text; (w = find_word(text, w, name)); w += strlen(name)) {
		_free_ body = is_defined(text, w) ? body_at(w + strlen(name)) : NULL;

		if (body && strcmp(str_trim(body), f->values.v[i]))
			f->ret = payload_misfit(f->fact, "%s:%d says that %s is %s, not %s; the payload compares no more flags than those: compare "
						"all, and say so in cocci/payload/flags.conf", header->path, line_of(text, w - text), name,
						str_trim(body), f->values.v[i]);
	}
}

static void check_numbers(struct flags *f, const struct file *header)
{
	_free_ text = NULL;

	for (size_t i = 0; i < f->numbers.n; i++) {
		if (!strstr(header->text, f->numbers.v[i]))
			continue;
		if (!text) {
			text = xstrdup(header->text);
			blank(text);
		}
		check_number(f, header, text, i);
	}
}

static bool look_at(const struct file *header, void *arg)
{
	struct flags *f = arg;
	_strv_ found = {0};

	/* most headers have none */
	if (!f->prefix && !strstr(header->text, "VMA_"))
		return false;
	if (!f->prefix)
		check_numbers(f, header);
	flags_of(header->text, f->prefix, &found);
	for (size_t i = 0; i < found.n; i++) {
		const char *name = strchr(found.v[i], ' ') + 1;

		if (strv_has(&f->seen, name))
			continue;
		strv_add(&f->seen, name);
		if (!strv_has(&f->listed, name))
			f->ret = payload_misfit(f->fact, "%s:%d has %s, a flag of %s that nobody has read; unless it is certain that sharing is "
						"right with it, refuse it in the payload, and say so in cocci/payload/flags.conf",
						header->path, atoi(found.v[i]), name, starts_with(name, "MMF_") ? "mms" : "vmas");
	}
	return false;
}

/* The first flag that the file names and no header has; NULL: there is none. */
static const char *find_unseen(const struct flags *f, const char *text)
{
	for (size_t i = 0; i < f->listed.n; i++)
		if (!strv_has(&f->seen, f->listed.v[i]) && find_word(text, text, f->listed.v[i]))
			return f->listed.v[i];
	return NULL;
}

/* Where a flag is that our own files name, there are the others: new ones would not be found elsewhere. */
static void check_headers(struct flags *f, struct tree *t)
{
	for (size_t i = 0; i < f->fact->where.n; i++) {
		const struct file *ours = tree_file(t, f->fact->where.v[i]);
		_free_ text = ours && is_code(ours->path) ? xstrdup(ours->text) : NULL;
		const char *name;

		if (!text)
			continue;
		blank(text);
		name = find_unseen(f, text);
		if (name) {
			f->ret = payload_misfit(f->fact, "%s is in none of the headers that cocci/payload/flags.conf names; find out where such flags "
						"are defined now, and name it there", name);
			return;
		}
	}
}

static void look_into(struct flags *f, struct tree *t, const struct strv *headers, const char *prefix)
{
	f->prefix = prefix;
	for (size_t i = 0; i < headers->n; i++)
		tree_each(t, headers->v[i], look_at, f);
}

static void look_at_all(struct flags *f, struct tree *t)
{
	look_into(f, t, &f->vmas, "VM_");
	look_into(f, t, &f->mms, "MMF_");
	look_into(f, t, &f->bits, NULL);
	check_headers(f, t);
}

int check_flags(struct tree *t, struct rule_fact *fact)
{
	struct flags f = { .fact = fact };

	f.ret = read_list(&f);
	if (!f.ret)
		look_at_all(&f, t);
	strv_free(&f.vmas);
	strv_free(&f.mms);
	strv_free(&f.bits);
	strv_free(&f.listed);
	strv_free(&f.numbers);
	strv_free(&f.values);
	strv_free(&f.seen);
	return f.ret;
}
