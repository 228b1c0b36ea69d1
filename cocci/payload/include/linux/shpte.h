/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared pte pages: what the rest of mm/ calls.  See mm/shpte/core.c for the rules
 * and the locks.
 *
 * Included by the few files of mm/ that call it and by no header, so that a
 * change here rebuilds those files only.
 */
#ifndef _LINUX_SHPTE_H
#define _LINUX_SHPTE_H

#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pgtable.h>

struct mmu_gather;
struct shpte;

/* Why a process left a shared table; each has a counter. */
enum shpte_cause {
	SHPTE_MUNMAP,
	SHPTE_EXIT,
	SHPTE_SPLIT,
	SHPTE_MPROTECT,
	SHPTE_MLOCK,
	SHPTE_UFFD,
	SHPTE_FLAGS,
	SHPTE_MREMAP,
	SHPTE_MADVISE,
	SHPTE_COW,
	SHPTE_COLLAPSE,
	SHPTE_NOTIFIER,
	SHPTE_FAULT,
	SHPTE_SWAPOFF,
	SHPTE_KSM,
	NR_SHPTE_CAUSES
};

/* What vma_modify() is to make of a vma's flags. */
#define shpte_vmg_flags(vmg) ((vmg)->flags)

typedef void shpte_defer_fn(struct mm_struct *mm, pte_t entry, unsigned long addr);

#ifdef CONFIG_SHPTE

/*
 * The word of a pte page's descriptor that leads to its record: NULL in a table
 * that never was offered for sharing.  It stays as it is while the table lives.
 */
static inline struct shpte *shpte_of(struct page *table)
{
	return (struct shpte *)READ_ONCE(page_ptdesc(table)->pt_index);
}

/* A table fresh from the allocator, or NULL: nobody else has seen it yet. */
static inline void shpte_table_init(struct page *table)
{
	if (table)
		WRITE_ONCE(page_ptdesc(table)->pt_index, 0);
}

/*
 * Could a table of this vma be shared by faults?  Keeps everybody else's cost at
 * one test.  For who has no lock of the vma, as rmap walks: the answer does not
 * change while the vma lives.  A private mapping of /dev/zero has a file, and is
 * anonymous all the same.
 */
static inline bool shpte_maps_file(struct vm_area_struct *vma)
{
	return vma->vm_file && !vma_is_anonymous(vma) && !(vma->vm_flags & VM_HUGETLB);
}

/* And by a fork? */
static inline bool shpte_forks(struct vm_area_struct *vma)
{
	return IS_ENABLED(CONFIG_SHPTE_FORK) && vma_is_anonymous(vma);
}

/* By one or the other? */
static inline bool shpte_shares(struct vm_area_struct *vma)
{
	return shpte_maps_file(vma) || shpte_forks(vma);
}

/*
 * By faults, for the vma's own operations, mmap_lock or vma lock held: a private
 * mapping that may be written to has no shared tables, mprotect() left them.
 */
static inline bool shpte_offers(struct vm_area_struct *vma)
{
	return shpte_maps_file(vma) &&
	       ((vma->vm_flags & VM_MAYSHARE) || !(vma->vm_flags & VM_WRITE));
}

/* The same, by one or the other. */
static inline bool shpte_possible(struct vm_area_struct *vma)
{
	return shpte_forks(vma) || shpte_offers(vma);
}

void __shpte_fault(struct vm_fault *vmf);
bool __shpte_fault_moved(struct vm_fault *vmf);
void __shpte_fault_spurious(struct vm_fault *vmf);
void __shpte_cow(struct vm_fault *vmf);
bool __shpte_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
		 unsigned long addr, unsigned long end, bool advice);
bool __shpte_zapped(struct mmu_gather *tlb, struct shpte *s, int *rss);
bool shpte_free(struct mmu_gather *tlb, struct page *table);
bool shpte_free_defer(struct page *table);
bool __shpte_retract(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr);
bool __shpte_live(pmd_t *pmd);
bool __shpte_collapse(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd, spinlock_t *ptl);
int __shpte_untrack(struct vm_area_struct *vma);
bool __shpte_fork_none(pmd_t *pmd);
int __shpte_others(pmd_t *pmd);
int __shpte_others_at(struct mm_struct *mm, unsigned long addr);
void shpte_leave_mm(struct mm_struct *mm, enum shpte_cause cause);
void __shpte_add_rss(struct mm_struct *mm, struct shpte *s, int member, long n);
void __shpte_flush_page(struct shpte *s, unsigned long addr);
void __shpte_flush_cleared(struct shpte *s, unsigned long addr, unsigned long nr, pte_t entry,
			   shpte_defer_fn *defer);
bool __shpte_is_first(struct shpte *s, struct mm_struct *mm, unsigned long addr);
bool __shpte_pmd_moved(pmd_t *pmd, spinlock_t *ptl);
void __shpte_leave_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 enum shpte_cause cause);
int __shpte_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		   unsigned long flags);
void __shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		    long adjust_next);
bool __shpte_none_in_swap(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
			  unsigned long end, unsigned int type);
unsigned long __shpte_align_area(struct file *file, unsigned long addr, unsigned long len,
				 unsigned long pgoff, unsigned long flags);

#ifdef CONFIG_SHPTE_FORK
bool __shpte_fork(struct vm_area_struct *child, struct vm_area_struct *parent, pmd_t *to,
		  pmd_t *from, unsigned long addr, unsigned long end);
bool __shpte_is_cow(struct shpte *s);
int __shpte_unshare(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
		    enum shpte_cause cause);
int __shpte_unshare_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  enum shpte_cause cause);
int __shpte_unshare_edges(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  enum shpte_cause cause);
int shpte_unshare_mm(struct mm_struct *mm, enum shpte_cause cause);
#else
static inline bool __shpte_fork(struct vm_area_struct *child, struct vm_area_struct *parent,
				pmd_t *to, pmd_t *from, unsigned long addr, unsigned long end)
{
	return false;
}

static inline bool __shpte_is_cow(struct shpte *s)
{
	return false;
}

static inline int __shpte_unshare(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
				  enum shpte_cause cause)
{
	return 0;
}

static inline int __shpte_unshare_range(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, enum shpte_cause cause)
{
	return 0;
}

static inline int __shpte_unshare_edges(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, enum shpte_cause cause)
{
	return 0;
}

static inline int shpte_unshare_mm(struct mm_struct *mm, enum shpte_cause cause)
{
	return 0;
}
#endif

/*
 * A fork is about to copy the table in *from: true when the child has got the
 * table itself, copy-on-write, or needs nothing of it.  mmap_lock of both mms held
 * for writing.
 */
static inline bool shpte_fork(struct vm_area_struct *child, struct vm_area_struct *parent,
			      pmd_t *to, pmd_t *from, unsigned long addr, unsigned long end)
{
	if (shpte_maps_file(parent))
		return __shpte_fork_none(from);
	return shpte_forks(parent) && __shpte_fork(child, parent, to, from, addr, end);
}

/*
 * A page is about to be pinned, or taken in a way that depends on who else has
 * it: not through this table, it is shared copy-on-write.  PTE lock held, or
 * interrupts off.
 */
static inline bool shpte_unpinnable(pmd_t pmd)
{
	struct shpte *s = IS_ENABLED(CONFIG_SHPTE_FORK) ? shpte_of(pmd_pgtable(pmd)) : NULL;

	return unlikely(s) && __shpte_is_cow(s);
}

/* The same for gup-fast, interrupts off; not `pins`: it takes the page to read. */
static inline bool shpte_unpinnable_fast(pmd_t pmd, bool pins)
{
	return pins && shpte_unpinnable(pmd);
}

/*
 * gup-fast has got a page by this pmd, which it has read from *pmdp: is it still
 * the same?  Where the pmd level is folded *pmdp is a copy, which does not tell
 * that a fork shared the table meanwhile, or that it was left and became another
 * mm's own: there it gets no page of a table that is or was shared, by a fork or
 * by faults.
 */
static inline bool shpte_pmd_changed(pmd_t pmd, pmd_t *pmdp)
{
	if (__is_defined(__PAGETABLE_PMD_FOLDED))
		return shpte_of(pmd_pgtable(pmd));
	return pmd_val(pmd) != pmd_val(pmdp_get_lockless(pmdp));
}

/*
 * [start, end) of the vma is about to be cut out, tables in between as a whole:
 * what lies across a boundary is to be the mm's own.  mmap_lock held, read is
 * enough, or the vma lock.  0 or -ENOMEM: everything is as it was.
 */
static inline int shpte_cut(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			    enum shpte_cause cause)
{
	return shpte_forks(vma) ? __shpte_unshare_edges(vma, start, end, cause) : 0;
}

/*
 * Page fault, mmap_lock or vma lock held: find a table to share when there is
 * none yet, and have one of our own where it is shared copy-on-write.  0 or
 * -ENOMEM.
 */
static inline int shpte_fault(struct vm_fault *vmf)
{
	if (shpte_forks(vmf->vma))
		return __shpte_unshare(vmf->vma, vmf->pmd, vmf->address, SHPTE_FAULT);
	if (pmd_none(*vmf->pmd) && shpte_offers(vmf->vma))
		__shpte_fault(vmf);
	return 0;
}

#ifdef CONFIG_SHPTE_DEBUG
void __shpte_fault_window(struct vm_fault *vmf);
#else
static inline void __shpte_fault_window(struct vm_fault *vmf) { }
#endif

/* Where a fault has found its table and has neither read the entry nor the lock: R2. */
static inline void shpte_fault_window(struct vm_fault *vmf)
{
	if (shpte_offers(vmf->vma))
		__shpte_fault_window(vmf);
}

/*
 * A fault looked at an entry without the lock of its table, and holds that now,
 * vmf->ptl: true when the mm has left the table since.  It may be another mm's own
 * by then, with the rights of that one's mapping.  One of an anonymous vma was
 * this mm's own before: shpte_fault().
 */
static inline bool shpte_fault_moved(struct vm_fault *vmf)
{
	return shpte_offers(vmf->vma) && __shpte_fault_moved(vmf);
}

/*
 * The same of an entry that is no page and that was read without the lock, which
 * nobody takes before he acts on it.  Whoever put it into the table for another
 * mm took the PTE lock after we had left it: then the pmd says so by now.  RCU
 * read lock held, as by pte_offset_map().
 */
static inline bool shpte_fault_left(struct vm_fault *vmf)
{
	if (!shpte_offers(vmf->vma))
		return false;
	smp_rmb(); /* the entry, then the pmd */
	return __shpte_fault_moved(vmf);
}

/*
 * A fault is about to make an entry what it is to be.  If it is that already, who
 * made it so flushed the TLBs of his own mm: where the hardware keeps an entry that
 * it faulted by, ours may have the one of before.  PTE lock held.
 */
static inline void shpte_fault_spurious(struct vm_fault *vmf, pte_t entry)
{
	if (shpte_offers(vmf->vma) && pte_same(ptep_get(vmf->pte), entry))
		__shpte_fault_spurious(vmf);
}

/*
 * A private mapping of a file is about to get a page of its own, and its
 * anon_vma is published: leave the table that others have too.  mmap_lock or
 * vma lock held.
 */
static inline void shpte_cow(struct vm_fault *vmf)
{
	if (shpte_offers(vmf->vma))
		__shpte_cow(vmf);
}

/*
 * Before a table's entries are cut in [addr, end of table): true when this mm
 * owns the zap, the table was shared and the mm has left it, so that nothing
 * remains to be done.  No page table lock held.
 */
static inline bool shpte_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			     unsigned long addr, unsigned long end, struct zap_details *details)
{
	bool unmaps = details && (details->zap_flags & ZAP_FLAG_UNMAP);
	bool own = !details || unmaps;

	/*
	 * truncation and hole punching reach into other people's mms: they work
	 * in place
	 */
	if (!own || !shpte_possible(vma))
		return false;
	return __shpte_zap(tlb, vma, pmd, addr, end, !unmaps);
}

/*
 * PTE lock held from here on, or the pmd lock: the record of the table that *pmd
 * points to.  rmap walks come here for huge pages as well, whose pmd leads to
 * no table.
 */
static inline struct shpte *shpte_of_pmd(pmd_t *pmd)
{
	VM_WARN_ON_ONCE(pmd_none(*pmd));
	return pmd_leaf(*pmd) ? NULL : shpte_of(pmd_pgtable(*pmd));
}

/*
 * After entries were cut, rss[] counts them: true when the table's sharers were
 * charged and flushed.
 */
static inline bool shpte_zapped(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
				int *rss)
{
	struct shpte *s = shpte_shares(vma) ? shpte_of_pmd(pmd) : NULL;

	return s && __shpte_zapped(tlb, s, rss);
}

/*
 * Instead of add_mm_counter() where a page is entered into or taken out of a
 * table by who is no fault.
 */
static inline void shpte_add_rss(struct vm_area_struct *vma, pmd_t *pmd, int member, long n)
{
	struct shpte *s = shpte_shares(vma) ? shpte_of_pmd(pmd) : NULL;

	if (s)
		__shpte_add_rss(vma->vm_mm, s, member, n);
	else
		add_mm_counter(vma->vm_mm, member, n);
}

/*
 * The record of the table whose lock a fault holds, vmf->ptl.  Where the lock is in
 * the table's descriptor it leads there at once, of whatever vma: for what each
 * fault does.
 */
static inline struct shpte *shpte_of_fault(struct vm_fault *vmf)
{
#if defined(CONFIG_SPLIT_PTE_PTLOCKS) && !ALLOC_SPLIT_PTLOCKS
	return (struct shpte *)READ_ONCE(container_of(vmf->ptl, struct ptdesc, ptl)->pt_index);
#else
	return shpte_shares(vmf->vma) ? shpte_of(pmd_pgtable(*vmf->pmd)) : NULL;
#endif
}

/* Instead of add_mm_counter() where a fault enters pages.  PTE lock held, vmf->ptl. */
static inline void shpte_fault_rss(struct vm_fault *vmf, int member, long n)
{
	struct shpte *s = shpte_of_fault(vmf);

	if (s)
		__shpte_add_rss(vmf->vma->vm_mm, s, member, n);
	else
		add_mm_counter(vmf->vma->vm_mm, member, n);
}

/*
 * Reclaim took nr anonymous pages out of a table, swapped out or given up, and
 * charged the vma's mm: charge the other sharers.
 */
static inline void shpte_unmapped_anon(struct vm_area_struct *vma, pmd_t *pmd,
				       struct folio *folio, long nr)
{
	struct shpte *s = shpte_forks(vma) ? shpte_of_pmd(pmd) : NULL;

	if (!s)
		return;
	add_mm_counter(vma->vm_mm, MM_ANONPAGES, nr);
	__shpte_add_rss(vma->vm_mm, s, MM_ANONPAGES, -nr);
	if (!folio_test_swapbacked(folio))
		return;
	add_mm_counter(vma->vm_mm, MM_SWAPENTS, -nr);
	__shpte_add_rss(vma->vm_mm, s, MM_SWAPENTS, nr);
}

/*
 * An entry was cleared or lost rights: no TLB of any sharer may keep it when
 * the PTE lock is dropped.
 */
static inline void shpte_flush_page(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	struct shpte *s = shpte_shares(vma) ? shpte_of_pmd(pmd) : NULL;

	if (s)
		__shpte_flush_page(s, addr);
}

/*
 * The same of nr entries for reclaim and migration, which put the flush off if
 * `batch`: `defer` enters an mm into theirs.
 */
static inline void shpte_flush_cleared(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
				       unsigned long nr, pte_t entry, bool batch,
				       shpte_defer_fn *defer)
{
	struct shpte *s = shpte_shares(vma) ? shpte_of_pmd(pmd) : NULL;

	if (s)
		__shpte_flush_cleared(s, addr, nr, entry, batch ? defer : NULL);
}

/* An rmap walk meets a shared entry once a sharer; true for one of them. */
static inline bool shpte_is_first(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	struct shpte *s = shpte_shares(vma) ? shpte_of_pmd(pmd) : NULL;

	return !s || __shpte_is_first(s, vma->vm_mm, addr);
}

/*
 * ptl was taken for the table that *pmd held before: true when the mm has left
 * that table since.
 */
static inline bool shpte_pmd_moved(struct vm_area_struct *vma, pmd_t *pmd, spinlock_t *ptl)
{
	return shpte_shares(vma) && __shpte_pmd_moved(pmd, ptl);
}

/*
 * khugepaged has put a huge page in the place of the small ones and is about to
 * take the emptied table from a vma: true when that is done, or can't be.  pmd
 * lock and i_mmap_rwsem held.
 */
static inline bool shpte_retract(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	return shpte_maps_file(vma) && __shpte_retract(vma, pmd, addr);
}

/*
 * A huge page comes in the place of a table of its own mm: leave the table (ptl
 * NULL), and later, *ptl held: is it shared all the same, or there no more?
 */
static inline bool shpte_collapse(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
				  spinlock_t *ptl)
{
	return shpte_maps_file(vma) && __shpte_collapse(vma, addr, pmd, ptl);
}

/* Somebody has this table, or may get it any moment.  PTE lock held. */
static inline bool shpte_live(struct vm_area_struct *vma, pmd_t *pmd)
{
	return shpte_shares(vma) && __shpte_live(pmd);
}

/* The same where a kernel takes tables that it emptied away at once. */
static inline bool shpte_offered(pmd_t *pmd)
{
	return __shpte_live(pmd);
}

/*
 * In how many more mms than this one, or more places, an entry of the table is
 * mapped.  PTE lock held.
 */
static inline int shpte_others(struct vm_area_struct *vma, pmd_t *pmd)
{
	return shpte_shares(vma) ? __shpte_others(pmd) : 0;
}

/*
 * A process is about to move the pages of a table to another node: true when
 * others have them, by the same table, and it may not move theirs.  Their mapcount
 * does not say so.  PTE lock held.
 */
static inline bool shpte_stays(struct vm_area_struct *vma, pmd_t *pmd, bool all)
{
	return !all && shpte_others(vma, pmd);
}

/* The same of the table at addr, where its pmd is not at hand. */
static inline bool shpte_stays_at(struct vm_area_struct *vma, unsigned long addr, bool all)
{
	return !all && shpte_shares(vma) && __shpte_others_at(vma->vm_mm, addr);
}

/*
 * Leave every shared table that overlaps [start, end).  mmap_lock held, read is
 * enough, or the vma lock.  0; -ENOMEM: one is shared still, which can be with
 * anonymous memory only.
 */
static inline int shpte_leave_range(struct vm_area_struct *vma, unsigned long start,
				    unsigned long end, enum shpte_cause cause)
{
	if (shpte_forks(vma))
		return __shpte_unshare_range(vma, start, end, cause);
	if (shpte_offers(vma))
		__shpte_leave_range(vma, start, end, cause);
	return 0;
}

/*
 * swapoff of a device has come to the table in *pmd: true when others have the
 * table by a fork, and nothing of it, in [addr, end), is on that device.  Later
 * there may be, of pages that had a place there before: it comes again for those.
 * mmap_lock held, read is enough.
 */
static inline bool shpte_none_in_swap(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
				      unsigned long end, unsigned int type)
{
	return shpte_forks(vma) && __shpte_none_in_swap(vma, pmd, addr, end, type);
}

/*
 * [start, end) of the vma is about to get these flags, and may be split or
 * merged.  mmap_lock held for writing.  0 or -ENOMEM, as above.
 */
static inline int shpte_modify(struct vm_area_struct *vma, unsigned long start,
			       unsigned long end, unsigned long flags)
{
	return shpte_possible(vma) ? __shpte_modify(vma, start, end, flags) : 0;
}

/*
 * The vma's soft-dirty bits are about to be cleared.  mmap_lock held for writing.
 * 0 or -ENOMEM, as above.
 */
static inline int shpte_untrack(struct vm_area_struct *vma)
{
	return shpte_possible(vma) ? __shpte_untrack(vma) : 0;
}

/*
 * The vma is about to get these bounds, arguments as vma_adjust_trans_huge().
 * Cannot fail.
 */
static inline void shpte_adjust(struct vm_area_struct *vma, unsigned long start,
				unsigned long end, long adjust_next)
{
	/* anonymous memory: shpte_cut() and shpte_modify() came before */
	if (shpte_offers(vma))
		__shpte_adjust(vma, start, end, adjust_next);
}

/*
 * A place for a new mapping was found at addr: move it to where its tables can
 * be shared.
 */
static inline unsigned long shpte_align_area(struct file *file, unsigned long hint,
					     unsigned long addr, unsigned long len,
					     unsigned long pgoff, unsigned long flags)
{
	if (hint || !(flags & MAP_SHARED) || (flags & MAP_FIXED) || len < PMD_SIZE)
		return addr;
	return __shpte_align_area(file, addr, len, pgoff, flags);
}

#else /* !CONFIG_SHPTE */

static inline void shpte_table_init(pgtable_t table) { }

static inline int shpte_fault(struct vm_fault *vmf)
{
	return 0;
}

static inline bool shpte_fork(struct vm_area_struct *child, struct vm_area_struct *parent,
			      pmd_t *to, pmd_t *from, unsigned long addr, unsigned long end)
{
	return false;
}

static inline bool shpte_unpinnable(pmd_t pmd)
{
	return false;
}

static inline bool shpte_unpinnable_fast(pmd_t pmd, bool pins)
{
	return false;
}

static inline bool shpte_pmd_changed(pmd_t pmd, pmd_t *pmdp)
{
	return pmd_val(pmd) != pmd_val(pmdp_get_lockless(pmdp));
}

static inline int shpte_cut(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			    enum shpte_cause cause)
{
	return 0;
}

static inline int shpte_unshare_mm(struct mm_struct *mm, enum shpte_cause cause)
{
	return 0;
}

static inline void shpte_cow(struct vm_fault *vmf) { }
static inline void shpte_fault_window(struct vm_fault *vmf) { }
static inline void shpte_fault_spurious(struct vm_fault *vmf, pte_t entry) { }

static inline bool shpte_fault_moved(struct vm_fault *vmf)
{
	return false;
}

static inline bool shpte_fault_left(struct vm_fault *vmf)
{
	return false;
}

static inline bool shpte_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
			     unsigned long addr, unsigned long end, struct zap_details *details)
{
	return false;
}

static inline bool shpte_zapped(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
				int *rss)
{
	return false;
}

static inline bool shpte_free(struct mmu_gather *tlb, pgtable_t table)
{
	return false;
}

static inline bool shpte_free_defer(pgtable_t table)
{
	return false;
}

static inline bool shpte_retract(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	return false;
}

static inline bool shpte_collapse(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd,
				  spinlock_t *ptl)
{
	return false;
}

static inline bool shpte_live(struct vm_area_struct *vma, pmd_t *pmd)
{
	return false;
}

static inline bool shpte_offered(pmd_t *pmd)
{
	return false;
}

static inline int shpte_others(struct vm_area_struct *vma, pmd_t *pmd)
{
	return 0;
}

static inline bool shpte_stays(struct vm_area_struct *vma, pmd_t *pmd, bool all)
{
	return false;
}

static inline bool shpte_stays_at(struct vm_area_struct *vma, unsigned long addr, bool all)
{
	return false;
}

static inline void shpte_leave_mm(struct mm_struct *mm, enum shpte_cause cause) { }

static inline void shpte_add_rss(struct vm_area_struct *vma, pmd_t *pmd, int member, long n)
{
	add_mm_counter(vma->vm_mm, member, n);
}

static inline void shpte_fault_rss(struct vm_fault *vmf, int member, long n)
{
	add_mm_counter(vmf->vma->vm_mm, member, n);
}

static inline void shpte_unmapped_anon(struct vm_area_struct *vma, pmd_t *pmd,
				       struct folio *folio, long nr) { }
static inline void shpte_flush_page(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr) { }

static inline void shpte_flush_cleared(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
				       unsigned long nr, pte_t entry, bool batch,
				       shpte_defer_fn *defer) { }

static inline bool shpte_is_first(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	return true;
}

static inline bool shpte_pmd_moved(struct vm_area_struct *vma, pmd_t *pmd, spinlock_t *ptl)
{
	return false;
}

static inline int shpte_leave_range(struct vm_area_struct *vma, unsigned long start,
				    unsigned long end, enum shpte_cause cause)
{
	return 0;
}

static inline bool shpte_none_in_swap(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
				      unsigned long end, unsigned int type)
{
	return false;
}

static inline int shpte_modify(struct vm_area_struct *vma, unsigned long start,
			       unsigned long end, unsigned long flags)
{
	return 0;
}

static inline int shpte_untrack(struct vm_area_struct *vma)
{
	return 0;
}

static inline void shpte_adjust(struct vm_area_struct *vma, unsigned long start,
				unsigned long end, long adjust_next) { }

static inline unsigned long shpte_align_area(struct file *file, unsigned long hint,
					     unsigned long addr, unsigned long len,
					     unsigned long pgoff, unsigned long flags)
{
	return addr;
}

#endif /* CONFIG_SHPTE */

#ifdef CONFIG_SHPTE_FORK_LAZY
void shpte_settle_mm(struct mm_struct *mm);
#else
static inline void shpte_settle_mm(struct mm_struct *mm) { }
#endif

#endif /* _LINUX_SHPTE_H */
