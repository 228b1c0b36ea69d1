/* SPDX-License-Identifier: GPL-2.0 */
/* Of the model: processes and threads, whose turn it is, and how they come and go. */
#ifndef GUEST_MODEL_LIFE_H
#define GUEST_MODEL_LIFE_H

#include "model-move.h"
#include "model-advice.h"

/* Low, where the kernel puts nothing by itself: what is unmapped there stays so. */
#define ARENA (sizeof(long) == 8 ? 0x2000000000ul : 0x20000000ul)

static void act(void);

/* --- turns: in a case of one at a time, the dice say who is next */

static void add_to_history(void)
{
	const struct note *x = &model->note[self.id][(self.notes + NOTES - 1) % NOTES];

	model->history = mix(model->history + x->ticket) ^ ((uint64_t)x->idx << 32) ^ ((uint64_t)x->n << 16) ^ x->page ^
			 ((uint64_t)x->kind << 48) ^ ((uint64_t)x->file << 56);
}

static void pass_turn(void)
{
	int alive[ACTORS], n = 0, next;

	if (!model->turns || model->stop)
		return;
	add_to_history();
	for (int i = 0; i < ACTORS; i++)
		if (model->live[i])
			alive[n++] = i;
	model->dice += 0x9e3779b97f4a7c15ull;
	next = alive[(mix(model->dice) >> 32) % n];
	atomic_store(&model->go[next], 1);
	futex_wake(&model->go[next]);
}

/* False: it is over, for all or for this child. */
static int my_turn(void)
{
	for (;;) {
		if (atomic_load(&model->telling))
			hear_out();
		if (guest->failed)
			_exit(1);
		if (model->stop || (self.lane == CHILD && atomic_load(&model->quit[self.worker])))
			return 0;
		if (!model->turns)
			return 1;
		if (atomic_load(&model->go[self.id])) {
			atomic_store(&model->go[self.id], 0);
			return 1;
		}
		futex_wait(&model->go[self.id], 0, 100);
	}
}

static void go_on(void)
{
	while (my_turn()) {
		begin_step();
		act();
		atomic_fetch_add(&model->steps, 1);
		pass_turn();
	}
}

static void be(int worker, int lane, struct view *v)
{
	uint32_t life = worker >= 0 ? atomic_load(&model->life[worker]) : 0;

	self = (struct self){
		.id = worker < 0 ? CONDUCTOR : LANE_ID(worker, lane), .worker = worker, .lane = lane, .view = v, .life = life,
	};
	me = self.id;
}

/* --- looking at everything */

/* Every page, or about one in `every`, wholly or in part. */
static void look_around(struct view *v, int every, int full)
{
	for (long i = 0; i < view_pages && !guest->failed; i++)
		if (!any(v->e[i].flags & MAPPED ? every : 16 * every))
			read_page(v, i, DIRECT, full);
}

/* --- the child of a worker */

static void __attribute__((noreturn)) be_child(int worker, struct view *v, int token, pid_t parent)
{
	uint32_t step = self.step;

	be(worker, CHILD, v);
	self.step = step;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Unless the parent, who may be the first to say it, has been killed. */
	if (getppid() != parent ||
	    (!atomic_compare_exchange_strong(&model->child[worker], &token, getpid()) && token != getpid()))
		_exit(0);
	atomic_store(&v->pid, getpid());
	if (my_turn()) {
		begin_step();
		look_around(v, chance(20) ? 1 : 16, chance(50));
		pass_turn();
		go_on();
	}
	atomic_store(&v->dying, 1);
	_exit(0);
}

/* The child has what its parent has; nobody else looks at its view before it says who it is. */
static void copy_view(struct view *to, const struct view *from)
{
	to->base = from->base;
	to->dying = 0;
	memcpy(to->e, from->e, view_pages * sizeof(to->e[0]));
	for (long i = 0; i < view_pages; i++)
		if (to->e[i].flags & NOFORK)
			to->e[i].flags = 0;
}

static void begin_child(void)
{
	struct view *v = self.view, *child = view_of[WORKERS + self.worker];
	int token = -1 - atomic_fetch_add(&model->born, 1) % 1000000000;
	pid_t pid, parent = getpid();

	atomic_store(&model->quit[self.worker], 0);
	seize(v);
	seize(child);
	note(v, 0, view_pages, 0, 0);
	copy_view(child, v);
	release(child);
	atomic_store(&model->child[self.worker], token);
	pid = fork();
	if (!pid)
		be_child(self.worker, child, token, parent);
	release(v);
	MUST(pid);
	atomic_store(&model->live[LANE_ID(self.worker, CHILD)], 1);
	/* Its pid before it has said so: it must not be taken for one that was never born. */
	atomic_compare_exchange_strong(&model->child[self.worker], &token, pid);
	atomic_fetch_add(&model->forks, 1);
}

static void bury_view(struct view *v)
{
	seize(v);
	atomic_store(&v->pid, 0);
	release(v);
}

static void end_child(int by_force)
{
	int id = LANE_ID(self.worker, CHILD), pid = atomic_load(&model->child[self.worker]), status;
	struct view *v = view_of[WORKERS + self.worker];

	if (!pid)
		return;
	atomic_store(&model->live[id], 0);
	atomic_store(&v->dying, 1);
	atomic_store(&model->quit[self.worker], 1);
	futex_wake(&model->go[id]);
	note(v, 0, 0, by_force, 0);
	if (by_force)
		kill(pid, SIGKILL);
	MUST(waitpid(pid, &status, 0));
	if (guest->failed)
		_exit(1);
	if (by_force ? status != SIGKILL && status : status)
		tell(v, ANON, 0, "a child died of status 0x%x", status);
	atomic_store(&model->child[self.worker], 0);
	atomic_store(&model->go[id], 0);
	mend(id);
	bury_view(v);
	atomic_fetch_add(&model->kills, by_force);
}

/* Of a worker's first thread. */
static void op_child(struct view *v)
{
	if (self.lane || self.worker < STARERS)
		return;
	if (!atomic_load(&model->child[self.worker]))
		begin_child();
	else
		end_child(chance(50));
}

/* --- workers */

/*
 * A switch of processes flushes the TLB: who stares has the last CPU for himself, where there are some to spare, and
 * so what he should not see any more may well still be there.
 */
static void keep_apart(int staring)
{
	cpu_set_t set;

	if (!model->stormy || model->squeezing || cpus() < 3)
		return;
	CPU_ZERO(&set);
	for (int i = staring ? cpus() - 1 : 0; i < cpus() - !staring; i++)
		CPU_SET(i, &set);
	SYS(sched_setaffinity(0, sizeof(set), &set));
}

struct start {
	int worker, lane;
};

static void *be_thread(void *arg)
{
	struct start *s = arg;

	be(s->worker, s->lane, view_of[s->worker]);
	go_on();
	return NULL;
}

static void __attribute__((noreturn)) be_worker(int worker)
{
	static struct start start[LANES];
	pthread_t threads[LANES];
	int n = 0;

	be(worker, 0, view_of[worker]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	keep_apart(worker < STARERS);
	if (my_turn()) {
		begin_step();
		n = worker >= STARERS && any(3) == 0 ? 1 + any(CHILD - 1) : 0;
		for (int i = 0; i < REGIONS; i++)
			op_renew(self.view);
		for (int i = 1; i <= n; i++) {
			start[i] = (struct start){ worker, i };
			atomic_store(&model->live[LANE_ID(worker, i)], 1);
			CHECK(!pthread_create(&threads[i], NULL, be_thread, &start[i]), "no thread");
		}
		pass_turn();
		go_on();
	}
	for (int i = 1; i <= n; i++)
		pthread_join(threads[i], NULL);
	end_child(0);
	begin_step();
	look_around(self.view, getenv("minutes") ? 1 : 4, 0);
	atomic_store(&self.view->dying, 1);
	_exit(0);
}

static void begin_worker(int worker)
{
	struct view *v = view_of[worker];
	pid_t pid;

	atomic_fetch_add(&model->life[worker], 1);
	v->base = (char *)ARENA + any(8) * span;
	v->dying = 0;
	atomic_store(&model->live[LANE_ID(worker, 0)], 1);
	pid = SYS(fork());
	if (!pid)
		be_worker(worker);
	atomic_store(&v->pid, pid);
	guest->slot[worker].pid = pid;
}

/* In the middle of whatever it does, its child as well. */
static void kill_worker(int worker)
{
	struct view *v = view_of[worker], *child = view_of[WORKERS + worker];
	int pid, status;

	atomic_store(&v->dying, 1);
	atomic_store(&child->dying, 1);
	note(v, 0, 0, worker, 0);
	kill(guest->slot[worker].pid, SIGKILL);
	SYS(waitpid(guest->slot[worker].pid, &status, 0));
	if (guest->failed)
		_exit(1);
	CHECK(status == SIGKILL, "worker %d died: status 0x%x", worker, status);
	pid = atomic_exchange(&model->child[worker], 0);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	for (int lane = 0; lane < LANES; lane++) {
		atomic_store(&model->live[LANE_ID(worker, lane)], 0);
		atomic_store(&model->go[LANE_ID(worker, lane)], 0);
		mend(LANE_ID(worker, lane));
	}
	bury_view(child);
	seize(v);
	unset_range(v, (struct range){ 0, view_pages });
	atomic_store(&v->pid, 0);
	release(v);
	atomic_fetch_add(&model->kills, 1);
}

/* Has one ended that should not have? */
static void look_after_workers(void)
{
	for (int i = 0; i < WORKERS; i++) {
		int status;

		if (waitpid(guest->slot[i].pid, &status, WNOHANG) != guest->slot[i].pid)
			continue;
		for (int k = 0; k < 200 && !guest->failed; k++)
			pause_ms(10);
		if (guest->failed)
			_exit(1);
		FAIL("worker %d ended: status 0x%x", i, status);
	}
}

static void end_workers(void)
{
	for (int i = 0; i < WORKERS; i++) {
		int status;

		SYS(waitpid(guest->slot[i].pid, &status, 0));
		if (guest->failed)
			_exit(1);
		CHECK(!status, "worker %d ended: status 0x%x", i, status);
		atomic_store(&view_of[i]->pid, 0);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

#endif
