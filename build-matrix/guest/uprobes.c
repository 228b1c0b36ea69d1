// SPDX-License-Identifier: GPL-2.0
/*
 * Breakpoints of the kernel's own in a text that several processes share: registered for the file, put into each
 * process that maps it, now or later, and taken out again.
 */
#include "force.h"
#include <sys/mount.h>

#define TABLES 2
#define LEN (TABLES * span)
#define TRACING "/sys/kernel/tracing"
#define EVENTS TRACING "/uprobe_events"

/* Two functions, in pages that the pattern leaves alone: one whose first instruction the kernel imitates, one whose it steps. */
#define NOP_AT (span / 2 + 512)
#define MOV_AT (span + span / 2 + 512)
#define NOP_GIVES 0x1234
#define MOV_GIVES 0x5678

#if defined(__i386__) || defined(__x86_64__)
/* nop; mov $NOP_GIVES,%eax; ret */
static const unsigned char nop_code[] = { 0x90, 0xb8, 0x34, 0x12, 0, 0, 0xc3 };
/* mov $MOV_GIVES,%eax; ret */
static const unsigned char mov_code[] = { 0xb8, 0x78, 0x56, 0, 0, 0xc3 };
#define BREAKPOINT 0xcc
#else
static const unsigned char nop_code[2], mov_code[2];
#define BREAKPOINT 0
#endif

static char path[] = "/tmp/shpte-uprobes";

static void need_uprobes(void)
{
	if (!BREAKPOINT)
		skip("no code for this architecture");
	mount("tracefs", TRACING, "tracefs", 0, NULL);
	if (access(EVENTS, F_OK))
		skip("no uprobe_events");
}

static void define(const char *name, long off)
{
	char text[100];
	int fd = SYS(open(EVENTS, O_WRONLY | O_APPEND | O_CLOEXEC));

	snprintf(text, sizeof(text), "p:shpte/%s %s:0x%lx", name, path, off);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s: %s", text, strerror(errno));
	close(fd);
}

static void enable(const char *name, int on)
{
	char file[100];

	snprintf(file, sizeof(file), TRACING "/events/shpte/%s/enable", name);
	CHECK(!spit(file, on ? "1" : "0"), "%s: %s", file, strerror(errno));
}

/* The line of a probe is: file, name, hits, misses. */
static long hits(const char *name)
{
	char *text = slurp(TRACING "/uprobe_profile"), *at = text ? strstr(text, name) : NULL;

	CHECK(at, "%s is not in uprobe_profile", name);
	return atol(at + strlen(name));
}

static long map_text(long prot, long flags, long c)
{
	map = map_shifted(file_fd, 0, LEN, prot, flags, 0);
	return 0;
}

static long do_call(long times, long b, long c)
{
	long (*nop)(void) = (long (*)(void))(map + NOP_AT), (*mov)(void) = (long (*)(void))(map + MOV_AT), have;

	for (long i = 0; i < times; i++) {
		have = nop();
		CHECK(have == NOP_GIVES, "the function with a nop gives 0x%lx", have);
		have = mov();
		CHECK(have == MOV_GIVES, "the function without gives 0x%lx", have);
	}
	return 0;
}

/* The whole text: the pattern, and the functions, as they are in the file but for a breakpoint. */
static long do_check_text(long nop_probed, long mov_probed, long c)
{
	do_check(0, LEN, 1);
	for (int k = 0; k < 2; k++) {
		const unsigned char *code = k ? mov_code : nop_code, *there = (unsigned char *)map + (k ? MOV_AT : NOP_AT);
		int first = (k ? mov_probed : nop_probed) ? BREAKPOINT : code[0];

		CHECK(there[0] == first, "function %d begins with 0x%02x, not 0x%02x", k, there[0], first);
		CHECK(!memcmp(there + 1, code + 1, k ? sizeof(mov_code) - 1 : sizeof(nop_code) - 1), "function %d is another", k);
	}
	return 0;
}

static void set(int on)
{
	enable("on_nop", on);
	enable("on_mov", on);
}

/* A case that failed may have left some. */
static void no_probes(void)
{
	spit(TRACING "/events/shpte/enable", "0");
	close(SYS(open(EVENTS, O_WRONLY | O_TRUNC | O_CLOEXEC)));
}

/* n members who share the text and have called it; both functions have a probe, which is off. */
static void executors(int n)
{
	long attaches = shpte_counter("attaches");

	need_uprobes();
	file_fd = SYS(open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
	file_len = LEN;
	SYS(ftruncate(file_fd, LEN));
	team(n);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	memcpy(map + NOP_AT, nop_code, sizeof(nop_code));
	memcpy(map + MOV_AT, mov_code, sizeof(mov_code));
	each(map_text, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
	each(do_call, 1, 0, 0);
	each(do_check_text, 0, 0, 0);
	GREW("attaches", attaches, (n - 1) * TABLES);
	no_probes();
	define("on_nop", NOP_AT);
	define("on_mov", MOV_AT);
}

static void end(void)
{
	dismiss();
	no_probes();
	unlink(path);
}

static void expect_hits(long want)
{
	CHECK(hits("on_nop") == want, "%ld hits of the nop, not %ld", hits("on_nop"), want);
	CHECK(hits("on_mov") == want, "%ld hits of the mov, not %ld", hits("on_mov"), want);
}

/* Hook: whoever puts an anonymous page into a table, by way of uprobe_write_opcode. */
static void registered(void)
{
	executors(4);
	for (int round = 0; round < 2; round++) {
		long before = hits("on_nop");

		if (round)
			set(1);
		else
			LEAVES("leave_cow", 3, set(1));
		each(do_check_text, 1, 1, 0);
		each(do_call, 3, 0, 0);
		expect_hits(before + 4 * 3);
		set(0);
		each(do_check_text, 0, 0, 0);
		each(do_call, 2, 0, 0);
		expect_hits(before + 4 * 3);
	}
	do_check(0, LEN, 1);
	end();
}

/* One probe only: the other table of the same text stays as it is. */
static void one_of_two(void)
{
	executors(3);
	enable("on_mov", 1);
	each(do_check_text, 0, 1, 0);
	each(do_call, 1, 0, 0);
	CHECK(hits("on_nop") == 0 && hits("on_mov") == 3, "%ld and %ld hits", hits("on_nop"), hits("on_mov"));
	enable("on_nop", 1);
	enable("on_mov", 0);
	each(do_check_text, 1, 0, 0);
	set(0);
	each(do_check_text, 0, 0, 0);
	end();
}

/* Who maps the text later finds the probe there, and not when it is gone again. */
static void mapped_later(void)
{
	long attaches;

	executors(2);
	set(1);
	team(2);
	for (int i = 2; i < 4; i++) {
		at(i, map_text, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
		at(i, do_check_text, 1, 1, 0);
		at(i, do_call, 2, 0, 0);
	}
	expect_hits(4);
	at(0, do_munmap, 0, LEN, 0);
	leave_by_kill(2);
	at(3, do_call, 1, 0, 0);
	set(0);
	attaches = shpte_counter("attaches");
	team(2);
	for (int i = 4; i < 6; i++)
		at(i, map_text, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
	for (int i = 4; i < 6; i++)
		at(i, do_call, 1, 0, 0);
	GREW("attaches", attaches, TABLES);
	for (int i = 1; i < 6; i += 2)
		at(i, do_check_text, 0, 0, 0);
	expect_hits(5);
	end();
}

/* A child has its parent's text, with its breakpoints. */
static void forked(void)
{
	executors(2);
	map_text(PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
	do_call(1, 0, 0);
	set(1);
	team(2);
	for (int i = 2; i < 4; i++) {
		at(i, do_check_text, 1, 1, 0);
		at(i, do_call, 2, 0, 0);
	}
	do_call(1, 0, 0);
	expect_hits(5);
	leave_by_exit(3);
	set(0);
	do_check_text(0, 0, 0);
	for (int i = 0; i < 3; i++)
		at(i, do_check_text, 0, 0, 0);
	at(2, do_call, 1, 0, 0);
	expect_hits(5);
	end();
}

/* A shared mapping gets no breakpoint: that would be one in the file. */
static void not_in_shared(void)
{
	executors(2);
	at(1, map_text, PROT_READ | PROT_EXEC, MAP_SHARED, 0);
	at(1, do_check_text, 0, 0, 0);
	set(1);
	at(0, do_check_text, 1, 1, 0);
	at(1, do_check_text, 0, 0, 0);
	each(do_call, 1, 0, 0);
	expect_hits(1);
	set(0);
	each(do_check_text, 0, 0, 0);
	end();
}

/* Calling all the time, while the breakpoints come and go: a call always gives what it should. */
static long call_on(long a, long b, long c)
{
	pin(1 + me, 0, 0);
	while (!guest->word[0]) {
		do_call(1, 0, 0);
		if (guest->word[1] % 4 == me) {		/* and from a new mapping, at times */
			do_munmap(0, LEN, 0);
			map_text(PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
		}
	}
	return 0;
}

static void while_calling(void)
{
	executors(3);
	here();
	pin(0, 0, 0);
	for (int i = 0; i < 3; i++)
		order(i, call_on, 0, 0, 0);
	for (int i = 0; i < 16; i++) {
		guest->word[1] = i;
		set(!(i % 2));
		pause_ms(i % 5);
	}
	guest->word[0] = 1;
	for (int i = 0; i < 3; i++)
		finish(i);
	each(do_check_text, 0, 0, 0);
	CHECK(hits("on_nop") > 0, "there was no hit");
	end();
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "registered", registered }, { "one_of_two", one_of_two }, { "mapped_later", mapped_later },
		{ "forked", forked }, { "not_in_shared", not_in_shared }, { "while_calling", while_calling },
	};

	return RUN(cases);
}
