// SPDX-License-Identifier: GPL-2.0
/*
 * How many levels the page tables have: what of shared pte pages was tried is said of these, and not of what the
 * configuration promised.  A page where nothing is mapped near takes a table of each level but the top one.
 */
#include "guest.h"

/* The middle of the widest hole between two mappings of this process. */
static unsigned long widest_hole(void)
{
	unsigned long start, end, last = 0, at = 0, widest = 0;
	FILE *f = fopen("/proc/self/maps", "re");
	char line[300];

	CHECK(f, "/proc/self/maps: %s", strerror(errno));
	while (fgets(line, sizeof(line), f) && sscanf(line, "%lx-%lx", &start, &end) == 2 && !strstr(line, "[vsyscall]")) {
		if (last && start - last > widest) {
			widest = start - last;
			at = last + widest / 2;
		}
		last = end;
	}
	fclose(f);
	CHECK(at, "there is no hole between the mappings");
	return at & ~(span - 1);
}

/* With entries of eight bytes 32-bit x86 gives each process all its pmd pages at birth. */
static int tables_from_birth(void)
{
#ifdef __i386__
	return span / pagesz == pagesz / 8;
#else
	return 0;
#endif
}

static void depth(void)
{
	const char *wanted = getenv("levels");
	void *at = (void *)widest_hole();
	long before = own_status("VmPTE"), levels;
	char *p;

	p = SYS(mmap(at, pagesz, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	*p = 1;
	levels = (own_status("VmPTE") - before) * 1024 / pagesz + tables_from_birth() + 1;
	say("# figure pagetable.levels %ld", levels);
	say("# figure pagetable.span_kb %ld kB", span / 1024);
	if (!wanted)
		skip("the machine's description does not say how many there are");
	CHECK(levels == atol(wanted), "%ld levels, and the machine was to have %s", levels, wanted);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "depth", depth },
	};

	return RUN(cases);
}
