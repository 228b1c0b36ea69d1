// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: leaving a table, working on its entries in place, and its
 * end.  The rules and the locks stand at the head of mm/shpte/core.c.
 */
#include <linux/highmem.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/swap.h>
#include <linux/userfaultfd_k.h>

#include <asm/pgalloc.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>

#include "../internal.h"
#include "shpte.h"

/* The area's lock held. */
static struct shpte_sharer *shpte_sharer_of(struct shpte *s, struct mm_struct *mm,
					    unsigned long addr)
{
	struct shpte_sharer *sharer = shpte_find_sharer(s->area, mm, shpte_area_addr(s, addr));

	return sharer && (sharer->tables & BIT(s->index)) ? sharer : NULL;
}

/*
 * The mm has the table no more.  False: it never had.  Table's PTE lock held.
 */
bool shpte_del_sharer(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	struct shpte_area *area = s->area;
	struct shpte_sharer *sharer;
	bool last = false;

	lockdep_assert_held(shpte_ptl(s->table));
	spin_lock(&area->lock);
	sharer = shpte_sharer_of(s, mm, addr);
	if (sharer) {
		VM_WARN_ON_ONCE(sharer->owes & BIT(s->index));
		sharer->tables &= ~BIT(s->index);
		last = !sharer->tables;
		s->nr--;
	}
	if (last)
		rb_erase_cached(&sharer->node, &area->sharers);
	spin_unlock(&area->lock);
	if (last)
		kmem_cache_free(shpte_sharer_cache, sharer);
	return sharer;
}

/*
 * The last sharer keeps the table for itself: from here on it is an ordinary
 * one.  The record stays until the table is freed, so that a lookup that found
 * it can still take the lock.  A write right that comes back needs no flush: a
 * CPU that still has it not faults, and finds that there is nothing to do.  pmd
 * lock and table's PTE lock held.
 */
void shpte_retire(struct shpte *s, struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
		  enum shpte_cause cause)
{
	VM_WARN_ON_ONCE(s->nr != 1);
	/* when all of the mm goes nobody writes any more */
	if (cause != SHPTE_EXIT)
		shpte_keep(s, mm, addr);
	shpte_settle_own(s, mm, addr);
	/* lose the record, not somebody's table */
	if (WARN_ON_ONCE(!shpte_del_sharer(s, mm, addr)))
		return;
	shpte_withdraw(s);
	if (s->cow)
		shpte_pmd_unprotect(pmd);
	shpte_count(SHPTE_RETIRED);
}

static void shpte_nop(void *unused) { }

/*
 * A CPU that reads a two-word pmd without the lock may take one word from
 * before and one from after, if the same table came back in between.  It reads
 * with interrupts off: wait for it.  Only a table above 4 GB has a high word
 * that differs from that of an empty pmd.
 */
static void shpte_sync_lockless(struct page *table)
{
	if (IS_ENABLED(CONFIG_GUP_GET_PXX_LOW_HIGH) &&
	    page_to_pfn(table) >> (BITS_PER_LONG - PAGE_SHIFT))
		smp_call_function(shpte_nop, NULL, 1);
}

/* R4.  pmd lock and the table's PTE lock held. */
static void shpte_detach(struct shpte *s, struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			 enum shpte_cause cause)
{
	shpte_check_rss(s);
	shpte_window();
	pmd_clear(pmd);
	flush_tlb_mm(mm);
	shpte_sync_lockless(s->table);
	shpte_window();
	shpte_discharge(s, mm, base);
	WARN_ON_ONCE(!shpte_del_sharer(s, mm, base));
	if (s->nr == 1)
		this_cpu_dec(shpte_events[SHPTE_TABLES_SHARED]);
	mm_dec_nr_ptes(mm);
	shpte_count(SHPTE_LEAVES + cause);
}

/*
 * Leaves the table in *pmd if it is shared; retires it if asked to and this mm
 * is the last.  True when the mm has left and the pmd is none.  pmd lock held.
 */
static bool shpte_leave_locked(struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			       enum shpte_cause cause, bool retire)
{
	struct page *table = shpte_table(*pmd);
	struct shpte *s = table ? shpte_of(table) : NULL;
	spinlock_t *ptl;
	bool left;

	if (!s)
		return false;
	ptl = shpte_ptl(table);
	spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	left = s->live && s->nr > 1;
	if (left)
		shpte_detach(s, mm, pmd, base, cause);
	else if (s->live && (retire || s->cow))
		shpte_retire(s, mm, pmd, base, cause);
	spin_unlock(ptl);
	return left;
}

/* mmap_lock held, read is enough, or the vma lock. */
static bool shpte_leave(struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			enum shpte_cause cause, bool retire)
{
	spinlock_t *pml = pmd_lock(mm, pmd);
	bool left = shpte_leave_locked(mm, pmd, base, cause, retire);

	spin_unlock(pml);
	return left;
}

/*
 * The mm zaps its own range.  munmap and exit take the table out of the
 * registry for good; for advice the mapping stays as it is, so a table with one
 * sharer is zapped in place and stays on offer.
 *
 * A copy-on-write table is left if all of it goes.  Who cuts a part has unshared
 * it, and said so if there was no memory for that; else its entries stay.
 */
bool __shpte_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
		 unsigned long addr, unsigned long end, bool advice)
{
	enum shpte_cause cause = advice ? SHPTE_MADVISE : tlb->fullmm ? SHPTE_EXIT : SHPTE_MUNMAP;
	struct page *table = shpte_table_lockless(pmd);
	bool left;

	/*
	 * most tables have no record; one that a thread of ours joins from here
	 * on is seen by shpte_zapped()
	 */
	if (!table || !shpte_of(table))
		return false;
	if (end - addr != PMD_SIZE && shpte_leads_to_cow(pmd)) {
		VM_WARN_ON_ONCE(1);
		return __shpte_unshare(vma, pmd, addr, cause);
	}
	left = shpte_leave(tlb->mm, pmd, addr & PMD_MASK, cause, !advice);
	if (!left)
		shpte_window();
	return left;
}

/*
 * A page of its own is about to be put into a private mapping.  The caller
 * published the vma's anon_vma; we take the pmd lock after that, and whoever
 * founds or joins a table looks for the anon_vma under it.  So either he comes
 * first, and we leave his table, or he sees it and lets the vma alone.
 */
void __shpte_cow(struct vm_fault *vmf)
{
	VM_WARN_ON_ONCE(!vmf->vma->anon_vma);
	shpte_window();
	shpte_leave(vmf->vma->vm_mm, vmf->pmd, vmf->address & PMD_MASK, SHPTE_COW, true);
}

/* NULL: a level above has nothing there, or a huge page. */
static pmd_t *shpte_find_pmd(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d = pgd_present(*pgd) ? p4d_offset(pgd, addr) : NULL;
	pud_t *pud = p4d && p4d_present(*p4d) ? pud_offset(p4d, addr) : NULL;
	pud_t now;

	if (!pud)
		return NULL;
	now = READ_ONCE(*pud); /* a huge page may go any time, a table may not */
	return pud_present(now) && !pud_leaf(now) ? pmd_offset(pud, addr) : NULL;
}

/*
 * The pmd of addr, or NULL where there is none; *next gets where the next one's
 * place begins, end at most.  As pmd_addr_end(), which where the pmd level is
 * folded is the end of the whole range.
 */
pmd_t *shpte_pmd_at(struct mm_struct *mm, unsigned long addr, unsigned long end,
		    unsigned long *next)
{
	pmd_t *pmd = shpte_find_pmd(mm, addr);
	unsigned long size = pmd ? PMD_SIZE : PUD_SIZE;

	*next = (addr + size) & ~(size - 1);
	if (*next - 1 >= end - 1)
		*next = end;
	return pmd;
}

/*
 * mmap_lock held, read is enough, or the vma lock: the grace period covers our
 * other threads.
 */
void __shpte_leave_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 enum shpte_cause cause)
{
	unsigned long addr, next;

	if (!rwsem_is_locked(&vma->vm_mm->mmap_lock))
		vma_assert_locked(vma);
	for (addr = start; addr < end; addr = next) {
		pmd_t *pmd = shpte_pmd_at(vma->vm_mm, addr, end, &next);
		struct page *table;

		if (!pmd)
			continue;
		/* what a fork shared has no other copy */
		VM_WARN_ON_ONCE(shpte_leads_to_cow(pmd));
		table = shpte_table_lockless(pmd);
		/* R6 takes the lock before it looks */
		if (cause == SHPTE_COW || (table && shpte_of(table)))
			shpte_leave(vma->vm_mm, pmd, addr & PMD_MASK, cause, true);
		cond_resched();
	}
}

/*
 * Leaves all shared tables of the mm.  mmap_lock held for writing and all vmas
 * locked, so that none is joined meanwhile.
 */
void shpte_leave_mm(struct mm_struct *mm, enum shpte_cause cause)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;

	mmap_assert_write_locked(mm);
	for_each_vma(vmi, vma)
		if (shpte_offers(vma))
			__shpte_leave_range(vma, vma->vm_start, vma->vm_end, cause);
}

/*
 * A huge page is about to be mapped in the place of the table around addr, by
 * its own mm.  First, with no page table lock held: leave it.  Then, with *ptl
 * held, that of the table that was in *pmd: true when it is shared all the same,
 * or is there no more, as a thread of ours faulted, or left it.  mmap_lock held,
 * read is enough.
 */
bool __shpte_collapse(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd, spinlock_t *ptl)
{
	if (ptl)
		return __shpte_pmd_moved(pmd, ptl) || __shpte_live(pmd);
	__shpte_leave_range(vma, addr, addr + PMD_SIZE, SHPTE_COLLAPSE);
	return false;
}

/*
 * The huge page that takes the place of small ones is locked, and all entries
 * were unmapped: nobody misses the table.  This mm's pmd may have become none
 * while we waited for its lock, as its threads leave tables without a lock that
 * the caller has.
 */
bool __shpte_retract(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	if (!shpte_table(*pmd))
		return true;
	return shpte_leave_locked(vma->vm_mm, pmd, addr, SHPTE_COLLAPSE, true);
}

static void shpte_leave_tracked(struct vm_area_struct *vma)
{
	if (vma && shpte_offers(vma) && !shpte_tracked(vma)) {
		vma_start_write(vma);
		__shpte_leave_range(vma, vma->vm_start, vma->vm_end, SHPTE_FLAGS);
	}
}

/*
 * Flags that ask for soft-dirty bits are about to be those of the vma, and of a
 * neighbour that it is merged into: a merge does not look at VM_SOFTDIRTY.
 */
static void shpte_leave_neighbours(struct vm_area_struct *vma)
{
	struct vm_area_struct *prev;

	find_vma_prev(vma->vm_mm, vma->vm_start, &prev);
	shpte_leave_tracked(prev);
	shpte_leave_tracked(find_vma(vma->vm_mm, vma->vm_end));
}

/*
 * mmap_lock held for writing.  The vma is locked against its own faults before
 * the tables are left, else one of them would share again before the flags
 * change.  0 or -ENOMEM, which is of anonymous memory only.
 */
int __shpte_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		   unsigned long flags)
{
	unsigned long changed = flags ^ vma->vm_flags;
	enum shpte_cause cause = SHPTE_FLAGS;

	if (changed & __VM_UFFD_FLAGS)
		cause = SHPTE_UFFD;
	else if (changed & VM_LOCKED_MASK)
		cause = SHPTE_MLOCK;
	else if (changed & VM_ACCESS_FLAGS)
		cause = SHPTE_MPROTECT;
	/* merging may move a boundary to where the range begins or ends */
	if (shpte_forks(vma))
		return changed ? __shpte_unshare_range(vma, start, end, cause) :
				 __shpte_unshare_edges(vma, start, end, SHPTE_SPLIT);
	if (changed) {
		vma_start_write(vma);
		__shpte_leave_range(vma, start, end, cause);
		if (IS_ENABLED(CONFIG_MEM_SOFT_DIRTY) && !(flags & VM_SOFTDIRTY))
			shpte_leave_neighbours(vma);
	}
	return 0;
}

/*
 * The soft-dirty bits of the vma are about to be cleared, and none of its faults
 * joins a table from then on.  It may have lost VM_SOFTDIRTY before, when it was
 * merged into a vma that had.  mmap_lock held for writing.  0 or -ENOMEM, which
 * is of anonymous memory only.
 */
int __shpte_untrack(struct vm_area_struct *vma)
{
	vma_start_write(vma);
	return shpte_leave_range(vma, vma->vm_start, vma->vm_end, SHPTE_FLAGS);
}

/* The table across a coming boundary belongs to no single vma any more. */
static void shpte_leave_boundary(struct vm_area_struct *vma, unsigned long addr)
{
	if (addr & ~PMD_MASK)
		__shpte_leave_range(vma, addr, addr + 1, SHPTE_SPLIT);
}

/*
 * A vma that is about to get these bounds may swallow its neighbours, or pass its
 * end on to the next one.  What a tracked one gets is tracked from then on, as
 * merging does not look at VM_SOFTDIRTY.
 */
static void shpte_adjust_tracked(struct vm_area_struct *vma, unsigned long start,
				 unsigned long end)
{
	struct vm_area_struct *next;

	if (shpte_tracked(vma) && (start < vma->vm_start || end > vma->vm_end))
		__shpte_leave_range(vma, start, end, SHPTE_FLAGS);
	if (end >= vma->vm_end)
		return;
	next = find_vma(vma->vm_mm, vma->vm_end);
	if (next && next->vm_start == vma->vm_end && shpte_tracked(next))
		__shpte_leave_range(vma, end, vma->vm_end, SHPTE_FLAGS);
}

/* mmap_lock held for writing, vma locked; of what else is held when its bounds change, nothing. */
void __shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		    long adjust_next)
{
	struct vm_area_struct *next;

	if (IS_ENABLED(CONFIG_MEM_SOFT_DIRTY))
		shpte_adjust_tracked(vma, start, end);
	shpte_leave_boundary(vma, start);
	shpte_leave_boundary(vma, end);
	if (adjust_next > 0) {
		next = find_vma(vma->vm_mm, vma->vm_end);
		if (next)
			shpte_leave_boundary(next, next->vm_start + adjust_next);
	}
}

/* Working in place */

/*
 * Entries were cut by truncation (or by advice, when somebody joined at the
 * last moment).  The gather knows one mm and the pages are freed by it: flush
 * the others now (R3).  PTE lock held.
 */
bool __shpte_zapped(struct mmu_gather *tlb, struct shpte *s, int *rss)
{
	struct shpte_sharer *sharer;
	int i;

	if (!s->live)
		return false;
	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (rss[i])
			__shpte_add_rss(tlb->mm, s, i, rss[i]);
	if (s->nr > 1 && tlb->cleared_ptes) {
		spin_lock(&s->area->lock);
		for_each_sharer(sharer, s)
			flush_tlb_mm(sharer->mm);
		spin_unlock(&s->area->lock);
		shpte_count(SHPTE_IN_PLACE_ZAPS);
	}
	return true;
}

/*
 * addr is that of the first of nr entries in any of the sharers.  What reclaim
 * puts off it flushes before the pages go; each sharer's mm knows then that a
 * flush is pending, as reclaim's own does.  PTE lock held.
 */
void __shpte_flush_cleared(struct shpte *s, unsigned long addr, unsigned long nr, pte_t entry,
			   shpte_defer_fn *defer)
{
	unsigned long offset = s->index * PMD_SIZE + (addr & ~PMD_MASK & PAGE_MASK);
	struct shpte_sharer *sharer;

	if (!s->live || s->nr < 2)
		return;
	spin_lock(&s->area->lock);
	for_each_sharer(sharer, s) {
		struct vm_area_struct vma = TLB_FLUSH_VMA(sharer->mm, s->area->key.flags);
		unsigned long at = sharer->addr + offset, end = at + nr * PAGE_SIZE;

		if (defer && IS_ENABLED(CONFIG_ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH))
			defer(sharer->mm, entry, at);
		else
			flush_tlb_range(&vma, at, end);
	}
	spin_unlock(&s->area->lock);
	shpte_count(SHPTE_IN_PLACE_FLUSHES);
}

/* As above, never put off. */
void __shpte_flush_page(struct shpte *s, unsigned long addr)
{
	__shpte_flush_cleared(s, addr, 1, __pte(0), NULL);
}

/* PTE lock held. */
bool __shpte_is_first(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	struct shpte_sharer *first;
	bool is;

	if (!s->live)
		return true;
	spin_lock(&s->area->lock);
	first = shpte_first(s);
	is = first->mm == mm && first->addr == shpte_area_addr(s, addr);
	spin_unlock(&s->area->lock);
	return is;
}

/*
 * The PTE lock *ptl held: from here on the mm cannot leave the table that the
 * lock belongs to.
 */
bool __shpte_pmd_moved(pmd_t *pmd, spinlock_t *ptl)
{
	struct page *table = shpte_table_lockless(pmd);

	return !table || shpte_ptl(table) != ptl;
}

/* PTE lock held. */
bool __shpte_live(pmd_t *pmd)
{
	struct page *table = shpte_table_lockless(pmd);
	struct shpte *s = table ? shpte_of(table) : NULL;

	return s && s->live;
}

/*
 * All that is in a table that is on offer comes back by faults: a fork copies
 * none of it.  No thread of the mm changes the pmd meanwhile, but khugepaged may,
 * and it leaves to the others a table that they can change as they like.
 */
bool __shpte_fork_none(pmd_t *pmd)
{
	bool live;

	rcu_read_lock();
	live = __shpte_live(pmd);
	rcu_read_unlock();
	return live;
}

/* PTE lock held. */
int __shpte_others(pmd_t *pmd)
{
	struct shpte *s = shpte_of_pmd(pmd);

	return s && s->live ? s->nr - 1 : 0;
}

/* The same of the table at addr. */
int __shpte_others_at(struct mm_struct *mm, unsigned long addr)
{
	pmd_t *pmd = shpte_find_pmd(mm, addr);

	return pmd ? __shpte_others(pmd) : 0;
}

/* The end of a table */

static void shpte_free_rcu(struct rcu_head *head)
{
	struct shpte *s = container_of(head, struct shpte, rcu);

	pte_free(&init_mm, s->table);
	kmem_cache_free(shpte_cache, s);
	this_cpu_dec(shpte_events[SHPTE_RECORDS]);
}

/*
 * Frees a table that has a record, after a grace period; false: it has none,
 * the caller frees it.  No pmd has it any more, nor a TLB or walk cache.
 */
bool shpte_free_defer(struct page *table)
{
	struct shpte *s = shpte_of(table);

	if (likely(!s))
		return false;
	/* a live table is in somebody's pmd: lose the page, not the somebody */
	if (!WARN_ON_ONCE(s->live))
		call_rcu(&s->rcu, shpte_free_rcu);
	return true;
}

/* The same where the caller flushes later, by the gather. */
bool shpte_free(struct mmu_gather *tlb, struct page *table)
{
	if (likely(!shpte_of(table)))
		return false;
	flush_tlb_mm(tlb->mm);
	return shpte_free_defer(table);
}
