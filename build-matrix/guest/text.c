// SPDX-License-Identifier: GPL-2.0
/* A program's text and a library's: private, read and executed, mapped by programs that know nothing of each other. */
#include "force.h"
#include <link.h>
#include <sys/auxv.h>

#define TABLES 2
#define LEN (TABLES * span)

static long write_all(int to, const void *from, long len, long off)
{
	CHECK(pwrite(to, from, len, off) == len, "write: %s", strerror(errno));
	return len;
}

/* What stands in the text: the file of the other tests, in generation 1, at an offset of this file. */
static void write_text(int fd, long at)
{
	uint32_t *page = malloc(pagesz);

	SYS(ftruncate(fd, at + LEN));
	for_each_page(off, 0, LEN) {
		memset(page, 0, pagesz);
		for (int k = 0; k < 3; k++)
			page[(WORD(off, k) - off) / 4] = pattern(WORD(off, k), 1);
		write_all(fd, page, pagesz, at + off);
	}
	free(page);
}

static ElfW(Phdr) *text_header(ElfW(Phdr) *ph, int n)
{
	for (int i = 0; i < n; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_align == (unsigned long)span)
			return &ph[i];
	return NULL;
}

/*
 * This very program with more text: a header that says nothing of importance to a static program becomes that of
 * a segment behind all others, on a border of pte pages in the file and in memory.
 */
static void make_program(const char *path)
{
	static char image[8 << 20];
	int from = SYS(open("/proc/self/exe", O_RDONLY | O_CLOEXEC)), to;
	long len = SYS(read(from, image, sizeof(image))), end = 0, at;
	ElfW(Ehdr) *eh = (void *)image;
	ElfW(Phdr) *ph = (void *)(image + eh->e_phoff), *spare = NULL;

	close(from);
	CHECK(len > 0 && len < (long)sizeof(image), "the program has %ld bytes", len);
	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD && (long)(ph[i].p_vaddr + ph[i].p_memsz) > end)
			end = ph[i].p_vaddr + ph[i].p_memsz;
		if (ph[i].p_type == PT_NOTE)
			spare = &ph[i];
	}
	CHECK(spare, "no header to spare");
	at = (len + span - 1) & -span;
	end = (end + 2 * span - 1) & -span;
	*spare = (ElfW(Phdr)){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = at, .p_vaddr = end, .p_paddr = end,
		.p_filesz = LEN, .p_memsz = LEN, .p_align = span };
	to = SYS(open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
	write_all(to, image, len, 0);
	write_text(to, at);
	close(to);
}

/* The program: looks for its text, checks it, says so, and at the next word checks it again. */
static int program(int out, int in)
{
	static struct guest_state own;
	ElfW(Phdr) *all = (void *)getauxval(AT_PHDR), *text;
	char word;

	guest = &own;
	pagesz = sysconf(_SC_PAGESIZE);
	span = pte_span();
	text = text_header(all, getauxval(AT_PHNUM));
	if (!text)
		return 2;
	map = (char *)text->p_vaddr;
	for (int i = 0; i < 2; i++) {
		do_check(0, LEN, 1);
		if (write(out, &map, sizeof(map)) != sizeof(map) || read(in, &word, 1) != 1)
			return 3;
	}
	return 0;
}

struct running {
	pid_t pid;
	int say, hear;
	char *text;			/* where it has the text */
};

static void hear(struct running *r)
{
	CHECK(read(r->hear, &r->text, sizeof(r->text)) == sizeof(r->text), "a program did not find its text as it should be");
}

static struct running run_program(const char *path)
{
	int there[2], back[2];
	char text[2][12];
	struct running r;

	SYS(pipe(there));
	SYS(pipe(back));
	snprintf(text[0], sizeof(text[0]), "%d", back[1]);
	snprintf(text[1], sizeof(text[1]), "%d", there[0]);
	r.pid = SYS(fork());
	if (!r.pid) {
		close(there[1]);
		close(back[0]);
		execl(path, path, "--program", text[0], text[1], NULL);
		FAIL("execl %s: %s", path, strerror(errno));
	}
	close(there[0]);
	close(back[1]);
	r.say = there[1];
	r.hear = back[0];
	hear(&r);
	return r;
}

static void go_on(struct running *r)
{
	CHECK(write(r->say, "", 1) == 1, "write: %s", strerror(errno));
}

static void check_end(struct running *r)
{
	int status;

	go_on(r);
	SYS(waitpid(r->pid, &status, 0));
	CHECK(!status, "a program ended with 0x%x", status);
}

#define PROGRAM "/tmp/shpte-program"

/* One after the other, all alive at once: each finds the text as it is in the file, although one has a breakpoint there. */
static void programs(void)
{
	enum { N = 5 };
	long attaches = shpte_counter("attaches");
	struct running r[N];
	char path[40];

	make_program(PROGRAM);
	for (int i = 0; i < N; i++)
		r[i] = run_program(PROGRAM);
	GREW("attaches", attaches, (N - 1) * TABLES);
	snprintf(path, sizeof(path), "/proc/%d/mem", r[1].pid);
	LEAVES("leave_cow", 1, force_at(path, r[1].text + pagesz + 128, 0xcc));
	for (int i = 0; i < N; i++) {
		go_on(&r[i]);
		hear(&r[i]);
		check_end(&r[i]);
	}
	unlink(PROGRAM);
}

/* The parent goes before its child does; a program replaces itself by itself. */
static void replaced(void)
{
	struct running r[4];

	make_program(PROGRAM);
	for (int i = 0; i < 4; i++)
		r[i] = run_program(PROGRAM);
	for (int i = 0; i < 3; i++) {
		kill(r[i].pid, SIGKILL);
		SYS(waitpid(r[i].pid, NULL, 0));
		r[i] = run_program(PROGRAM);
	}
	/* The last of the first ones has seen them all come and go. */
	for (int i = 3; i >= 0; i--) {
		go_on(&r[i]);
		hear(&r[i]);
		check_end(&r[i]);
	}
	unlink(PROGRAM);
}

/*
 * A library, as its loader maps it: all of it first, then another protection for each part, and relocations in a
 * part that is protected again after that.
 */
static long do_load(long a, long b, long c)
{
	long data = span + span / 2, part = span / 4;

	map = map_shifted(file_fd, 0, LEN, PROT_READ, MAP_PRIVATE, 0);
	SYS(mmap(map, span, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file_fd, 0));
	SYS(mmap(map + data, part, RW, MAP_PRIVATE | MAP_FIXED, file_fd, data));
	do_check(0, LEN, 1);
	do_fill(data, part, 2 + me);
	do_mprotect(data, part / 2, PROT_READ);
	do_check(data, part, 2 + me);
	return 0;
}

static long do_check_library(long gen, long b, long c)
{
	long data = span + span / 2, part = span / 4;

	do_check(0, data, gen);
	do_check(data, part, 2 + me);
	do_check(data + part, LEN - data - part, gen);
	do_writes(0, data, SIGSEGV);
	do_writes(data, part / 2, SIGSEGV);
	return 0;
}

static void library(void)
{
	long attaches = shpte_counter("attaches");

	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	team(4);
	each(do_load, 0, 0, 0);
	/* Only the text covers a table. */
	GREW("attaches", attaches, 3);
	each(do_check_library, 1, 0, 0);
	at(1, do_munmap, 0, LEN, 0);
	at(1, do_load, 0, 0, 0);
	each(do_check_library, 1, 0, 0);
	do_fill(0, span, 2);
	each(do_check, 0, span, 2);
}

int main(int argc, char **argv)
{
	static const struct guest_case cases[] = {
		{ "programs", programs }, { "replaced", replaced }, { "library", library },
	};

	if (argc == 4 && !strcmp(argv[1], "--program"))
		return program(atoi(argv[2]), atoi(argv[3]));
	return RUN(cases);
}
