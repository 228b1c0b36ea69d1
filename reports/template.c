// SPDX-License-Identifier: GPL-2.0
/* Templates: {{name}} and {{{name}}}, nothing more. */
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "html.h"
#include "template.h"

static const struct tvar *find(const struct tvar *vars, const char *name, size_t len)
{
	for (; vars->name; vars++)
		if (strlen(vars->name) == len && !memcmp(vars->name, name, len))
			return vars;
	return NULL;
}

int template_fill(struct str *out, const char *what, const char *text, const struct tvar *vars)
{
	const char *open;

	while ((open = strstr(text, "{{"))) {
		bool raw = open[2] == '{';
		const char *name = open + (raw ? 3 : 2), *close = strstr(name, raw ? "}}}" : "}}");
		const struct tvar *v;

		if (!close)
			return err("%s: '%.20s' is not closed", what, open);
		v = find(vars, name, close - name);
		if (!v)
			return err("%s: unknown name '%.*s'", what, (int)(close - name), name);
		str_addn(out, text, open - text);
		if (v->value && raw)
			str_add(out, v->value);
		else if (v->value)
			html_text(out, v->value);
		text = close + (raw ? 3 : 2);
	}
	str_add(out, text);
	return 0;
}

int template_file(struct str *out, const char *file, const struct tvar *vars)
{
	_free_ path = data_path("reports/templates/%s", file);
	_str_ text = {0};
	int ret = file_read(path, &text);

	if (ret)
		return err("%s: %s", path, strerror(-ret));
	return template_fill(out, path, str_get(&text), vars);
}
