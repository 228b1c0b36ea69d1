/* SPDX-License-Identifier: GPL-2.0 */
/* Disks for the guest: sparse images in the cache, made once and never written to. */
#ifndef BUILD_MATRIX_DISK_H
#define BUILD_MATRIX_DISK_H

#include "suite.h"

/* An empty ext2 file system.  0; -EINTR stopped; -1 after a message; so are all here. */
int disk_ext2(const char *path, unsigned long long bytes);
/* An empty swap area. */
int disk_swap(const char *path, unsigned long long bytes);
/* The Debian root that a suite wants on this machine, as squashfs: *path, caller frees. */
int disk_userland(const struct suite *s, const struct arch *a, char **path);

#endif
