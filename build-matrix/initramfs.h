/* SPDX-License-Identifier: GPL-2.0 */
/* The file system that a kernel boots into: a newc cpio archive in memory. */
#ifndef BUILD_MATRIX_INITRAMFS_H
#define BUILD_MATRIX_INITRAMFS_H

#include "../lib/str.h"

struct initramfs;

struct initramfs *initramfs_new(void);
/* A file of ours under a name of the guest's ("tests/munmap"), mode 0755.  Errors are kept for initramfs_end(). */
void initramfs_add(struct initramfs *i, const char *name, const char *path);
/*
 * With the folders and devices that every init needs.  A descriptor of the archive, to be closed, or -1 after a
 * message; the struct is freed.
 */
int initramfs_end(struct initramfs *i);

/* A copy of a file in memory, which nobody can change any more: a descriptor or -1 after a message. */
int file_snapshot(const char *path);

#endif
