/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: what the conductor does to the system, and so to all. */
#ifndef GUEST_MODEL_SYSTEM_H
#define GUEST_MODEL_SYSTEM_H

#include "model-acts.h"

#define DELAY SHPTE "/delay_us"
#define LRU_GEN "/sys/kernel/mm/lru_gen/enabled"
#define KSM "/sys/kernel/mm/ksm/run"
#define IDLE "/sys/kernel/mm/page_idle/bitmap"

static void op_spot(struct view *v)
{
	int file = any_file();

	atomic_store(&model->spot, SPOT(file, any_page_of(model->file[file].max)));
}

static void op_kill(struct view *v)
{
	int worker = any(WORKERS);

	kill_worker(worker);
	begin_worker(worker);
}

static void op_caches(struct view *v)
{
	static const char *const what[] = { "1", "2", "3" };

	spit("/proc/sys/vm/drop_caches", what[any(3)]);
}

static void op_compact(struct view *v)
{
	spit("/proc/sys/vm/compact_memory", "1");
}

/*
 * Takes memory away, all the time.  In a process of its own: reclaim waits for a while for each dirty page that it
 * meets, and the conductor has other things to do.
 */
static pid_t begin_squeezing(void)
{
	pid_t pid = model->squeezing ? SYS(fork()) : 0;

	if (pid || !model->squeezing)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (self.step = 1000000;; usleep(any(5000))) {
		begin_step();
		reclaim((1 + any(16)) * 16 * pagesz);
	}
}

static void end_squeezing(pid_t pid)
{
	if (!pid)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	SYS(swapoff(SWAP));
}

/* Everything comes back from there. */
static void op_swapoff(struct view *v)
{
	if (model->squeezing && chance(20) && !swapoff(SWAP))
		swap_on();
}

static void op_peek(struct view *v)
{
	static const char *const what[] = { "smaps", "numa_maps", "smaps_rollup", "maps" };
	char path[60];

	snprintf(path, sizeof(path), "/proc/%d/%s", view_of[any(WORKERS)]->pid, what[any(ARRAY_SIZE(what))]);
	slurp(path);
}

/* Forgets which pages were used, or where it can, which were written. */
static void op_clear_refs(struct view *v)
{
	char path[60];

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", view_of[any(WORKERS)]->pid);
	spit(path, chance(50) ? "1" : "4");
}

static void op_flush(struct view *v)
{
	int file = any_file();

	if (model->file[file].fd >= 0)
		SYS(chance(50) ? fsync(model->file[file].fd) : fdatasync(model->file[file].fd));
}

/* Where the kernel has it: time for others at the places where joining and leaving race. */
static void op_delay(struct view *v)
{
	static const char *const us[] = { "0", "0", "20", "200" };

	if (model->stormy)
		spit(DELAY, us[any(ARRAY_SIZE(us))]);
}

/* For a while nobody joins. */
static void op_switch(struct view *v)
{
	if (model->sharing)
		spit(SHPTE "/enabled", chance(25) ? "0" : "1");
}

static void op_lru_gen(struct view *v)
{
	spit(LRU_GEN, chance(50) ? "y" : "n");
}

static void op_ksm(struct view *v)
{
	spit(KSM, chance(60) ? "1" : chance(50) ? "0" : "2");
}

/* As many pages as 64 bits say are idle from now on, or are asked whether they are. */
static void op_idle(struct view *v)
{
	uint64_t bits = ~0ull;
	int fd = open(IDLE, O_RDWR | O_CLOEXEC);
	long words = meminfo("MemTotal") / (pagesz / 1024) / 64, at = any(words > 256 ? words - 256 : 1);

	for (long i = at; fd >= 0 && i < at + 256; i++)
		if (chance(50) ? pwrite(fd, &bits, 8, 8 * i) : pread(fd, &bits, 8, 8 * i))
			bits = ~0ull;
	if (fd >= 0)
		close(fd);
}

/* As it was before. */
static void calm_down(void)
{
	spit(DELAY, "0");
	if (model->sharing)
		spit(SHPTE "/enabled", "1");
	spit(LRU_GEN, "n");
	spit(KSM, "2");
}

#endif
