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
	SHPTE_FAULT_MOVED,	/* faults whose table the mm left before they had its lock */
	SHPTE_FAULT_SPURIOUS,	/* faults that found the entry as it should be, and flushed it */
	SHPTE_REFUSE_FLAGS,	/* a flag of the vma forbids it */
	SHPTE_REFUSE_FILE,	/* not a regular file's page cache, or DAX */
	SHPTE_REFUSE_SPAN,	/* the vma does not cover the whole pte page */
	SHPTE_REFUSE_HUGE,	/* a huge page is there, or can be */
	SHPTE_REFUSE_COW,	/* the private mapping has, or gets, pages of its own */
	SHPTE_REFUSE_NOTIFIER,	/* who mirrors page tables has to hear of every mm */
	SHPTE_REFUSE_BUSY,	/* another thread filled the table first */
	SHPTE_REFUSE_NOMEM,
	SHPTE_FORK_SHARED,	/* tables that a fork gave to a child */
	SHPTE_FORK_COPIED,	/* such tables that a sharer made a copy of */
	SHPTE_FORK_FEW,		/* tables that a fork copied: too little, or not fit to share */
	SHPTE_LEAVES,		/* one for each enum shpte_cause */
	NR_SHPTE_EVENTS = SHPTE_LEAVES + NR_SHPTE_CAUSES
};

/* What mappings must agree in to share the tables of an area. */
struct shpte_key {
	struct address_space *mapping;
	pgoff_t pgoff;			/* of the first entry of the area's first table */
	unsigned long flags;		/* vm_flags, all of them */
	pgprot_t prot;
	const struct vm_operations_struct *ops;
};

/* So many tables in a row share the bookkeeping of who has them. */
#define SHPTE_AREA_TABLES	16

/* One mapping of an area that has one of its tables, or more. */
struct shpte_sharer {
	struct rb_node node;
	struct mm_struct *mm;
	unsigned long addr;		/* of the area's first entry in this mm, mapped or not */
	unsigned int tables;		/* a bit for each table that it has */
	unsigned int owes;		/* and for each that it is not charged for yet */
};

/* A piece of a file with one or more tables that are offered for sharing. */
struct shpte_area {
	struct hlist_node node;
	struct shpte_key key;
	spinlock_t lock;		/* of the sharers */
	struct rb_root_cached sharers;	/* by mm, then address */
	struct shpte __rcu *tables[SHPTE_AREA_TABLES];
	unsigned int nr;		/* of them */
	struct rcu_head rcu;
};

/* One table that is, or was, offered for sharing. */
struct shpte {
	struct page *table;
	struct shpte_area *area;	/* while it is live */
	unsigned int index;		/* of the table there */
	unsigned int nr;		/* of its sharers */
	bool live;			/* shared, or may be; if offered, not again once retired */
	bool writable;			/* entries may be; then no pmd that leads here is */
	bool exclusive;			/* pages of a copy-on-write table may be so marked (C4) */
	bool cow;			/* shared by a fork (constant); else offered by a fault */
	bool uncounted;			/* rss is not known */
	unsigned int owing;		/* sharers that are not charged yet */
	int rss[NR_MM_COUNTERS];	/* what the table adds to each sharer's counters */
	struct rcu_head rcu;
};

/* What a fault looks for, and what it brings along; what was used is NULL after that. */
struct shpte_wish {
	struct shpte_key key;
	unsigned int index;		/* of the table in the area */
	struct shpte_sharer *sharer;
	struct shpte_area *area;
	struct shpte *record;
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

extern struct kmem_cache *shpte_cache, *shpte_sharer_cache, *shpte_area_cache;
DECLARE_PER_CPU(long [NR_SHPTE_EVENTS], shpte_events);
extern bool shpte_enabled;
#ifdef CONFIG_SHPTE_FORK
extern bool shpte_fork_enabled, shpte_fork_pmd;
extern unsigned int shpte_fork_min_tables, shpte_fork_min_entries;
#endif

/* The table that a pmd leads to, or NULL: it is none, or maps a huge page. */
static inline struct page *shpte_table(pmd_t pmd)
{
	return pmd_present(pmd) && !pmd_leaf(pmd) ? pmd_pgtable(pmd) : NULL;
}

/* The same of a pmd that somebody else may be changing. */
static inline struct page *shpte_table_lockless(pmd_t *pmd)
{
	unsigned long irq;
	pmd_t now;

	if (!IS_ENABLED(CONFIG_GUP_GET_PXX_LOW_HIGH))
		return shpte_table(pmdp_get_lockless(pmd));
	local_irq_save(irq);
	now = pmdp_get_lockless(pmd);
	local_irq_restore(irq);
	return shpte_table(now);
}

/* Where the area of a live table would begin in an mm that has the table at addr. */
static inline unsigned long shpte_area_addr(const struct shpte *s, unsigned long addr)
{
	return (addr & PMD_MASK) - s->index * PMD_SIZE;
}

/*
 * The sharers of a live table, in the order of their area's tree.  Table's PTE
 * lock and the area's lock held.
 */
static inline struct shpte_sharer *shpte_having(const struct shpte *s, struct rb_node *node)
{
	struct shpte_sharer *sharer = rb_entry_safe(node, struct shpte_sharer, node);

	while (sharer && !(sharer->tables & BIT(s->index)))
		sharer = rb_entry_safe(rb_next(&sharer->node), struct shpte_sharer, node);
	return sharer;
}

static inline struct shpte_sharer *shpte_first(const struct shpte *s)
{
	return shpte_having(s, rb_first_cached(&s->area->sharers));
}

#define for_each_sharer(sharer, s) \
	for (sharer = shpte_first(s); sharer; sharer = shpte_having(s, rb_next(&(sharer)->node)))

/* Where an mm's mapping of an area at addr stands in the tree. */
static inline int shpte_order(const struct shpte_sharer *sharer, const struct mm_struct *mm,
			      unsigned long addr)
{
	if (sharer->mm != mm)
		return sharer->mm < mm ? 1 : -1;
	return sharer->addr == addr ? 0 : sharer->addr < addr ? 1 : -1;
}

/* Lockdep's subclass of the PTE lock of a copy, taken with that of the table held. */
#define SHPTE_NEW_TABLE (SINGLE_DEPTH_NESTING + 1)

static inline spinlock_t *shpte_ptl(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

/* Whose soft-dirty bits are looked at wants bits of his own. */
static inline bool shpte_tracked(struct vm_area_struct *vma)
{
	return IS_ENABLED(CONFIG_MEM_SOFT_DIRTY) && !(vma->vm_flags & VM_SOFTDIRTY);
}

/* Shared by a fork, now?  Under the table's PTE lock the answer stands. */
static inline bool shpte_is_cow(const struct shpte *s)
{
	return s && s->cow && READ_ONCE(s->live);
}

/*
 * The same of the table that *pmd leads to, with no page table lock held: other
 * threads of the mm may leave it, or free it where all of it is zapped, and what
 * its descriptor says is true for a grace period.
 */
static inline bool shpte_leads_to_cow(pmd_t *pmd)
{
	struct page *table;
	bool is;

	rcu_read_lock();
	table = shpte_table_lockless(pmd);
	is = table && shpte_is_cow(shpte_of(table));
	rcu_read_unlock();
	return is;
}

static inline void shpte_drop(struct kmem_cache *cache, void *unused)
{
	if (unused)
		kmem_cache_free(cache, unused);
}

pmd_t *shpte_pmd_at(struct mm_struct *mm, unsigned long addr, unsigned long end,
		    unsigned long *next);
struct shpte_area *shpte_new_area(void);
struct page *shpte_new_table(struct mm_struct *mm);
struct shpte *shpte_find(const struct shpte_wish *wish);
bool shpte_publish(struct shpte_wish *wish);
bool shpte_enter(struct shpte *s, struct shpte_area *area, unsigned int index);
void shpte_withdraw(struct shpte *s);
struct shpte_sharer *shpte_find_sharer(struct shpte_area *area, struct mm_struct *mm,
				       unsigned long start);
void shpte_add_sharer(struct shpte *s, struct mm_struct *mm, unsigned long addr,
		      struct shpte_sharer **fresh, bool owes);
bool shpte_del_sharer(struct shpte *s, struct mm_struct *mm, unsigned long addr);
void shpte_charge(struct shpte *s, struct mm_struct *mm, int n);
void shpte_owe(struct shpte *s, struct shpte_sharer *sharer);
long shpte_all_owed(void);
void shpte_settle_own(struct shpte *s, struct mm_struct *mm, unsigned long addr);
void shpte_discharge(struct shpte *s, struct mm_struct *mm, unsigned long addr);
#ifdef CONFIG_SHPTE_FORK
void shpte_keep(struct shpte *s, struct mm_struct *mm, unsigned long addr);
pte_t shpte_migration_pte(pte_t was, swp_entry_t entry);
void shpte_show_swapoff(struct mm_struct *mm);
#else
static inline void shpte_keep(struct shpte *s, struct mm_struct *mm, unsigned long addr) { }
static inline void shpte_show_swapoff(struct mm_struct *mm) { }
#endif
void shpte_retire(struct shpte *s, struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
		  enum shpte_cause cause);

/*
 * Nothing is written by way of a protected pmd, which leads to a table.  Not
 * pmd_wrprotect(): that is for huge pages.
 */
#if defined(CONFIG_SHPTE_FORK_PMD) && defined(CONFIG_X86)
static inline void shpte_pmd_protect(pmd_t *pmd)
{
	set_pmd(pmd, __pmd(pmd_val(*pmd) & ~_PAGE_RW));
}

static inline void shpte_pmd_unprotect(pmd_t *pmd)
{
	set_pmd(pmd, __pmd(pmd_val(*pmd) | _PAGE_RW));
}
#elif defined(CONFIG_SHPTE_FORK_PMD) && defined(CONFIG_ARM_LPAE)
/* APTable[1] takes the write right from all that is below.  PMD_APTABLE does not compile. */
#define SHPTE_PMD_RDONLY	(2ULL << PMD_APTABLE_SHIFT)

static inline void shpte_pmd_protect(pmd_t *pmd)
{
	pmd_t now = __pmd(pmd_val(*pmd) | SHPTE_PMD_RDONLY);

	copy_pmd(pmd, &now);
}

static inline void shpte_pmd_unprotect(pmd_t *pmd)
{
	pmd_t now = __pmd(pmd_val(*pmd) & ~SHPTE_PMD_RDONLY);

	copy_pmd(pmd, &now);
}
#else
static inline void shpte_pmd_protect(pmd_t *pmd) { }
static inline void shpte_pmd_unprotect(pmd_t *pmd) { }
#endif

#ifdef CONFIG_DEBUG_VM
void shpte_check_rss(struct shpte *s);
#else
static inline void shpte_check_rss(struct shpte *s) { }
#endif

static inline void shpte_count(enum shpte_event event)
{
	this_cpu_inc(shpte_events[event]);
}

#endif
