// SPDX-License-Identifier: GPL-2.0
/* Booting a cell's kernel, and what came of it. */
#include <errno.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "boot.h"
#include "initramfs.h"

/* A descriptor, or negative; the verdict is set when it is about the guest's programs. */
static int make_initramfs(struct boot *b)
{
	struct initramfs *i;
	int fd;

	if (b->init) {
		i = initramfs_new();
		initramfs_add(i, "init", b->init);
		return initramfs_end(i);
	}
	fd = guest_initramfs(&b->cell->arch, b->files, &b->detail);
	b->verdict = fd == -EINTR ? V_STOPPED : V_BUILD_FAILED;
	return fd;
}

static void boot(struct boot *b, int kernel, int initrd)
{
	const struct arch *a = &b->cell->arch;
	const struct emulator e = {
		.arch = a, .kernel = kernel, .initrd = initrd, .mem = b->mem ? b->mem : a->mem,
		.smp = b->smp ? b->smp : a->smp, .append = b->append, .console = b->console, .steps = b->step,
		.disks = b->disks, .more = b->qemu, .screenshots = &b->screenshots,
	};
	double begun = now();

	if (b->step)
		step_begin(b->step, "%s: boot and test", b->cell->label);
	judge_init(&b->judge, &b->patterns, b->init ? JUDGE_INIT : JUDGE_TESTS, b->timeout ? b->timeout : a->timeout);
	b->judge.fail_fast = b->fail_fast;
	b->judge.limits = b->limits;
	b->judge.n_limits = b->n_limits;
	if (b->silence > 0)
		b->judge.silence = b->silence;
	b->screenshots.dir = b->dir;
	emulator_run(&e, &b->judge);
	screenshots_end(&b->screenshots, &b->judge.ktap);
	if (b->bounds && b->judge.ktap.end)
		bounds_check(b->bounds, &b->judge.ktap, b->base);
	b->verdict = judge_finish(&b->judge, &b->detail);
	if (b->verdict == V_TEST_FAILED && b->causes)
		b->called = causes_find(b->causes, &b->judge.ktap);
	if (b->verdict == V_COMPLAINED)
		b->called = b->judge.complained_of;
	b->seconds = now() - begun;
	if (b->step)
		step_end(b->verdict == V_PASS, "%s: %s", b->cell->label, b->called ?: verdict_name(b->verdict));
}

int boot_run(struct boot *b, int kernel)
{
	_free_ path = data_path("build-matrix/failures.conf");
	int initrd = -1, ret = -1;

	if (!patterns_load(&b->patterns, path)) {
		initrd = make_initramfs(b);
		if (initrd >= 0)
			boot(b, kernel, initrd);
		ret = initrd >= 0 || initrd == -EINTR || b->detail.len ? 0 : -1;
	}
	if (initrd >= 0)
		close(initrd);
	close(kernel);
	return ret;
}

void boot_free(struct boot *b)
{
	judge_free(&b->judge);
	screenshots_free(&b->screenshots);
	patterns_free(&b->patterns);
	str_free(&b->detail);
}
