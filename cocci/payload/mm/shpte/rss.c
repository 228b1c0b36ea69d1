// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: what the mms that have a table are charged for.
 *
 * Each mm that has a table is charged for all that the table holds, as if the
 * table were its own: RSS, and swap.  Where entries are entered and cut in place
 * all of them are.
 *
 * A fork would spend most of its time with counting entries.  Where it has
 * nothing else to do with them, it leaves that: the child's sharer owes the
 * table, and is charged for it when somebody asks for the mm's RSS, or when it
 * is about to have a table of its own.  Most children exit, or exec, and never
 * are.  What is not counted is who the oom killer looks for, or getrusage():
 * what a child that has changed nothing would free is nothing.
 *
 * The rules at the head of mm/shpte/core.c hold, with these:
 *
 * Q1 A sharer is charged for what the table holds now, or it owes and is charged
 *    for nothing of it.
 * Q2 shpte.rss is what the table holds, unless the table is uncounted.
 * Q3 Entries change, and who is charged is charged for the change, in one go
 *    under the table's PTE lock; so whoever counts them there, at any time, gets
 *    what Q1 says.
 *
 * shpte.uncounted, .owing	the table's PTE lock
 * shpte_sharer.owes		a table's bit: as that of .tables
 */
#include <linux/hash.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "../internal.h"
#include "shpte.h"

/*
 * How many tables are owed, by the mms of one bucket together; one that two owe
 * counts twice.  Who reads the counters of an mm that owes none is to find that
 * without looking at its tables.
 */
#define SHPTE_OWED_BITS	8
static atomic_t shpte_owed[1 << SHPTE_OWED_BITS];

static atomic_t *shpte_owed_by(struct mm_struct *mm)
{
	return &shpte_owed[hash_ptr(mm, SHPTE_OWED_BITS)];
}

long shpte_all_owed(void)
{
	long n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(shpte_owed); i++)
		n += atomic_read(&shpte_owed[i]);
	return n;
}

/* Adds n times what the table holds to the counters of one mm.  PTE lock held. */
void shpte_charge(struct shpte *s, struct mm_struct *mm, int n)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (s->rss[i])
			add_mm_counter(mm, i, n * s->rss[i]);
}

/* Which counter an entry is in; -1: in none.  pte_special() tells the zero page. */
static int shpte_counter_of(pte_t entry)
{
	swp_entry_t swp;

	if (pte_present(entry))
		return pte_special(entry) ? -1 : MM_ANONPAGES;
	if (pte_none(entry))
		return -1;
	swp = pte_to_swp_entry(entry);
	if (!non_swap_entry(swp))
		return MM_SWAPENTS;
	return is_migration_entry(swp) ? MM_ANONPAGES : -1;
}

/* From here on the table is counted.  PTE lock held. */
static void shpte_count_table(struct shpte *s)
{
	pte_t *pte = kmap_local_page(s->table);
	unsigned int i;

	memset(s->rss, 0, sizeof(s->rss));
	for (i = 0; i < PTRS_PER_PTE; i++) {
		int counter = shpte_counter_of(ptep_get(pte + i));

		if (counter >= 0)
			s->rss[counter]++;
	}
	kunmap_local(pte);
	s->uncounted = false;
}

/* The sharer is not charged yet for the table.  PTE lock and the area's lock held. */
void shpte_owe(struct shpte *s, struct shpte_sharer *sharer)
{
	sharer->owes |= BIT(s->index);
	s->owing++;
	atomic_inc(shpte_owed_by(sharer->mm));
}

/* The sharer owes the table no more.  True: it did.  Both locks held. */
static bool shpte_clear_owed(struct shpte *s, struct shpte_sharer *sharer)
{
	if (!(sharer->owes & BIT(s->index)))
		return false;
	sharer->owes &= ~BIT(s->index);
	s->owing--;
	atomic_dec(shpte_owed_by(sharer->mm));
	return true;
}

/* All that have the table are charged for it from here on.  PTE lock held. */
static void shpte_settle(struct shpte *s)
{
	struct shpte_sharer *sharer;

	if (s->uncounted)
		shpte_count_table(s);
	if (!s->owing)
		return;
	spin_lock(&s->area->lock);
	for_each_sharer(sharer, s)
		if (shpte_clear_owed(s, sharer))
			shpte_charge(s, sharer->mm, 1);
	spin_unlock(&s->area->lock);
}

/* The mm's sharer if it owes the table, or NULL.  Both locks held. */
static struct shpte_sharer *shpte_debtor(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	struct shpte_sharer *sharer;

	if (!s->owing)
		return NULL;
	sharer = shpte_find_sharer(s->area, mm, shpte_area_addr(s, addr));
	return sharer && (sharer->owes & BIT(s->index)) ? sharer : NULL;
}

/*
 * The mm is about to have a table of its own with all that this one holds, this
 * one or a copy: it is charged for it.  PTE lock held.
 */
void shpte_settle_own(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	bool owes;

	spin_lock(&s->area->lock);
	owes = shpte_debtor(s, mm, addr);
	spin_unlock(&s->area->lock);
	if (owes)
		shpte_settle(s);
}

/* The mm is about to leave the table with nothing: it is not charged any more.  PTE lock held. */
void shpte_discharge(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	struct shpte_sharer *sharer;

	spin_lock(&s->area->lock);
	sharer = shpte_debtor(s, mm, addr);
	if (sharer)
		shpte_clear_owed(s, sharer);
	spin_unlock(&s->area->lock);
	if (sharer)
		return;
	shpte_settle(s);
	/* what it had in this table may be the most that it ever had */
	update_hiwater_rss(mm);
	shpte_charge(s, mm, -1);
}

/* Apart, so that a table with one sharer costs a fault next to nothing. */
static noinline void shpte_charge_all(struct shpte *s, int member, long n)
{
	struct shpte_sharer *sharer;

	spin_lock(&s->area->lock);
	for_each_sharer(sharer, s) {
		if (member == MM_SWAPENTS && n > 0)
			shpte_show_swapoff(sharer->mm);
		if (sharer->owes & BIT(s->index))
			continue;
		if (n < 0)
			update_hiwater_rss(sharer->mm);
		add_mm_counter(sharer->mm, member, n);
	}
	spin_unlock(&s->area->lock);
}

/*
 * Instead of add_mm_counter(), for all that are charged.  The mm is a sharer:
 * whoever comes here does so by its pmd.  PTE lock held.
 */
void __shpte_add_rss(struct mm_struct *mm, struct shpte *s, int member, long n)
{
	if (s->live) {
		s->rss[member] += n;
		if (s->nr > 1 || s->owing) {
			shpte_charge_all(s, member, n);
			return;
		}
	}
	add_mm_counter(mm, member, n);
}

#ifdef CONFIG_SHPTE_FORK_LAZY
static void shpte_settle_pmd(pmd_t *pmd)
{
	struct page *table = shpte_table_lockless(pmd);
	struct shpte *s = table ? shpte_of(table) : NULL;

	if (!shpte_is_cow(s))
		return;
	spin_lock(shpte_ptl(table));
	if (s->live)
		shpte_settle(s);
	spin_unlock(shpte_ptl(table));
}

static void shpte_settle_vma(struct vm_area_struct *vma)
{
	unsigned long addr, next;

	for (addr = vma->vm_start; addr < vma->vm_end; addr = next) {
		pmd_t *pmd = shpte_pmd_at(vma->vm_mm, addr, vma->vm_end, &next);

		/* a thread of the mm may leave the table meanwhile, and its last sharer free it */
		rcu_read_lock();
		if (pmd)
			shpte_settle_pmd(pmd);
		rcu_read_unlock();
		cond_resched();
	}
}

/* Who reads /proc is not to hang on whoever keeps the lock: the wait is bounded. */
static bool shpte_read_lock(struct mm_struct *mm)
{
	int ticks = 10;

	while (!mmap_read_trylock(mm))
		if (!ticks-- || schedule_timeout_killable(1))
			return false;
	return true;
}

/*
 * Somebody is about to read the counters of mm: charges it for all that it owes,
 * unless its mmap_lock is held for writing for long.  mmap_lock not held; sleeps.
 */
void shpte_settle_mm(struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;

	if (!atomic_read(shpte_owed_by(mm)) || !shpte_read_lock(mm))
		return;
	for_each_vma(vmi, vma)
		if (shpte_forks(vma))
			shpte_settle_vma(vma);
	mmap_read_unlock(mm);
}
#endif

#ifdef CONFIG_DEBUG_VM
/* Is the entry one of the pages, or swapped pages, that sharers are charged for? */
static bool shpte_charged(struct shpte *s, pte_t entry)
{
	if (pte_present(entry))
		return !is_zero_pfn(pte_pfn(entry));
	if (is_swap_pte(entry) && is_migration_entry(pte_to_swp_entry(entry)))
		return true;
	if (is_swap_pte(entry) && !non_swap_entry(pte_to_swp_entry(entry)))
		return s->cow;
	return false;
}

/* Does the table hold what its sharers were charged for?  PTE lock held. */
void shpte_check_rss(struct shpte *s)
{
	int i, charged = 0, present = 0;
	pte_t *pte;

	if (s->uncounted)
		return;
	pte = kmap_local_page(s->table);
	for (i = 0; i < PTRS_PER_PTE; i++)
		present += shpte_charged(s, ptep_get(pte + i));
	kunmap_local(pte);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		charged += s->rss[i];
	WARN_ONCE(charged != present, "shpte: %d pages charged, %d present", charged, present);
}
#endif
