/* SPDX-License-Identifier: GPL-2.0 */
/* Shared pte pages: what its files share with each other. */
#ifndef _MM_SHPTE_H
#define _MM_SHPTE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/shpte.h>

/* What is counted; each is a file of its name in /sys/kernel/mm/shpte. */
enum shpte_event {
	SHPTE_TABLES_SHARED,	/* now */
	SHPTE_RECORDS,		/* now; the others are sums */
	SHPTE_ATTACHES,
	SHPTE_RETIRED,
	SHPTE_IN_PLACE_ZAPS,
	SHPTE_IN_PLACE_FLUSHES,
	SHPTE_REFUSE_FLAGS,	/* a flag of the vma forbids it */
	SHPTE_REFUSE_FILE,	/* not a regular file's page cache, or DAX */
	SHPTE_REFUSE_SPAN,	/* the vma does not cover the whole pte page */
	SHPTE_REFUSE_BUSY,	/* another thread filled the table first */
	SHPTE_REFUSE_NOMEM,
	SHPTE_LEAVES,		/* one for each enum shpte_cause */
	NR_SHPTE_EVENTS = SHPTE_LEAVES + NR_SHPTE_CAUSES
};

/* What a table must agree in to be shared. */
struct shpte_key {
	struct address_space *mapping;
	pgoff_t pgoff;			/* of the table's first entry */
	unsigned long flags;		/* vm_flags, all of them */
	pgprot_t prot;
	const struct vm_operations_struct *ops;
};

/* One mm that has the table in a pmd. */
struct shpte_sharer {
	struct list_head node;
	struct mm_struct *mm;
	unsigned long addr;		/* of the table's first entry in this mm */
};

/* One table that is offered for sharing. */
struct shpte {
	struct hlist_node node;
	struct shpte_key key;
	struct page *table;
	struct list_head sharers;
	unsigned int nr;
	bool live;			/* may be joined; false for good once retired */
	int rss[NR_MM_COUNTERS];	/* what the table adds to each sharer's counters */
	struct rcu_head rcu;
};

extern struct kmem_cache *shpte_cache, *shpte_sharer_cache;
extern atomic_long_t shpte_events[NR_SHPTE_EVENTS];
extern bool shpte_enabled;

/*
 * Adds n times what the table holds to the counters of one mm.  Table's PTE
 * lock held.
 */
static inline void shpte_charge(struct shpte *s, struct mm_struct *mm, int n)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (s->rss[i])
			add_mm_counter(mm, i, n * s->rss[i]);
}

static inline spinlock_t *shpte_ptl(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

void shpte_withdraw(struct shpte *s);

static inline void shpte_count(enum shpte_event event)
{
	atomic_long_inc(&shpte_events[event]);
}

#endif
