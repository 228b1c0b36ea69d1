// SPDX-License-Identifier: GPL-2.0
/*
 * A process that makes a virtual machine is one with an MMU notifier: the machine's own page tables mirror the
 * process's, and whoever takes an entry from these must tell it.  So it shares no tables, neither those that it had
 * before, nor any from then on.
 */
#include "moving.h"
#include "disk.h"
#include "family.h"

/* The virtual machine runs a program of x86. */
#if defined(__i386__) || defined(__x86_64__)
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#define TABLES 2
#define LEN (TABLES * span)
#define WORDS 4			/* the counters of a page lie at COUNTER_OF(0..) */

static int open_kvm(void)
{
	char *text = slurp("/sys/class/misc/kvm/dev");
	unsigned int major, minor;

	if (!text || sscanf(text, "%u:%u", &major, &minor) != 2)
		skip("no KVM on this machine");
	if (access("/dev/kvm", F_OK))
		SYS(mknod("/dev/kvm", S_IFCHR | 0600, makedev(major, minor)));
	return SYS(open("/dev/kvm", O_RDWR | O_CLOEXEC));
}

/*
 * Where the kernel found no other clock to measure this one by, as on an emulator with too much to do, KVM looks for
 * its frequency for ever.
 */
static void can_run(void)
{
	char *mhz;

	close(open_kvm());
	mhz = strstr(slurp("/proc/cpuinfo") ?: "", "cpu MHz");
	mhz = mhz ? strchr(mhz, ':') : NULL;
	if (mhz && atof(mhz + 1) == 0)
		skip("the CPU's clock is not known");
}

/* --- a machine */

/*
 * Its memory: the program, what the machine believes that it has counted to, and the file.  It has one processor, in
 * protected mode without paging.
 */
#define CODE 0x1000
#define BELIEFS 0x2000
#define PRIVATE 0x100000
#define FILE_AT 0x10000000

#define PORT_ROUND 0x10
#define PORT_WRONG 0x11

struct machine {
	int fd, vcpu;
	struct kvm_run *run;
	char *memory;
	uint32_t *beliefs;
};

static struct machine machine;

static void add_memory(int slot, uint64_t at, void *memory, size_t len)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = at, .memory_size = len, .userspace_addr = (uintptr_t)memory,
	};

	SYS(ioctl(machine.fd, KVM_SET_USER_MEMORY_REGION, &region));
}

static void put32(uint8_t **p, uint32_t value)
{
	memcpy(*p, &value, 4);
	*p += 4;
}

static void put(uint8_t **p, const char *bytes, int n)
{
	memcpy(*p, bytes, n);
	*p += n;
}

#define PUT(p, bytes) put(p, bytes, sizeof(bytes) - 1)

/*
 * Adds one to this process's word in every count_every-th page of the file, again and again, and looks whether it is
 * what it was made the last time.
 */
static void write_program(uint8_t *p)
{
	uint32_t pages = (LEN / pagesz + count_every - 1) / count_every;
	uint8_t *again = p, *next, *wrong;

	PUT(&p, "\xbe"), put32(&p, FILE_AT + ((char *)COUNTER(0) - map));	/* mov $file, %esi */
	PUT(&p, "\xbf"), put32(&p, BELIEFS);				/* mov $beliefs, %edi */
	PUT(&p, "\xb9"), put32(&p, pages);				/* mov $pages, %ecx */
	next = p;
	PUT(&p, "\x8b\x06");						/* mov (%esi), %eax */
	PUT(&p, "\x3b\x07");						/* cmp (%edi), %eax */
	PUT(&p, "\x75"), wrong = p++;					/* jne wrong */
	PUT(&p, "\x40");						/* inc %eax */
	PUT(&p, "\x89\x06");						/* mov %eax, (%esi) */
	PUT(&p, "\x89\x07");						/* mov %eax, (%edi) */
	PUT(&p, "\x81\xc6"), put32(&p, count_every * pagesz);		/* add $distance, %esi */
	PUT(&p, "\x83\xc7\x04");					/* add $4, %edi */
	PUT(&p, "\x49");						/* dec %ecx */
	PUT(&p, "\x75"), *p = next - (p + 1), p++;			/* jne next */
	PUT(&p, "\xe6\x10");						/* out %al, $PORT_ROUND */
	PUT(&p, "\xe9"), put32(&p, again - (p + 4));			/* jmp again */
	*wrong = p - (wrong + 1);
	PUT(&p, "\xe6\x11");						/* out %al, $PORT_WRONG */
}

static void flat(struct kvm_segment *s, int type)
{
	*s = (struct kvm_segment){
		.limit = 0xffffffff, .selector = 8, .type = type, .present = 1, .s = 1, .db = 1, .g = 1,
	};
}

static void set_registers(void)
{
	struct kvm_regs regs = { .rip = CODE, .rflags = 2 };
	struct kvm_sregs sregs;

	SYS(ioctl(machine.vcpu, KVM_GET_SREGS, &sregs));
	flat(&sregs.cs, 11);
	flat(&sregs.ds, 3);
	sregs.es = sregs.fs = sregs.gs = sregs.ss = sregs.ds;
	sregs.cr0 |= 1;
	SYS(ioctl(machine.vcpu, KVM_SET_SREGS, &sregs));
	SYS(ioctl(machine.vcpu, KVM_SET_REGS, &regs));
}

/* From here on this process has a notifier. */
static long do_make_machine(long a, long b, long c)
{
	int kvm = open_kvm();

	machine.fd = SYS(ioctl(kvm, KVM_CREATE_VM, 0));
	close(kvm);
	return 0;
}

static long do_start_machine(long a, long b, long c)
{
	int kvm = open_kvm();
	long size = SYS(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));

	close(kvm);
	machine.memory = SYS(mmap(NULL, PRIVATE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	machine.beliefs = (uint32_t *)(machine.memory + BELIEFS);
	add_memory(0, 0, machine.memory, PRIVATE);
	add_memory(1, FILE_AT, map, LEN);
	machine.vcpu = SYS(ioctl(machine.fd, KVM_CREATE_VCPU, 0));
	machine.run = SYS(mmap(NULL, size, RW, MAP_SHARED, machine.vcpu, 0));
	write_program((uint8_t *)machine.memory + CODE);
	set_registers();
	return 0;
}

static void __attribute__((noreturn)) wrong(void)
{
	struct kvm_regs regs;
	uint32_t i;

	SYS(ioctl(machine.vcpu, KVM_GET_REGS, &regs));
	i = ((uint32_t)regs.rdi - BELIEFS) / 4;
	FAIL("for the virtual machine offset 0x%lx has counted to %u, not %u; for its process it has %u",
	     i * count_every * pagesz, (uint32_t)regs.rax, machine.beliefs[i], *COUNTER(i * count_every * pagesz));
}

/* Once through the file. */
static void round_of_machine(void)
{
	struct kvm_run *run = machine.run;

	do {
		CHECK(!ioctl(machine.vcpu, KVM_RUN, 0) || errno == EINTR, "KVM_RUN: %s", strerror(errno));
	} while (run->exit_reason == KVM_EXIT_INTR);
	CHECK(run->exit_reason == KVM_EXIT_IO, "the virtual machine stopped, KVM_EXIT is %u", run->exit_reason);
	if (run->io.port == PORT_WRONG)
		wrong();
	CHECK(run->io.port == PORT_ROUND, "the virtual machine has gone astray");
}

static long do_rounds(long n, long b, long c)
{
	while (n--)
		round_of_machine();
	return 0;
}

/* Until word[0] is set.  It rests between rounds, or no page would ever be out of use. */
static long do_run_machine(long a, long b, long c)
{
	while (!guest->word[0]) {
		round_of_machine();
		ROUNDS_OF(me)++;
		pause_ms(30);
	}
	return 0;
}

/* What the machine believes is what its process sees, and what stands in the file. */
static long do_check_beliefs(long off, long len, long c)
{
	for (long page = off; page < off + len; page += count_every * pagesz) {
		uint32_t have = *COUNTER(page), want = machine.beliefs[page / pagesz / count_every], stands;

		CHECK(have == want, "offset 0x%lx ends at %u, the virtual machine has counted to %u", page, have, want);
		CHECK(pread(file_fd, &stands, 4, (char *)COUNTER(page) - map) == 4, "read: %s", strerror(errno));
		CHECK(stands == want, "the file has %u at 0x%lx, the virtual machine has counted to %u", stands, page, want);
	}
	return 0;
}

/* What was cut out of the file begins at 0 again. */
static long do_forget(long off, long len, long c)
{
	for (long page = 0; page < LEN; page += count_every * pagesz)
		if (page >= off && page < off + len)
			machine.beliefs[page / pagesz / count_every] = 0;
	return 0;
}

/* --- cases */

/* Hook: __mmu_notifier_register; and no table is joined, nor offered, by who has a notifier. */
static void leaves(void)
{
	long attaches, refused;

	close(open_kvm());
	shared(4, LEN);
	LEAVES("leave_notifier", TABLES, at(2, do_make_machine, 0, 0, 0));
	attaches = shpte_counter("attaches");
	refused = shpte_counter("refuse_notifier");
	at(2, do_check, 0, LEN, 1);
	GREW("refuse_notifier", refused, TABLES);
	CHECK(shpte_counter("attaches") == attaches, "a process with a notifier shares tables");
	at(2, do_fill, 0, LEN, 2);
	each(do_check, 0, LEN, 2);
	at(1, do_fill, 0, LEN, 3);
	at(2, do_munmap, 0, span, 0);
	at(2, do_check, span, LEN - span, 3);
	leave_by_exit(2);
	each(do_check, 0, LEN, 3);
}

/* The same of tables that a fork shared; and none is, by a fork of who has one. */
static void forked(void)
{
	long given;

	close(open_kvm());
	family(3, LEN);
	UNSHARES("leave_notifier", TABLES, at(1, do_make_machine, 0, 0, 0));
	each(do_check, 0, LEN, 1);
	UNSHARES("leave_notifier", TABLES, do_make_machine(0, 0, 0));
	given = shpte_counter("fork_shared");
	team(1);
	CHECK(shpte_counter("fork_shared") == given, "a process with a notifier shares tables by fork");
	at(3, do_fill, 0, LEN, 2);
	only_one(3, 0, LEN, 2);
}

/*
 * Members 0 and 1 count by their shared tables, 2 watches, 3 does the rest, and 4 counts by his machine.  He maps the
 * file last: reclaim and migration come to his mapping last, when, without the hook, the page is mapped nowhere any more.
 */
#define MACHINE 4
#define TAKE 20

static void begin(int fd)
{
	shared_on(fd, MACHINE + 1, LEN);
	at(MACHINE, do_make_machine, 0, 0, 0);
	at(MACHINE, do_start_machine, 0, 0, 0);
	at(MACHINE, do_rounds, 2, 0, 0);
	here();
	count_begin(2, LEN, 5000);
	ROUNDS_OF(MACHINE) = 0;
	order(MACHINE, do_run_machine, 0, 0, 0);
}

static void end(void)
{
	guest->word[0] = 1;
	finish(MACHINE);
	count_end(2, LEN);
	CHECK(ROUNDS_OF(MACHINE) > 0, "the virtual machine has done nothing");
	say("# the virtual machine has counted to %d", ROUNDS_OF(MACHINE));
	at(MACHINE, do_check_beliefs, 0, LEN, 0);
}

/* Where the writers hardly get a CPU, what they have is found to be in use again and again. */
static int has_time(long since)
{
	return now_ms() - since < (count_taken(2) ? 10000 : 30000) * slow();
}

static void reclaimed(void)
{
	long since, taken;

	can_run();
	enter_cgroup();
	swap_on();
	begin(file_in("/tmp", LEN));
	/* or all are found to be in use */
	posix_fadvise(file_fd, 0, 0, POSIX_FADV_NOREUSE);
	for (since = now_ms(); has_time(since) && (count_taken(2) < TAKE || ROUNDS_OF(MACHINE) < 10); )
		reclaim(LEN / 8);
	taken = count_taken(2);
	end();
	dismiss();
	SYS(swapoff(SWAP));
	if (!taken)
		skip("no pages were taken from the writers");
}

static void moved(void)
{
	can_run();
	begin(scattered("/tmp", LEN));
	move_pages_of(3, LEN);
	end();
}

/* A hole is a hole for the machine, too, and what is in its place is the same page for all. */
static void holes(void)
{
	long off = span / 2, len = span;

	can_run();
	shared(3, LEN);
	at(2, do_make_machine, 0, 0, 0);
	at(2, do_start_machine, 0, 0, 0);
	for (int i = 0; i < 3; i++) {
		at(2, do_rounds, 3, 0, 0);
		at(2, do_check_beliefs, 0, LEN, 0);
		SYS(fallocate(file_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len));
		at(2, do_forget, off, len, 0);
		at(0, do_fill, off, len / 2, 2);
		at(2, do_rounds, 2, 0, 0);
		at(2, do_check_beliefs, 0, LEN, 0);
		each(do_check, off, len / 2, 2);
		each(do_check, off + len / 2, len / 2, 0);
		SYS(ftruncate(file_fd, span));
		SYS(ftruncate(file_fd, LEN));
		at(2, do_forget, span, LEN - span, 0);
		at(2, do_rounds, 2, 0, 0);
		at(2, do_check_beliefs, 0, LEN, 0);
	}
}

#else

static void leaves(void)
{
	skip("the virtual machine of this test is one of x86");
}

#define forked leaves
#define reclaimed leaves
#define moved leaves
#define holes leaves
#endif

int main(void)
{
	static const struct guest_case cases[] = {
		{ "leaves", leaves }, { "forked", forked }, { "reclaimed", reclaimed }, { "moved", moved }, { "holes", holes },
	};

	share_small();
	return RUN(cases);
}
