// SPDX-License-Identifier: GPL-2.0
/*
 * mapping FILE OFFSET BYTES PROCESSES: so many processes map the same memory of a device, MAP_SHARED.  In turn one of them writes
 * to each page, and all read it back.  OFFSET may be hexadecimal.
 * They map it where a pte page begins, so that a kernel which would share the tables could do so.
 */
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "crowd.h"

#define SPAN (4UL << 20)	/* of a pte page of 4 kB, at most */

static const char *device;
static off_t offset;
static size_t bytes, page;
static int processes;

static volatile unsigned *map(void)
{
	int fd = open(device, O_RDWR | O_SYNC);
	char *room = mmap(NULL, bytes + SPAN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *at = room + -(unsigned long)room % SPAN;
	void *p = fd < 0 || room == MAP_FAILED ? MAP_FAILED :
		mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);

	if (p == MAP_FAILED) {
		printf("%s: %s\n", device, strerror(errno));
		exit(1);
	}
	return p;
}

static unsigned value(int turn, size_t i)
{
	return i << 8 | turn;
}

static void work(int who)
{
	volatile unsigned *memory = map();
	size_t step = page / sizeof(*memory);

	for (int turn = 0; turn < processes; turn++) {
		for (size_t i = 0; i < bytes / page && turn == who; i++)
			memory[i * step] = value(turn, i);
		together();
		for (size_t i = 0; i < bytes / page; i++) {
			if (memory[i * step] == value(turn, i))
				continue;
			printf("process %d: page %zu has %x, process %d wrote %x\n", who, i, memory[i * step], turn, value(turn, i));
			exit(1);
		}
		together();
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		printf("usage: mapping FILE OFFSET BYTES PROCESSES\n");
		return 2;
	}
	device = argv[1];
	offset = strtoull(argv[2], NULL, 0);
	bytes = strtoul(argv[3], NULL, 0);
	processes = atoi(argv[4]);
	page = sysconf(_SC_PAGESIZE);
	return crowd(processes, work);
}
