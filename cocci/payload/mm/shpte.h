/* SPDX-License-Identifier: GPL-2.0 */
/* Shared pte pages: what its files share with each other. */
#ifndef _MM_SHPTE_H
#define _MM_SHPTE_H

#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
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
	SHPTE_REFUSE_HUGE,	/* a huge page is there, or can be */
	SHPTE_REFUSE_COW,	/* the private mapping has, or gets, pages of its own */
	SHPTE_REFUSE_NOTIFIER,	/* who mirrors page tables has to hear of every mm */
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
	struct rb_node node;
	struct mm_struct *mm;
	unsigned long addr;		/* of the table's first entry in this mm */
};

/* One table that is offered for sharing. */
struct shpte {
	struct hlist_node node;
	struct shpte_key key;
	struct page *table;
	struct rb_root_cached sharers;	/* by mm, then address */
	unsigned int nr;
	bool live;			/* may be joined; false for good once retired */
	int rss[NR_MM_COUNTERS];	/* what the table adds to each sharer's counters */
	struct rcu_head rcu;
};

#ifdef CONFIG_SHPTE_DEBUG
extern unsigned int shpte_delay_us;
void __shpte_window(void);

/* What comes next races with somebody: give him the time. */
static inline void shpte_window(void)
{
	if (READ_ONCE(shpte_delay_us))
		__shpte_window();
}
#else
static inline void shpte_window(void) { }
#endif

extern struct kmem_cache *shpte_cache, *shpte_sharer_cache;
DECLARE_PER_CPU(long [NR_SHPTE_EVENTS], shpte_events);
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

/*
 * The table in a pmd that somebody else may be changing, or NULL: it is none,
 * or maps a huge page.
 */
static inline struct page *shpte_table_lockless(pmd_t *pmd)
{
	unsigned long irq;
	pmd_t now;

	local_irq_save(irq);
	now = pmdp_get_lockless(pmd);
	local_irq_restore(irq);
	return pmd_present(now) && !pmd_leaf(now) ? pmd_pgtable(now) : NULL;
}

/* The sharers of a record in the order of their tree.  Table's PTE lock held. */
static inline struct shpte_sharer *shpte_first(struct shpte *s)
{
	return rb_entry_safe(rb_first_cached(&s->sharers), struct shpte_sharer, node);
}

static inline struct shpte_sharer *shpte_next(struct shpte_sharer *sharer)
{
	return rb_entry_safe(rb_next(&sharer->node), struct shpte_sharer, node);
}

#define for_each_sharer(sharer, s) \
	for (sharer = shpte_first(s); sharer; sharer = shpte_next(sharer))

/* Where an mm's mapping of a table at addr stands in the tree. */
static inline int shpte_order(const struct shpte_sharer *sharer, const struct mm_struct *mm,
			      unsigned long addr)
{
	if (sharer->mm != mm)
		return sharer->mm < mm ? 1 : -1;
	return sharer->addr == addr ? 0 : sharer->addr < addr ? 1 : -1;
}

static inline spinlock_t *shpte_ptl(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

void shpte_withdraw(struct shpte *s);

static inline void shpte_count(enum shpte_event event)
{
	this_cpu_inc(shpte_events[event]);
}

#endif
