// SPDX-License-Identifier: GPL-2.0
/* The file system that a kernel boots into: a newc cpio archive in memory. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/log.h"
#include "initramfs.h"

struct initramfs {
	struct archive *a;
	int fd;
	bool bad;			/* said already why */
};

static const char *const dirs[] = { "dev", "dev/shm", "proc", "sys", "tmp", "tests", "suite" };

static const struct device {
	const char *name;
	int major, minor, mode;
} devices[] = {
	{ "dev/console", 5, 1, 0600 }, { "dev/null", 1, 3, 0666 }, { "dev/zero", 1, 5, 0666 },
	{ "dev/kmsg", 1, 11, 0600 },
};

static void fail(struct initramfs *i, const char *name, const char *why)
{
	if (!i->bad)
		err("initramfs: %s: %s", name, why);
	i->bad = true;
}

static void header(struct initramfs *i, const char *name, int type, int mode, off_t size, int major, int minor)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, mode);
	archive_entry_set_size(e, size);
	archive_entry_set_nlink(e, type == AE_IFDIR ? 2 : 1);
	archive_entry_set_rdevmajor(e, major);
	archive_entry_set_rdevminor(e, minor);
	if (archive_write_header(i->a, e) != ARCHIVE_OK)
		fail(i, name, archive_error_string(i->a));
	archive_entry_free(e);
}

struct initramfs *initramfs_new(void)
{
	struct initramfs *i = xcalloc(1, sizeof(*i));

	i->fd = memfd_create("initramfs", MFD_CLOEXEC);
	i->a = archive_write_new();
	archive_write_set_format_cpio_newc(i->a);
	archive_write_add_filter_none(i->a);
	if (i->fd < 0 || archive_write_open_fd(i->a, i->fd) != ARCHIVE_OK)
		fail(i, "memory", i->fd < 0 ? strerror(errno) : archive_error_string(i->a));
	for (size_t k = 0; k < sizeof(dirs) / sizeof(dirs[0]) && !i->bad; k++)
		header(i, dirs[k], AE_IFDIR, 0755, 0, 0, 0);
	for (size_t k = 0; k < sizeof(devices) / sizeof(devices[0]) && !i->bad; k++)
		header(i, devices[k].name, AE_IFCHR, devices[k].mode, 0, devices[k].major, devices[k].minor);
	return i;
}

static void copy(struct initramfs *i, const char *path, int fd)
{
	char *buf = xcalloc(1, 1 << 20);
	ssize_t n;

	while ((n = read(fd, buf, 1 << 20)) > 0 && !i->bad)
		if (archive_write_data(i->a, buf, n) != n)
			fail(i, path, archive_error_string(i->a));
	if (n < 0)
		fail(i, path, strerror(errno));
	free(buf);
}

void initramfs_add(struct initramfs *i, const char *name, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		fail(i, path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		fail(i, path, "is no file");
	} else if (!i->bad) {
		header(i, name, AE_IFREG, 0755, st.st_size, 0, 0);
		copy(i, path, fd);
	}
	if (fd >= 0)
		close(fd);
}

int initramfs_end(struct initramfs *i)
{
	int fd;

	if (!i->bad && archive_write_close(i->a) != ARCHIVE_OK)
		fail(i, "memory", archive_error_string(i->a));
	archive_write_free(i->a);
	fd = i->fd;
	if (i->bad && fd >= 0) {
		close(fd);
		fd = -1;
	}
	free(i);
	return fd;
}

int file_snapshot(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), to = memfd_create("image", MFD_CLOEXEC);
	ssize_t n = -1;

	if (from >= 0 && to >= 0)
		while ((n = sendfile(to, from, NULL, 1 << 24)) > 0)
			;
	if (n < 0)
		err("%s: %s", path, strerror(errno));
	if (from >= 0)
		close(from);
	if (n < 0 && to >= 0)
		close(to);
	return n < 0 ? -1 : to;
}
