// SPDX-License-Identifier: GPL-2.0
/* One sharer's faults are handled by a program of its own; the others' are not. */
#include "guest.h"
#include "pagemap.h"
#include "userfault.h"
#include <poll.h>

#define TABLES 2
#define LEN (TABLES * span)
#define OFF (span / 2)
#define PART (span / 8)

/* In the member who has it. */
static int uffd = -1;
static atomic_int events;
static long fill_gen;			/* what the handler puts into missing pages; 0: zero pages */

/* Answers each fault of the mapping with the pattern's page. */
static void *handler(void *arg)
{
	static char page[65536] __attribute__((aligned(65536)));

	for (;;) {
		struct pollfd pfd = { .fd = uffd, .events = POLLIN };
		struct uffd_msg msg;
		long off;

		poll(&pfd, 1, -1);
		if (read(uffd, &msg, sizeof(msg)) != sizeof(msg) || msg.event != UFFD_EVENT_PAGEFAULT)
			continue;
		off = (long)((char *)(uintptr_t)msg.arg.pagefault.address - map) & -pagesz;
		events++;
		if (fill_gen) {
			struct uffdio_copy copy = { .dst = (uintptr_t)map + off, .src = (uintptr_t)page, .len = pagesz };

			for (int k = 0; k < 3; k++)
				*(uint32_t *)(page + WORD(0, k)) = pattern(WORD(off, k), fill_gen);
			/* EEXIST: somebody else has filled the page meanwhile. */
			if (ioctl(uffd, UFFDIO_COPY, &copy) && errno == EEXIST) {
				struct uffdio_range range = { (uintptr_t)map + off, pagesz };

				ioctl(uffd, UFFDIO_WAKE, &range);
			}
		} else {
			struct uffdio_zeropage zero = { .range = { (uintptr_t)map + off, pagesz } };

			if (ioctl(uffd, UFFDIO_ZEROPAGE, &zero) && errno == EEXIST)
				ioctl(uffd, UFFDIO_WAKE, &zero.range);
		}
	}
	return NULL;
}

/* Hook: userfaultfd_register_range: the whole vma leaves, and does not share from then on. */
static long do_register(long off, long len, long gen)
{
	struct uffdio_register reg = {
		.range = { (uintptr_t)map + off, len }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	pthread_t thread;

	fill_gen = gen;
	uffd = open_uffd(0);
	if (uffd < 0)
		return -1;
	SYS(ioctl(uffd, UFFDIO_REGISTER, &reg));
	CHECK(!pthread_create(&thread, NULL, handler, NULL), "no thread");
	return 0;
}

static long do_unregister(long off, long len, long c)
{
	struct uffdio_range range = { (uintptr_t)map + off, len };

	return SYS(ioctl(uffd, UFFDIO_UNREGISTER, &range));
}

static long count_events(long reset, long b, long c)
{
	long n = events;

	if (reset)
		events = 0;
	return n;
}

static void opened(int n)
{
	int fd = SYS(memfd_create("shpte", 0));

	if (open_uffd(0) < 0)
		skip("no userfaultfd");
	SYS(ftruncate(fd, LEN));
	shared_on(fd, n, LEN);
}

static void punch(long off, long len)
{
	SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len));
}

/* In the file, but not in the table: that is no missing page. */
static void registered_whole(void)
{
	long n;

	opened(3);
	LEAVES("leave_uffd", TABLES, CHECK(!at(1, do_register, 0, LEN, 5), "userfaultfd: %s", strerror(errno)));
	each(do_check, 0, LEN, 1);
	n = at(1, count_events, 1, 0, 0);
	CHECK(n == 0, "%ld events for pages that are in the file", n);

	/* A hole is missing for member 1, whose handler fills it; then all have that. */
	punch(OFF, PART);
	at(1, do_check, OFF, PART, 5);
	n = at(1, count_events, 1, 0, 0);
	CHECK(n == PART / pagesz, "%ld events for %ld missing pages", n, PART / pagesz);
	each(do_check, OFF, PART, 5);

	/* For the others a hole is a hole; and once they have filled it, it is not missing for member 1. */
	punch(OFF, PART);
	at(0, do_check, OFF, PART, 0);
	at(0, do_fill, OFF, PART, 6);
	at(1, do_check, OFF, PART, 6);
	at(2, do_check, OFF, PART, 6);
	n = at(1, count_events, 1, 0, 0);
	CHECK(n == 0, "%ld events for pages that another has filled", n);
	at(1, do_fill, 0, LEN, 7);
	each(do_check, 0, LEN, 7);
}

static void registered_part(void)
{
	long n;

	opened(3);
	LEAVES_SOMEHOW(1, at(1, do_register, OFF, PART, 5));
	each(do_check, 0, LEN, 1);
	punch(OFF - PART, 3 * PART);
	at(1, do_check, OFF, PART, 5);
	at(1, do_check, OFF - PART, PART, 0);
	at(1, do_check, OFF + PART, PART, 0);
	n = at(1, count_events, 1, 0, 0);
	CHECK(n == PART / pagesz, "%ld events for %ld missing pages", n, PART / pagesz);
	each(do_check, OFF, PART, 5);
}

static void zero_pages(void)
{
	opened(3);
	at(1, do_register, 0, LEN, 0);
	punch(OFF, PART);
	at(1, do_check, OFF, PART, 0);
	CHECK(at(1, count_events, 1, 0, 0) == PART / pagesz, "not as many events as missing pages");
	at(1, do_fill, OFF, PART, 5);
	each(do_check, OFF, PART, 5);
}

/* Without touching: UFFDIO_COPY puts pages into a table that must be the caller's own. */
static long copy_in(long off, long len, long gen)
{
	char *source = malloc(len + pagesz), *page = (char *)(((uintptr_t)source + pagesz - 1) & -pagesz), *now = map;
	struct uffdio_copy copy = { .dst = (uintptr_t)map + off, .src = (uintptr_t)page, .len = len };

	map = page - off;
	do_fill(off, len, gen);
	map = now;
	SYS(ioctl(uffd, UFFDIO_COPY, &copy));
	CHECK(copy.copy == len, "%lld bytes were copied", (long long)copy.copy);
	free(source);
	return 0;
}

/* Hook: mfill_atomic_install_pte: the others are not charged, and find the pages in the file. */
static void copied_in(void)
{
	long present;

	opened(3);
	at(1, do_register, 0, LEN, 5);
	punch(OFF, PART);
	at(1, copy_in, OFF, PART, 8);
	present = at(1, do_count_present, OFF, PART, 0);
	CHECK(present == PART / pagesz, "%ld pages are mapped where they were copied to", present);
	each(do_check, OFF, PART, 8);
	at(1, do_unregister, 0, LEN, 0);
	each(do_check, OFF, PART, 8);
}

/* Afterwards it is a mapping like any other; once it is mapped anew it shares again. */
static void unregistered(void)
{
	long attaches;

	opened(3);
	at(1, do_register, 0, LEN, 5);
	at(1, do_check, 0, LEN, 1);
	at(1, do_unregister, 0, LEN, 0);
	punch(OFF, PART);
	at(1, do_check, OFF, PART, 0);
	attaches = shpte_counter("attaches");
	at(1, do_munmap, 0, LEN, 0);
	at(1, do_map, 0, LEN, RW);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	GREW("attaches", attaches, TABLES);
}

/* The others punch and write all the time while member 1's faults are being answered. */
static long punch_on(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++) {
		punch(OFF + i % 4 * (PART / 4), PART / 4);
		do_fill(OFF + (i + 2) % 4 * (PART / 4), PART / 4, 5);
	}
	return 0;
}

/* What the handler fills in is what the others write: whoever is first. */
static long check_on(long rounds, long b, long c)
{
	for (long i = 0; i < rounds; i++)
		for (long page = OFF; page < OFF + PART; page += pagesz) {
			uint32_t have = *(volatile uint32_t *)(map + WORD(page, 1));

			CHECK(!have || have == pattern(WORD(page, 1), 5), "offset 0x%lx has %08x", WORD(page, 1), have);
		}
	return 0;
}

static void while_others_punch(void)
{
	opened(3);
	at(1, do_register, 0, LEN, 5);
	punch(OFF, PART);
	here();
	order(0, punch_on, 10, 0, 0);
	order(1, check_on, 3, 0, 0);
	order(2, punch_on, 10, 0, 0);
	for (int i = 0; i < 3; i++)
		finish(i);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "registered_whole", registered_whole }, { "registered_part", registered_part },
		{ "zero_pages", zero_pages }, { "copied_in", copied_in }, { "unregistered", unregistered },
		{ "while_others_punch", while_others_punch },
	};

	every_page = 1;
	return RUN(cases);
}
