// SPDX-License-Identifier: GPL-2.0
/* What a page says of a machine. */
#include <stdlib.h>
#include <string.h>

#include "arch.h"

static bool is_described(const char *name)
{
	_free_ file = xstrndup(name, strcspn(name, ","));
	_strv_ names = {0};

	archs_known(&names);
	return strv_has(&names, file);
}

/* "i386 PAE, cpus=1, mem=512M" */
static char *title(const struct arch *a)
{
	_strv_ changes = {0};
	_str_ b = {0};

	strv_split(&changes, a->name + strlen(a->file), ",");
	str_add(&b, a->title);
	for (size_t i = 0; i < changes.n; i++)
		str_addf(&b, ", %s", changes.v[i]);
	return xstrdup(str_get(&b));
}

static char *emulator(const struct arch *a)
{
	return arch_is_program(a) ? xstrdup("none: the kernel is a program") : xasprintf("%s (package %s)", a->qemu, a->qemu_package);
}

void arch_facts(struct arch_facts *f, const char *name)
{
	struct arch a;

	if (!is_described(name) || arch_load(&a, name)) {
		*f = (struct arch_facts){
			.title = xstrdup(name), .compiler = xstrdup(""), .emulator = xstrdup(""), .supported = true,
			.because = xstrdup(""), .gate = xstrdup(""),
		};
		return;
	}
	*f = (struct arch_facts){
		.title = title(&a), .supported = a.supported, .because = xstrdup(a.because),
		.compiler = xasprintf("%sgcc (package %s)", a.cross, a.package),
		.emulator = emulator(&a), .levels = a.levels,
		.gate = *a.since ? xasprintf("%s %s or newer: %s", a.qemu, a.since, a.since_because) : xstrdup(""),
	};
	arch_free(&a);
}

void arch_facts_free(struct arch_facts *f)
{
	free(f->title);
	free(f->compiler);
	free(f->emulator);
	free(f->because);
	free(f->gate);
	*f = (struct arch_facts){0};
}
