// SPDX-License-Identifier: GPL-2.0
/* The options that boot a cell on a machine other than its description says. */
#include <string.h>

#include "../lib/log.h"
#include "machine.h"

#define NOT_GIVEN -1

long machine_cpus = NOT_GIVEN;
unsigned long long machine_mem;

int machine_check(void)
{
	if (machine_mem && machine_mem < 16 << 20)
		return usage("--mem: less than 16M is no memory for a guest");
	if (machine_cpus != NOT_GIVEN && (machine_cpus < 1 || machine_cpus > 255))
		return usage("--cpus: a guest has 1 to 255 CPUs");
	return 0;
}

char *machine_cell(const char *cell)
{
	const char *slash = strchr(cell, '/');
	struct str b = {0};
	size_t n;

	/* What is no cell's name whoever loads it will tell. */
	if (!slash)
		return xstrdup(cell);
	n = slash + 1 + strcspn(slash + 1, "/") - cell;
	str_addn(&b, cell, n);
	if (machine_cpus != NOT_GIVEN)
		str_addf(&b, ",cpus=%ld", machine_cpus);
	if (machine_mem)
		str_addf(&b, ",mem=%lluM", machine_mem >> 20);
	str_add(&b, cell + n);
	return b.s;
}
