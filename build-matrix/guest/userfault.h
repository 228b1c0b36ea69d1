/* SPDX-License-Identifier: GPL-2.0 */
/* For the tests that register memory with userfaultfd. */
#ifndef GUEST_USERFAULT_H
#define GUEST_USERFAULT_H

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A descriptor, or -1: this kernel has none with these features. */
static int open_uffd(uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

#endif
