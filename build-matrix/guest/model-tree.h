/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of the model: children who live for one step of their parent's, look at some of the private memory that they have from
 * him, write to it, and may have children of their own first.  Nobody else knows of them; what they write is theirs.
 */
#ifndef GUEST_MODEL_TREE_H
#define GUEST_MODEL_TREE_H

#include "model-life.h"

#define SAMPLE 24
#define DEEPEST 3

/*
 * Where all of them see their memory.  Not the worker's view, which says so, too: when he is killed his children live for
 * a moment longer, and his view is given to the next.
 */
static struct view leaf_view;

/* What a process knows of a page of his. */
struct leaf {
	long idx;
	struct entry e;
};

/* A page with a state that no file has a say in, as it is now; false: there is none, or somebody is writing to it. */
static int take_leaf(struct view *v, long idx, struct leaf *leaf)
{
	const struct entry *e = &v->e[idx];
	uint32_t seq = atomic_load(&e->seq);

	leaf->idx = idx;
	memcpy(&leaf->e, e, sizeof(*e));
	return !(seq & OWNER) && atomic_load(&e->seq) == seq && (leaf->e.flags & MAPPED) && leaf->e.file == ANON &&
	       !(leaf->e.flags & (SHARED | NOFORK | ANY));
}

static int is_taken(const struct leaf *leaf, int n, long idx)
{
	while (n--)
		if (leaf[n].idx == idx)
			return 1;
	return 0;
}

static int take_leaves(struct view *v, struct leaf *leaf)
{
	int n = 0;

	for (int tries = 0; tries < 20 * SAMPLE && n < SAMPLE; tries++) {
		long idx = any(view_pages);

		if (!is_taken(leaf, n, idx) && take_leaf(v, idx, &leaf[n]))
			n++;
	}
	return n;
}

static void look_at_leaf(const struct leaf *l)
{
	struct want w = want_of(&l->e, NULL, DIRECT, 0);
	int which[STAMPS + 2], n = some_words(l->e.page, which), sig = load(&leaf_view, l->idx, DIRECT, which, n);

	compare_signal(&leaf_view, l->idx, DIRECT, &w, sig, 0);
	if (!sig)
		compare(&leaf_view, l->idx, DIRECT, &w, which, n);
}

/* Not to a page that was given back: who knows what is in the rest of it. */
static void write_leaf(struct leaf *l)
{
	struct want w = want_of(&l->e, NULL, DIRECT, 1);
	uint32_t version = new_version(), what[STAMPS];
	int which[STAMPS], sig;

	if (l->e.flags & FREED)
		return;
	for (int i = 0; i < STAMPS; i++) {
		which[i] = stamp_at(l->e.page, i);
		what[i] = version_word(l->e.file, l->e.page, version, which[i]);
	}
	sig = store(&leaf_view, l->idx, DIRECT, which, what, STAMPS);
	compare_signal(&leaf_view, l->idx, DIRECT, &w, sig, 1);
	if (sig)
		return;
	if (!copied(&l->e))
		l->e.body = 0;
	l->e.stamp = version;
	l->e.flags |= COPIED;
}

static void bear(struct view *v, struct leaf *leaf, int n, int depth);

/* A thread of the parent's may have written between the look at a page and the fork: forget that one. */
static int forget_changed(const struct view *v, struct leaf *leaf, int n)
{
	int kept = 0;

	for (int i = 0; i < n; i++)
		if (atomic_load(&v->e[leaf[i].idx].seq) == atomic_load(&leaf[i].e.seq))
			leaf[kept++] = leaf[i];
	return kept;
}

static void __attribute__((noreturn)) be_leaf(struct view *v, struct leaf *leaf, int n, int depth)
{
	if (depth == 1)
		n = forget_changed(v, leaf, n);
	for (int i = 0; i < n; i++) {
		look_at_leaf(&leaf[i]);
		if (chance(50))
			write_leaf(&leaf[i]);
	}
	if (depth < DEEPEST && chance(60))
		bear(v, leaf, n, depth + 1);
	for (int i = 0; i < n; i++)
		look_at_leaf(&leaf[i]);
	_exit(guest->failed);
}

static void bear(struct view *v, struct leaf *leaf, int n, int depth)
{
	pid_t parent = getpid(), pid = MUST(fork());
	int status;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		be_leaf(v, leaf, n, depth);
	}
	/* both write at once */
	for (int i = 0; depth > 1 && i < n; i++)
		if (chance(30))
			write_leaf(&leaf[i]);
	MUST(waitpid(pid, &status, 0));
	if (guest->failed)
		_exit(1);
	if (status)
		tell(v, ANON, 0, "a child of a step died of status 0x%x", status);
	atomic_fetch_add(&model->forks, 1);
}

static void op_tree(struct view *v)
{
	struct leaf leaf[SAMPLE];
	int n;

	enter(v);
	n = take_leaves(v, leaf);
	note(v, 0, n, 0, 0);
	leaf_view.base = v->base;
	if (n)
		bear(v, leaf, n, 1);
	for (int i = 0; i < n; i++)
		read_page(v, leaf[i].idx, DIRECT, 0);
	leave(v);
}

#endif
