/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Debian root that a suite's script runs in: a read-only disk, a second one to write on, a third one for swap.
 * suite=NAME on the kernel's command line asks for it; /suite of the initramfs has the script.
 */
#ifndef GUEST_USERLAND_H
#define GUEST_USERLAND_H

#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <unistd.h>

#define USERLAND "/userland"

static const struct mount_point {
	const char *what, *where, *type, *options;
	unsigned long flags;
} mount_points[] = {
	{ "/dev/vda", USERLAND, "squashfs", NULL, MS_RDONLY },
	{ "proc", USERLAND "/proc", "proc", NULL, 0 },
	{ "sysfs", USERLAND "/sys", "sysfs", NULL, 0 },
	{ "cgroup2", USERLAND "/sys/fs/cgroup", "cgroup2", NULL, 0 },
	{ "devtmpfs", USERLAND "/dev", "devtmpfs", NULL, 0 },
	{ "tmpfs", USERLAND "/dev/shm", "tmpfs", "size=75%", 0 },
	{ "tmpfs", USERLAND "/tmp", "tmpfs", "size=75%", 0 },
	{ "tmpfs", USERLAND "/run", "tmpfs", "size=25%", 0 },
	{ "/dev/vdb", USERLAND "/scratch", "ext2", NULL, 0 },
	{ "/suite", USERLAND "/suite", NULL, NULL, MS_BIND },
};

/* NULL, or what could not be mounted. */
static const char *userland_mount(void)
{
	mkdir(USERLAND, 0755);
	for (size_t i = 0; i < sizeof(mount_points) / sizeof(mount_points[0]); i++) {
		const struct mount_point *m = &mount_points[i];

		mkdir(m->where, 0755);
		if (mount(m->what, m->where, m->type, m->flags, m->options))
			return m->where;
	}
	chmod(USERLAND "/tmp", 01777);
	chmod(USERLAND "/dev/shm", 01777);
	chmod(USERLAND "/scratch", 01777);
	if (!access("/dev/vdc", F_OK) && swapon("/dev/vdc", 0))
		return "swap";
	/* A guest short of memory has to go on saying that it is alive. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	return NULL;
}

static void userland_exec(void)
{
	if (chroot(USERLAND) || chdir("/scratch"))
		return;
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/scratch", 1);
	setenv("LC_ALL", "C", 1);
	execl("/bin/sh", "sh", "/suite/run", NULL);
}

#endif
