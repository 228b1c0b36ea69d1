// SPDX-License-Identifier: GPL-2.0
/*
 * A model of what memory must look like, and many processes that do at random whatever can be done to their mappings
 * of several files, and to the files.  What any of them reads, in its own memory or in another's, must be what the
 * model says; where it says that there is a signal, there must be one.
 *
 *	turns		one at a time, as the seed decides: the same seed takes the same turns
 *	storm		all at once
 *	pressure	all at once, while the kernel takes their memory away and moves it
 *	families	the same, most of it private memory, and many children who have their parents', and children of these
 *
 * seed= on the kernel's command line sets the seed, which is printed.  What a step decides follows from the seed, the
 * case, the actor, which life of his it is, and the step's number; where it looks at what he has mapped, also from his
 * steps before.  So `turns` repeats everything but what the kernel does on its own (writing back, taking pages, the
 * end of a killed process's memory); the sum of its history, which it prints, tells whether it did.  turns=N stops it
 * after N turns or a few more.  In the other cases the order of events between the actors is the scheduler's, and what
 * was killed in the middle of a step is not killed in the same place again.
 *
 * minutes=N is divided among the cases; without it each takes some seconds.
 * break=N, to see the test fail: from its step N on, the first worker writes behind the model's back.
 */
#include "model-system.h"
#include "model-tree.h"
#include "family.h"

#define SHORT_MS 3000

struct op {
	const char *name;
	int weight;
	void (*fn)(struct view *v);
};

static const struct op worker_ops[] = {
	{ "stare", 4, op_stare }, { "touch", 60, op_touch }, { "through", 4, op_through }, { "reach", 8, op_reach },
	{ "file", 6, op_file }, { "cut", 4, op_cut }, { "around", 1, op_around }, { "map", 8, op_map },
	{ "renew", 6, op_renew }, { "unmap", 2, op_unmap }, { "detach", 1, op_detach }, { "protect", 6, op_protect },
	{ "move", 4, op_move }, { "resize", 2, op_resize }, { "double", 2, op_double }, { "remap", 1, op_remap },
	{ "advise", 8, op_advise }, { "drop", 2, op_drop }, { "free", 1, op_free }, { "nofork", 1, op_nofork },
	{ "remove", 1, op_remove }, { "populate", 2, op_populate }, { "lock", 3, op_lock }, { "sync", 1, op_sync },
	{ "uffd", 1, op_uffd }, { "offline", 1, op_offline },
	{ "mirror", 1, op_mirror }, { "tree", 2, op_tree }, { "child", 3, op_child },
}, conductor_ops[] = {
	{ "kill", 2, op_kill }, { "spot", 6, op_spot }, { "truncate", 6, op_cut }, { "caches", 2, op_caches },
	{ "compact", 2, op_compact }, { "peek", 4, op_peek }, { "clear_refs", 2, op_clear_refs }, { "flush", 2, op_flush },
	{ "swapoff", 1, op_swapoff }, { "delay", 1, op_delay }, { "switch", 1, op_switch }, { "lru_gen", 1, op_lru_gen },
	{ "ksm", 1, op_ksm }, { "idle", 1, op_idle },
};

static const struct op staring = { "stare", 1, op_stare };	/* the first of all */
static const struct op begetting[] = { { "tree", 1, op_tree }, { "child", 1, op_child } };	/* the last of a worker's */

#define N_OPS (ARRAY_SIZE(worker_ops) + ARRAY_SIZE(conductor_ops))

static const struct op *op_number(size_t i)
{
	return i < ARRAY_SIZE(worker_ops) ? &worker_ops[i] : &conductor_ops[i - ARRAY_SIZE(worker_ops)];
}

static void one_of(const struct op *ops, int n, int first)
{
	int sum = 0, i, dice;

	for (i = 0; i < n; i++)
		sum += ops[i].weight;
	dice = any(sum);
	for (i = 0; (dice -= ops[i].weight) >= 0; i++)
		;
	self.kind = first + i;
	ops[i].fn(self.view);
	atomic_fetch_add(&model->kind[self.kind], 1);
}

/* A defect of our own: the model must notice. */
static void scribble(void)
{
	const char *from = getenv("break");
	const uint32_t wrong = 0xdead;

	if (!from || self.worker || self.lane || self.step < (uint32_t)atoi(from))
		return;
	for (long i = 0; i < view_pages; i++)
		if (self.view->e[i].flags & W && !store_words((uint32_t *)address(self.view, i), NULL, &wrong, 1))
			return;
}

static void act(void)
{
	if (self.id == CONDUCTOR) {
		one_of(conductor_ops, ARRAY_SIZE(conductor_ops), ARRAY_SIZE(worker_ops));
	} else {
		scribble();
		if (self.worker < STARERS && chance(50))
			one_of(&staring, 1, 0);
		else if (model->families && chance(8))
			one_of(begetting, 2, ARRAY_SIZE(worker_ops) - 2);
		else
			one_of(worker_ops, ARRAY_SIZE(worker_ops), 0);
	}
}

/* --- the cases */

static void *small_shared(size_t len)
{
	return SYS(mmap(NULL, len, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

/* All of it in mappings that are too small for shared tables. */
static void make_model(void)
{
	size_t len = sizeof(struct view);

	region_pages = ROOM * (span / pagesz);
	view_pages = REGIONS * region_pages;
	page_words = pagesz / 4;
	len += (view_pages + 1) * sizeof(struct entry);
	CHECK(len < (size_t)span && sizeof(*model) < (size_t)span, "the model could share tables itself");
	model = small_shared(sizeof(*model));
	memset(model, 0, sizeof(*model));
	for (int i = 0; i < VIEWS; i++) {
		view_of[i] = small_shared(len);
		memset(view_of[i], 0, len);
	}
}

static long case_ms(void)
{
	const char *minutes = getenv("minutes");

	return minutes && atoi(minutes) > 0 ? atoi(minutes) * 60000L / 4 : SHORT_MS;
}

static void begin(int number)
{
	const char *text = getenv("seed");

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	seed = text ? strtoull(text, NULL, 0) : 1;
	say("# seed %llu", (unsigned long long)seed);
	case_number = number;
	make_model();
	be(-1, 0, NULL);
	for (size_t i = 0; i < N_OPS; i++)
		kind_name[i] = op_number(i)->name;
	model->dice = mix(seed + number);
}

static void start_all(void)
{
	here();
	begin_step();
	for (int i = 0; i < WORKERS; i++)
		begin_worker(i);
	atomic_store(&model->live[CONDUCTOR], 1);
}

static void conduct(long end, long turns)
{
	while (now_ms() < end && (!turns || (long)model->steps < turns)) {
		if (model->turns) {
			pass_turn();
			while (!my_turn())
				;
		} else {
			usleep(any(20000));
			my_turn();
		}
		look_after_workers();
		begin_step();
		act();
	}
	atomic_store(&model->stop, 1);
}

static void figures(const char *name, long attaches, long zaps, long given)
{
	say("# figure model.%s.steps %lu steps", name, model->steps);
	say("# figure model.%s.checks %lu pages", name, model->reads);
	say("# figure model.%s.unsure %lu pages", name, model->unsure);
	say("# figure model.%s.writes %lu pages", name, model->writes);
	say("# figure model.%s.signals %lu", name, model->signals);
	say("# figure model.%s.forks %lu", name, model->forks);
	say("# figure model.%s.kills %lu", name, model->kills);
	if (shpte_on()) {
		say("# figure model.%s.attaches %ld", name, shpte_counter("attaches") - attaches);
		say("# figure model.%s.in_place_zaps %ld", name, shpte_counter("in_place_zaps") - zaps);
		say("# figure model.%s.fork_shared %ld", name, shpte_counter("fork_shared") - given);
	}
	for (size_t i = 0; getenv("minutes") && i < N_OPS; i++)
		say("# figure model.%s.op.%s %lu", name, kind_name[i], model->kind[i]);
}

static void run(const char *name, int with_ext2)
{
	long attaches = shpte_counter("attaches"), zaps = shpte_counter("in_place_zaps");
	long given = shpte_counter("fork_shared");
	const char *turns = model->turns ? getenv("turns") : NULL;
	pid_t squeezer;

	model->sharing = shpte_on();
	make_files(with_ext2);
	keep_apart(0);
	start_all();
	squeezer = begin_squeezing();
	conduct(now_ms() + case_ms(), turns ? atol(turns) : 0);
	here();
	end_workers();
	calm_down();
	end_squeezing(squeezer);
	check_files();
	check_disk();
	if (model->turns)
		say("# %lu turns, their history is %016llx", model->steps, (unsigned long long)model->history);
	figures(name, attaches, zaps, given);
	/* Nothing that was not shared was tested. */
	GREW("attaches", attaches, 10);
	if (model->families)
		FORK_GREW("fork_shared", given, 1);
}

static void turns(void)
{
	begin(1);
	model->turns = 1;
	mount_ext2();
	run("turns", 1);
}

static void storm(void)
{
	begin(2);
	model->stormy = 1;
	mount_ext2();
	run("storm", 1);
}

static void pressure(void)
{
	begin(3);
	model->stormy = model->squeezing = 1;
	mount_ext2();
	enter_cgroup();
	swap_on();
	run("pressure", 1);
}

static void families(void)
{
	begin(4);
	model->stormy = model->squeezing = model->families = 1;
	mount_ext2();
	enter_cgroup();
	swap_on();
	run("families", 1);
}

int main(void)
{
	static const struct guest_case cases[] = {
		{ "turns", turns }, { "storm", storm }, { "pressure", pressure }, { "families", families },
	};
	int seconds = case_ms() / 1000, failed;

	/* The longer they run, the more there is to end: a step of the conductor can take minutes where memory is short. */
	case_seconds = seconds + seconds / 10 + 120;
	say("# limit %d s", 4 * case_seconds);
	share_small();
	spit(SHPTE "/fork_min_entries", "1");
	spit(NUMA_BALANCING, "1");
	failed = RUN(cases);
	spit(NUMA_BALANCING, "0");
	return failed;
}
