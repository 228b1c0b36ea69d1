// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: making a copy-on-write table one mm's own again.  The rules
 * stand at the head of mm/shpte/fork.c.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

#include "../internal.h"
#include "shpte.h"

/*
 * One more mapping of the page: it is exclusive to nobody from here on (C4), and
 * nobody has it pinned who could miss that (C5).  What a fork uses is for a fork
 * alone; and what else adds a mapping looks at the folio's anon_vma, which needs
 * its lock: KSM may be putting its own in that place, through a copy of the table.
 */
static void shpte_dup_page(struct vm_area_struct *vma, unsigned long addr, pte_t pte)
{
	struct page *page = vm_normal_page(vma, addr, pte);
	struct folio *folio;

	if (!page)
		return;
	folio = page_folio(page);
	folio_get(folio);
	if (PageAnonExclusive(page))
		ClearPageAnonExclusive(page);
	folio_dup_file_rmap_pte(folio, page);
}

/* Another migration entry in the place of one: that its page was written to stays. */
pte_t shpte_migration_pte(pte_t was, swp_entry_t entry)
{
	pte_t pte = swp_entry_to_pte(entry);

	return pte_swp_soft_dirty(was) ? pte_swp_mksoft_dirty(pte) : pte;
}

/* What an entry that is no page becomes when its page is nobody's alone.  True: it changes. */
static bool shpte_share_nonpresent(pte_t *pte)
{
	swp_entry_t entry = pte_to_swp_entry(*pte);

	if (!non_swap_entry(entry)) {
		if (!pte_swp_exclusive(*pte))
			return false;
		*pte = pte_swp_clear_exclusive(*pte);
	} else if (is_migration_entry(entry) && !is_readable_migration_entry(entry)) {
		entry = make_readable_migration_entry(swp_offset(entry));
		*pte = shpte_migration_pte(*pte, entry);
	} else {
		return false;
	}
	return true;
}

/*
 * An entry that is no page, in the shared table and in the copy: *pte gets what
 * it is to be.  -EIO: the count of *entry is full.
 */
static int shpte_dup_nonpresent(struct vm_area_struct *vma, unsigned long addr, pte_t *from,
				pte_t *pte, swp_entry_t *entry)
{
	*entry = pte_to_swp_entry(*pte);
	if (!non_swap_entry(*entry) && swap_duplicate(*entry) < 0)
		return -EIO;
	if (shpte_share_nonpresent(pte))
		set_pte_at(vma->vm_mm, addr, from, *pte);
	return 0;
}

/*
 * Has anybody a reference to the page but the table that maps it?  A large folio
 * may be mapped elsewhere, and what is in the swap cache is not asked further:
 * the next write fault does that, with the folio locked.
 */
static bool shpte_is_referenced(struct page *page)
{
	struct folio *folio = page_folio(page);

	return folio_test_large(folio) || folio_ref_count(folio) != 1;
}

/* An entry of a table whose last sharer is about to write. */
static void shpte_keep_entry(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	pte_t pte = ptep_get(ptep);
	struct page *page;

	if (pte_none(pte) || (pte_present(pte) && (pte_special(pte) || is_zero_pfn(pte_pfn(pte)))))
		return;
	if (!pte_present(pte)) {
		if (shpte_share_nonpresent(&pte))
			set_pte_at(mm, addr, ptep, pte);
		return;
	}
	page = pte_page(pte);
	if (!PageAnonExclusive(page) || !shpte_is_referenced(page))
		return;
	/* no TLB has it as writable: the pmd is not, yet */
	if (pte_write(pte))
		ptep_set_wrprotect(mm, addr, ptep);
	ClearPageAnonExclusive(page);
}

/*
 * The last sharer is to write to the table that others left without a copy.  Its
 * pages are its own alone but for those that somebody has a reference to: one
 * who left may have taken it, through the table or before the fork (vmsplice),
 * and must not see what is written from here on (C4).  No page gets one more of
 * such references, as gup-fast looks at its pmd again when it has one, or takes
 * none (shpte_unpinnable_fast()).  Table's PTE lock held.
 */
void shpte_keep(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	pte_t *pte;

	if (!s->exclusive)
		return;
	smp_mb(); /* the pmds of those who left before the counts of their pages */
	pte = kmap_local_page(s->table);
	for (unsigned int i = 0; i < PTRS_PER_PTE; i++)
		shpte_keep_entry(mm, addr + i * PAGE_SIZE, pte + i);
	kunmap_local(pte);
	smp_wmb(); /* the pages' marks before s->live, which gup-fast reads without a lock */
	s->exclusive = false;
}

/* Takes back what the copy of an entry took. */
static void shpte_undup(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	pte_t pte = ptep_get_and_clear(vma->vm_mm, addr, ptep);
	struct page *page = pte_present(pte) ? vm_normal_page(vma, addr, pte) : NULL;
	swp_entry_t entry = pte_to_swp_entry(pte);

	if (page) {
		folio_remove_rmap_pte(page_folio(page), page, vma);
		folio_put(page_folio(page));
	} else if (!pte_none(pte) && !pte_present(pte) && !non_swap_entry(entry)) {
		swap_free(entry);
	}
}

/* *pte was read at from, and is to be in two tables, and writable in neither. */
static void shpte_dup_present(struct vm_area_struct *vma, unsigned long addr, pte_t *from,
			      pte_t *pte)
{
	shpte_dup_page(vma, addr, *pte);
	if (!pte_write(*pte))
		return;
	/* no TLB has it as writable: the pmds are not */
	ptep_set_wrprotect(vma->vm_mm, addr, from);
	*pte = pte_wrprotect(*pte);
}

/*
 * Copies all entries of a shared table into an empty one that nobody else sees.
 * 0; -EIO: the swap count of *full is full, and nothing was copied.  PTE lock of
 * the shared table held.
 */
static int shpte_copy(struct vm_area_struct *vma, unsigned long base, struct shpte *s,
		      struct page *new, swp_entry_t *full)
{
	pte_t *from = kmap_local_page(s->table), *to = kmap_local_page(new);
	unsigned int i;
	int err = 0;

	for (i = 0; i < PTRS_PER_PTE && !err; i++) {
		unsigned long addr = base + i * PAGE_SIZE;
		pte_t pte = ptep_get(from + i);

		if (pte_none(pte))
			continue;
		if (pte_present(pte))
			shpte_dup_present(vma, addr, from + i, &pte);
		else
			err = shpte_dup_nonpresent(vma, addr, from + i, &pte, full);
		if (!err)
			set_pte_at(vma->vm_mm, addr, to + i, pte);
	}
	if (!err)
		s->writable = s->exclusive = false;
	while (err && i--)
		shpte_undup(vma, base + i * PAGE_SIZE, to + i);
	kunmap_local(to);
	kunmap_local(from);
	return err;
}

/*
 * C3, R4.  Until the flush a CPU may go by the old table, as its walk caches say:
 * none of our threads is to change an entry of the new one before that, and flush
 * that one alone.  pmd lock and the shared table's PTE lock held.
 */
static void shpte_switch(struct shpte *s, struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			 struct page *new)
{
	spinlock_t *ptl = shpte_ptl(new);

	spin_lock_nested(ptl, SHPTE_NEW_TABLE);
	smp_wmb(); /* entries before the pmd, see pmd_install() */
	pmd_populate(mm, pmd, new);
	shpte_window();
	flush_tlb_mm(mm);
	spin_unlock(ptl);
	shpte_window();
	WARN_ON_ONCE(!shpte_del_sharer(s, mm, base));
	if (s->nr == 1)
		this_cpu_dec(shpte_events[SHPTE_TABLES_SHARED]);
}

/* A table that is being made one mm's own again. */
struct shpte_parting {
	struct vm_area_struct *vma;
	pmd_t *pmd;
	unsigned long base;
	struct page *new;	/* NULL: not yet, or used */
	swp_entry_t full;
	enum shpte_cause cause;
};

/*
 * 0: the table in the pmd is the mm's own; -EAGAIN: bring a new table; -EIO: a
 * swap count is full.  Both locks held.
 */
static int shpte_unshare_locked(struct shpte_parting *p, struct shpte *s)
{
	struct mm_struct *mm = p->vma->vm_mm;
	int err;

	if (!s->live)
		return 0;
	shpte_check_rss(s);
	if (s->nr == 1) {
		shpte_retire(s, mm, p->pmd, p->base, p->cause);
		return 0;
	}
	if (!p->new)
		return -EAGAIN;
	err = shpte_copy(p->vma, p->base, s, p->new, &p->full);
	if (err)
		return err;
	shpte_settle_own(s, mm, p->base);
	shpte_switch(s, mm, p->pmd, p->base, p->new);
	p->new = NULL;
	shpte_count(SHPTE_FORK_COPIED);
	shpte_count(SHPTE_LEAVES + p->cause);
	return 0;
}

static int shpte_unshare_try(struct shpte_parting *p)
{
	spinlock_t *pml = pmd_lock(p->vma->vm_mm, p->pmd);
	struct page *table = shpte_table(*p->pmd);
	struct shpte *s = table ? shpte_of(table) : NULL;
	int err = 0;

	if (s && s->cow) {
		spin_lock_nested(shpte_ptl(table), SINGLE_DEPTH_NESTING);
		err = shpte_unshare_locked(p, s);
		spin_unlock(shpte_ptl(table));
	}
	spin_unlock(pml);
	return err;
}

/* Brings what it takes, outside the locks.  0 or -ENOMEM. */
static int shpte_unshare_table(struct shpte_parting *p)
{
	struct mm_struct *mm = p->vma->vm_mm;
	int err;

	while ((err = shpte_unshare_try(p))) {
		if (err == -EAGAIN)
			p->new = shpte_new_table(mm);
		if (err == -EAGAIN ? !p->new : add_swap_count_continuation(p->full, GFP_KERNEL)) {
			err = -ENOMEM;
			break;
		}
	}
	if (p->new)
		pte_free(mm, p->new);
	return err;
}

/*
 * The table in *pmd, around addr, is to be the mm's own from here on, with all
 * its entries.  0; -ENOMEM: it is shared as it was.  mmap_lock or vma lock held,
 * read is enough: C1.  Sleeps.
 */
int __shpte_unshare(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
		    enum shpte_cause cause)
{
	struct shpte_parting p;

	if (!shpte_leads_to_cow(pmd))
		return 0;
	p = (struct shpte_parting){
		.vma = vma, .pmd = pmd, .base = addr & PMD_MASK, .cause = cause,
	};
	return shpte_unshare_table(&p);
}

/* The same of all tables that overlap [start, end) of the vma. */
int __shpte_unshare_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  enum shpte_cause cause)
{
	unsigned long addr, next;
	int err = 0;

	for (addr = start; addr < end && !err; addr = next) {
		pmd_t *pmd = shpte_pmd_at(vma->vm_mm, addr, end, &next);

		if (pmd)
			err = __shpte_unshare(vma, pmd, addr, cause);
		cond_resched();
	}
	return err;
}

static bool shpte_in_swap(pte_t pte, unsigned int type)
{
	return is_swap_pte(pte) && !non_swap_entry(pte_to_swp_entry(pte)) &&
	       swp_type(pte_to_swp_entry(pte)) == type;
}

/* PTE lock held. */
static bool shpte_any_in_swap(struct page *table, unsigned long addr, unsigned long end,
			      unsigned int type)
{
	pte_t *first = kmap_local_page(table), *pte;
	bool any = false;

	for (pte = first + pte_index(addr); !any && addr < end; addr += PAGE_SIZE, pte++)
		any = shpte_in_swap(ptep_get(pte), type);
	kunmap_local(first);
	return any;
}

/* No fork shares the table meanwhile, and who leaves it takes the PTE lock. */
bool __shpte_none_in_swap(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
			  unsigned long end, unsigned int type)
{
	struct page *table;
	bool none = false;

	/* a thread of the mm may leave the table meanwhile, and its last sharer free it */
	rcu_read_lock();
	table = shpte_table_lockless(pmd);
	if (table && shpte_is_cow(shpte_of(table))) {
		spinlock_t *ptl = shpte_ptl(table);

		spin_lock(ptl);
		none = !__shpte_pmd_moved(pmd, ptl) && __shpte_others(pmd) &&
		       !shpte_any_in_swap(table, addr, end, type);
		spin_unlock(ptl);
	}
	rcu_read_unlock();
	return none;
}

/*
 * What lies across start or end is to be the mm's own: tables that are between
 * them are dealt with as a whole.
 */
int __shpte_unshare_edges(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  enum shpte_cause cause)
{
	int err = 0;

	if (start & ~PMD_MASK)
		err = __shpte_unshare_range(vma, start, start + 1, cause);
	if (!err && (end & ~PMD_MASK))
		err = __shpte_unshare_range(vma, end - 1, end, cause);
	return err;
}

/*
 * All tables that the mm shares by fork.  mmap_lock held for writing, so that
 * there is none from then on.  0 or -ENOMEM.
 */
int shpte_unshare_mm(struct mm_struct *mm, enum shpte_cause cause)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;
	int err = 0;

	for_each_vma(vmi, vma) {
		if (shpte_forks(vma))
			err = __shpte_unshare_range(vma, vma->vm_start, vma->vm_end, cause);
		if (err)
			return err;
	}
	return 0;
}
