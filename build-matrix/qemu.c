// SPDX-License-Identifier: GPL-2.0
/* QEMU's command line, or that of a kernel which is a program itself. */
#include <stdlib.h>
#include <string.h>

#include "emulator.h"
#include "tsc.h"

/* With -no-reboot: a kernel that panics ends QEMU at once, and its trace is complete. */
#define APPEND "panic=-1"

/* What stands in braces is filled in. */
static char *fill_in(const struct emulator *e, const char *s)
{
	_free_ mem = xasprintf("%llu", e->mem >> 20), *smp = xasprintf("%ld", e->smp);
	_free_ kernel = xasprintf("/dev/fd/%d", FD_KERNEL), *initrd = xasprintf("/dev/fd/%d", FD_INITRD);
	const struct {
		const char *place, *value;
	} all[] = {
		{ "{mem}", mem }, { "{smp}", smp }, { ARCH_IS_PROGRAM, kernel }, { "{initrd}", initrd },
	};
	struct str text = {0};

	while (*s) {
		const char *begun = s;

		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			if (starts_with(s, all[i].place)) {
				str_add(&text, all[i].value);
				s += strlen(all[i].place);
			}
		if (s == begun)
			str_addn(&text, s++, 1);
	}
	return text.s ? text.s : xstrdup("");
}

static void add_machine(const struct emulator *e, struct strv *argv)
{
	_free_ program = fill_in(e, arch_qemu(e->arch)), *args = fill_in(e, e->arch->args);

	strv_add(argv, program);
	strv_split(argv, args, " ");
}

/* A comma in a path would end it. */
static void add_disk(struct strv *argv, const char *disk)
{
	_str_ path = {0};

	for (const char *s = disk; *s; s++)
		str_add(&path, *s == ',' ? ",," : (char[]){ *s, '\0' });
	strv_add(argv, "-drive");
	/* snapshot: into a file without a name, which is gone when QEMU is; unsafe: nobody needs it to be on a real disk. */
	strv_addf(argv, "file=%s,format=raw,if=virtio,snapshot=on,cache=unsafe", str_get(&path));
}

static bool counts_instructions(const struct emulator *e)
{
	return e->more && strv_has(e->more, "-icount");
}

/* The kernel's command line: the machine's words, {tsc_khz} filled in, or without the word where that is not known.  Caller frees. */
static char *command_line(const struct emulator *e)
{
	static const char place[] = "{tsc_khz}";
	_strv_ words = {0};
	struct str line = {0};

	strv_split(&words, e->arch->append, " ");
	for (size_t i = 0; i < words.n; i++) {
		const char *w = words.v[i], *at = strstr(w, place);
		long khz = at && !counts_instructions(e) ? host_tsc_khz() : 0;

		if (at && khz)
			str_addf(&line, "%.*s%ld%s ", (int)(at - w), w, khz, at + strlen(place));
		else if (!at)
			str_addf(&line, "%s ", w);
	}
	if (e->arch->levels)
		str_addf(&line, "levels=%ld ", e->arch->levels);
	str_addf(&line, "%s%s%s", APPEND, e->append ? " " : "", e->append ? e->append : "");
	return line.s;
}

static void add_qemu(const struct emulator *e, struct strv *argv)
{
	static const char *const fixed[] = {
		"-display", "none", "-no-reboot", "-no-user-config", "-chardev", "stdio,id=console,signal=off",
		"-serial", "chardev:console",
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		strv_add(argv, fixed[i]);
	strv_add(argv, "-chardev");
	strv_addf(argv, "socket,id=qmp,fd=%d", FD_QMP);
	strv_add(argv, "-mon");
	strv_add(argv, "chardev=qmp,mode=control");
	strv_add(argv, "-kernel");
	strv_addf(argv, "/dev/fd/%d", FD_KERNEL);
	strv_add(argv, "-initrd");
	strv_addf(argv, "/dev/fd/%d", FD_INITRD);
	if (e->arch->display) {
		strv_add(argv, "-device");
		strv_add(argv, e->arch->display);
	}
	for (size_t i = 0; e->disks && i < e->disks->n; i++)
		add_disk(argv, e->disks->v[i]);
	for (size_t i = 0; e->more && i < e->more->n; i++)
		strv_add(argv, e->more->v[i]);
}

void emulator_args(const struct emulator *e, struct strv *argv)
{
	_free_ line = command_line(e);

	add_machine(e, argv);
	if (arch_is_program(e->arch)) {
		strv_split(argv, line, " ");
		return;
	}
	add_qemu(e, argv);
	strv_add(argv, "-append");
	strv_add(argv, line);
}
