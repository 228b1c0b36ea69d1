// SPDX-License-Identifier: GPL-2.0
/* One sharer changes what it may do; what the others may do, and what they see, stays. */
#include "guest.h"

#define TABLES 3
#define LEN (TABLES * span)
#define OFF (span + span / 2)
#define PART (span / 4)

/*
 * Member 1 may only read [off, off + len).  The others' writes must not hand it write access: an entry in
 * a table that it still shared would become writable for it as well.
 * Hook: mprotect_fixup.  Without it change_pte_range would write-protect the others' entries, too.
 */
static void read_only(long off, long len)
{
	at(1, do_mprotect, off, len, PROT_READ);
	at(1, do_writes, off, len, SIGSEGV);
	at(1, do_check, 0, LEN, 1);
	at(0, do_fill, off, len, 2);
	at(1, do_writes, off, len, SIGSEGV);
	at(1, do_check, off, len, 2);
	at(2, do_fill, 0, LEN, 3);
	at(1, do_writes, off, len, SIGSEGV);
	each(do_check, 0, LEN, 3);
	at(1, do_mprotect, off, len, RW);
	at(1, do_fill, 0, LEN, 4);
	each(do_check, 0, LEN, 4);
}

static void ro_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, read_only(OFF, PART));
}

static void ro_whole(void)
{
	shared(3, LEN);
	/* It is the same mapping again in the end, but the tables that it got for itself meanwhile stay its own. */
	LEAVES("leave_mprotect", TABLES, read_only(0, LEN));
}

static void ro_one_table(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, read_only(span, span));
}

static void none_part(void)
{
	shared(3, LEN);
	LEAVES_SOMEHOW(1, at(1, do_mprotect, OFF, PART, PROT_NONE));
	at(1, do_reads, OFF, PART, SIGSEGV);
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	at(1, do_reads, OFF, PART, SIGSEGV);
	at(1, do_check, 0, OFF, 2);
	at(1, do_mprotect, OFF, PART, PROT_READ);
	at(1, do_check, 0, LEN, 2);
	at(1, do_writes, OFF, PART, SIGSEGV);
}

static void none_whole(void)
{
	shared(3, LEN);
	LEAVES("leave_mprotect", TABLES, at(1, do_mprotect, 0, LEN, PROT_NONE));
	at(1, do_reads, 0, LEN, SIGSEGV);
	at(0, do_fill, 0, LEN, 2);
	at(2, do_check, 0, LEN, 2);
	at(1, do_reads, 0, LEN, SIGSEGV);
	at(1, do_mprotect, 0, LEN, RW);
	at(1, do_check, 0, LEN, 2);
}

/* Two who only read, and share with each other; one is given write access, which the other must not get. */
static void ro_to_rw(void)
{
	long attaches;

	shared(2, LEN);
	attaches = shpte_counter("attaches");
	team(2);
	for (int i = 2; i < 4; i++) {
		at(i, do_map, 0, LEN, PROT_READ);
		at(i, do_check, 0, LEN, 1);
	}
	GREW("attaches", attaches, TABLES);
	LEAVES("leave_mprotect", TABLES, at(2, do_mprotect, 0, LEN, RW));
	at(2, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(3, do_writes, 0, LEN, SIGSEGV);
	at(2, do_writes, 0, LEN, 0);
}

/* Nothing changes: nothing must be left, and nothing lost. */
static void same_again(void)
{
	shared(3, LEN);
	at(1, do_mprotect, 0, LEN, RW);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

/* Executable or not is a protection, too. */
static void exec_bit(void)
{
	shared(3, LEN);
	at(1, do_mprotect, 0, LEN, RW | PROT_EXEC);
	at(1, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(2, do_mprotect, 0, LEN, PROT_READ | PROT_EXEC);
	at(2, do_writes, 0, LEN, SIGSEGV);
	at(0, do_fill, 0, LEN, 3);
	each(do_check, 0, LEN, 3);
}

/* A child by fork has the parent's addresses; the parent's protection is not the child's. */
static void parent_and_child(void)
{
	file_fd = file_in("/tmp", LEN);
	do_map(0, LEN, RW);
	do_fill(0, LEN, 1);
	team(2);
	each(do_check, 0, LEN, 1);
	do_mprotect(0, LEN, PROT_READ);
	each(do_fill, 0, LEN, 2);
	do_writes(0, LEN, SIGSEGV);
	do_check(0, LEN, 2);
	at(0, do_mprotect, OFF, PART, PROT_NONE);
	at(1, do_fill, 0, LEN, 3);
	do_check(0, LEN, 3);
	at(0, do_reads, OFF, PART, SIGSEGV);
}

/* Writers that never stop, while another changes its mind all the time: each of its prohibitions holds at once. */
static long write_on(long off, long len, long stop_at)
{
	pin(1 + me, 0, 0);
	while (guest->word[0] < stop_at)
		do_fill(off, len, 1);
	return 0;
}

static long toggle(long off, long len, long rounds)
{
	pin(0, 0, 0);
	for (long i = 0; i < rounds; i++) {
		do_mprotect(off, len, PROT_READ);
		for (long page = off; page < off + len; page += 8 * pagesz)
			expect_signal(page, pagesz, 1, SIGSEGV);
		do_mprotect(off, len, i % 2 ? RW : PROT_NONE);
		for (long page = off; page < off + len; page += 8 * pagesz)
			expect_signal(page, pagesz, 0, i % 2 ? 0 : SIGSEGV);
		do_mprotect(off, len, RW);
		do_check(off, len, 1);
	}
	guest->word[0] = 1;
	return 0;
}

static void while_others_write(void)
{
	shared(3, LEN);
	here();
	order(0, toggle, OFF, PART, 20);
	order(1, write_on, 0, LEN, 1);
	order(2, write_on, span, span, 1);
	for (int i = 0; i < 3; i++)
		finish(i);
	guest->word[0] = 0;
	order(0, toggle, 0, LEN, 8);
	order(1, write_on, 0, LEN, 1);
	order(2, write_on, span, span, 1);
	for (int i = 0; i < 3; i++)
		finish(i);
	each(do_check, 0, LEN, 1);
}

/* The thread on the other CPU must lose its access, too, although it has it in its TLB. */
static void *write_until_fault(void *page)
{
	pin(1, 0, 0);
	while (!probe(page, 1)) {
		guest->word[1]++;
		relax();
	}
	guest->word[2] = 1;
	return NULL;
}

static long protect_under_thread(long off, long len, long c)
{
	pthread_t thread;
	int before;

	pin(0, 0, 0);
	CHECK(!pthread_create(&thread, NULL, write_until_fault, map + off), "no thread");
	spin_until(&guest->word[1], 100);
	do_mprotect(off, len, PROT_READ);
	before = guest->word[1];
	for (long end = now_ms() + 2000; !guest->word[2] && now_ms() < end; )
		relax();
	CHECK(guest->word[1] <= before + 1, "the other CPU wrote %d times after mprotect", guest->word[1] - before);
	return pthread_join(thread, NULL);
}

static void other_cpu(void)
{
	shared(3, LEN);
	at(1, protect_under_thread, 0, LEN, 0);
	at(0, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "ro_part", ro_part }, { "ro_whole", ro_whole }, { "ro_one_table", ro_one_table },
		{ "none_part", none_part }, { "none_whole", none_whole }, { "ro_to_rw", ro_to_rw },
		{ "same_again", same_again }, { "exec_bit", exec_bit }, { "parent_and_child", parent_and_child },
		{ "while_others_write", while_others_write }, { "other_cpu", other_cpu },
	};

	return RUN(cases);
}
