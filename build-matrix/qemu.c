// SPDX-License-Identifier: GPL-2.0
/* QEMU's command line. */
#include <string.h>

#include "emulator.h"
#include "tsc.h"

/* With -no-reboot: a kernel that panics ends QEMU at once, and its trace is complete. */
#define APPEND "panic=-1"

/* The machine's arguments, {mem} and {smp} filled in. */
static void add_machine(const struct emulator *e, struct strv *argv)
{
	_str_ text = {0};

	for (const char *s = e->arch->args; *s;) {
		if (starts_with(s, "{mem}")) {
			str_addf(&text, "%llu", e->mem >> 20);
			s += 5;
		} else if (starts_with(s, "{smp}")) {
			str_addf(&text, "%ld", e->smp);
			s += 5;
		} else {
			str_addn(&text, s++, 1);
		}
	}
	strv_split(argv, str_get(&text), " ");
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

/* The kernel's command line: the machine's words, {tsc_khz} filled in, or without the word where that is not known. */
static void add_append(const struct emulator *e, struct strv *argv)
{
	static const char place[] = "{tsc_khz}";
	_strv_ words = {0};
	_str_ line = {0};

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
	strv_add(argv, "-append");
	strv_addf(argv, "%s%s%s%s", str_get(&line), APPEND, e->append ? " " : "", e->append ? e->append : "");
}

void emulator_args(const struct emulator *e, struct strv *argv)
{
	static const char *const fixed[] = {
		"-display", "none", "-no-reboot", "-no-user-config", "-chardev", "stdio,id=console,signal=off",
		"-serial", "chardev:console",
	};

	strv_add(argv, arch_qemu(e->arch));
	add_machine(e, argv);
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
	for (size_t i = 0; e->disks && i < e->disks->n; i++)
		add_disk(argv, e->disks->v[i]);
	for (size_t i = 0; e->more && i < e->more->n; i++)
		strv_add(argv, e->more->v[i]);
	add_append(e, argv);
}
