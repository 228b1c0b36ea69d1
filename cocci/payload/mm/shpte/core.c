// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages
 *
 * A thousand processes that map one segment have a thousand equal copies of
 * its pte pages.  Here they have one: at fault time, when a vma is a shared
 * mapping of a file, or a private one that is read-only, and covers a whole pte
 * page, the fault looks for a pte page of the same place of the same file with
 * the same rights and points its own pmd at it.  Whatever would make one
 * sharer's entries differ from the others' leaves the table first; its pages
 * come back by faults.  Better safe than sorry: where it is not certain that
 * sharing is right, there is none.
 *
 * Rules
 *
 * R1 Only an mm's own operations change its pmd, and they hold its mmap_lock
 *    (read or write) or the lock of the vma.  Reclaim, truncation and the rmap
 *    walks never detach anybody; they work on the entries in place.  The one
 *    exception is khugepaged's: it takes emptied tables from the vmas that map
 *    a huge page's place, with i_mmap_rwsem, pmd lock and PTE lock held.
 * R2 "Shared?" is asked under the table's PTE lock.  Joining and leaving
 *    happen under it as well.  Who finds a table before he has that lock (rmap
 *    walks, faults) looks at the pmd again when he has it: the mm may have left,
 *    and the table be another one's own, with other rights.
 * R3 An entry that is cleared or loses rights in a shared table is flushed
 *    from the TLB of every sharer before the PTE lock is dropped, or, where
 *    reclaim batches its flushes, entered into the batch for every sharer.  A
 *    sharer on the list cannot go away meanwhile: it needs that lock to leave.
 *    A fault that gives rights flushes its own mm's alone; the next sharer whose
 *    TLB still has the entry of before faults, finds nothing to do, and flushes.
 * R4 Leaving: clear the pmd, flush the mm's TLB and walk caches, and only then
 *    leave the list.
 * R5 What cannot be done to all sharers alike (bounds of the vma, its flags
 *    and protection, mremap) leaves first.  A table with one sharer is retired
 *    instead: nobody may join it any more.
 * R6 A shared table has no anonymous page.  Who is about to put one into a
 *    private mapping publishes the vma's anon_vma first, and then, under the pmd
 *    lock, leaves the table; who founds or joins one looks for the anon_vma
 *    under the pmd lock.  So no vma with an anon_vma joins, and one that had
 *    joined before leaves each table before its first page goes in.
 * R7 An mm with an MMU notifier shares nothing: whoever mirrors its tables has
 *    to be told of each entry, and a shared entry is cut on behalf of one mm.
 * R8 Nobody joins a table while a walk through the file's mappings is under way.
 * R9 A mapping does not lose a huge page to a table: where one is, or can be,
 *    in the file, there is no sharing.
 *
 * Which tables there are, and who has them, is kept in mm/shpte/registry.c.
 * Tables of anonymous memory are shared by fork, copy-on-write: their rules, and
 * what is different for them, stand at the head of mm/shpte/fork.c.
 *
 * So all sharers of a table have, as long as they are on its list, the same
 * file, offset, flags and protection for the whole of it, and an entry that is
 * right for one is right for all.
 *
 * Lock order (in the manner of mm/rmap.c)
 *
 * mm->mmap_lock or vma lock
 *   mapping->i_mmap_rwsem	to join, for writing; callers may hold it as well
 *				(vma_prepare(), truncation, rmap, khugepaged)
 *     pmd lock		of the mm whose pmd changes
 *       PTE lock	of the table; one lock for all sharers, which is what
 *			SPLIT_PTE_PTLOCKS gives; nested class of the pmd lock
 *         PTE lock	of the copy that takes its place, which nobody else has yet
 *         shpte_area.lock
 *           (IPIs of the TLB flush; interrupts are on)
 *         shpte_hash_lock
 *
 * Which lock protects what
 *
 * ptdesc->pt_index	NULL, or the record that the table was founded with.  A
 *			fork sets it with the table's PTE lock held; it stays
 *			for the table's life
 * shpte.nr, .live, .rss, .writable, .uncounted, .owing
 *			the table's PTE lock
 * shpte.area, .index	the same; the area is there only as long as the table
 *			is live
 * shpte.table, .cow	constant
 * shpte_sharer.tables, .owes
 *			a table's bit: that table's PTE lock and shpte_area.lock
 * shpte_area.sharers	shpte_area.lock
 * shpte_area.node, .tables, .nr
 *			shpte_hash_lock; readers are under RCU
 * shpte_area.key, shpte_sharer.mm, .addr
 *			constant
 */
#include <linux/cacheinfo.h>
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>

#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

#include "../internal.h"
#include "shpte.h"

struct kmem_cache *shpte_cache, *shpte_sharer_cache, *shpte_area_cache;
bool shpte_enabled __read_mostly;	/* false until shpte_init() */
static bool shpte_wanted __initdata = true;

DEFINE_PER_CPU(long [NR_SHPTE_EVENTS], shpte_events);

static bool shpte_refuse(enum shpte_event why)
{
	shpte_count(why);
	return false;
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
/* Would a fault at a place of the file where no page is bring a huge one? */
static bool shpte_brings_huge(struct vm_area_struct *vma, pgoff_t pgoff)
{
	struct address_space *mapping = vma->vm_file->f_mapping;

	if (shmem_mapping(mapping))
		return shmem_allowable_huge_orders(mapping->host, vma, pgoff, 0, false) &
		       BIT(PMD_ORDER);
	return (vma->vm_flags & VM_HUGEPAGE) && mapping_large_folio_support(mapping);
}

/*
 * Would the fault map a huge page if there were no table?  A mapping shall not
 * lose its huge page to a table, shared or not; a wrong answer costs just that.
 */
static bool shpte_wants_huge(struct vm_area_struct *vma, unsigned long base)
{
	pgoff_t pgoff = linear_page_index(vma, base);
	struct folio *folio;
	bool huge;

	if (!thp_vma_suitable_order(vma, base, PMD_ORDER) ||
	    vma_thp_disabled(vma, vma->vm_flags))
		return false;
	folio = filemap_get_folio(vma->vm_file->f_mapping, pgoff);
	if (IS_ERR(folio))
		return shpte_brings_huge(vma, pgoff);
	huge = folio_test_pmd_mappable(folio);
	folio_put(folio);
	return huge;
}
#else
static bool shpte_wants_huge(struct vm_area_struct *vma, unsigned long base)
{
	return false;
}
#endif

/*
 * Do the vma's faults bring the pages of the inode's cache, whoever opened the
 * file?  Who maps around a fault does; SysV's shared memory is tmpfs without that.
 */
static bool shpte_maps_cache(struct vm_area_struct *vma)
{
	const struct vm_operations_struct *ops = vma->vm_ops;

	return ops && ops->fault && (ops->map_pages || shmem_mapping(vma->vm_file->f_mapping));
}

/*
 * Is it the same, whoever of those who have the file open writes to a page?  Where
 * a server has the file, page_mkwrite() may note by whom, for the page to be
 * written back in his name; and one writer's entry would be the others'.
 */
static bool shpte_writes_alike(struct vm_area_struct *vma)
{
	const struct vm_operations_struct *ops = vma->vm_ops;

	return !(vma->vm_flags & VM_SHARED) || !ops->page_mkwrite ||
	       ops->page_mkwrite == filemap_page_mkwrite ||
	       (file_inode(vma->vm_file)->i_sb->s_type->fs_flags & FS_REQUIRES_DEV);
}

/*
 * May the pte page that this fault needs be shared?  Says in the wish which one
 * it is.  mmap_lock or vma lock of the vma held, so that its bounds and flags
 * stand still.
 */
static bool shpte_eligible(struct vm_fault *vmf, struct shpte_wish *wish)
{
	const unsigned long no = VM_LOCKED | VM_LOCKONFAULT | VM_PFNMAP | VM_MIXEDMAP | VM_IO |
				 VM_GROWSDOWN | VM_HUGETLB | VM_MERGEABLE | __VM_UFFD_FLAGS;
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	unsigned long base = vmf->address & PMD_MASK;
	pgoff_t pgoff = linear_page_index(vma, base);

	if (base < vma->vm_start || vma->vm_end - base < PMD_SIZE)
		return shpte_refuse(SHPTE_REFUSE_SPAN);
	if ((vma->vm_flags & no) || shpte_tracked(vma))
		return shpte_refuse(SHPTE_REFUSE_FLAGS);
	/* the others of a shared mapping are VM_MAYSHARE if opened read-only, too */
	if (vma->anon_vma || (!(vma->vm_flags & VM_MAYSHARE) &&
			      (vmf->flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE))))
		return shpte_refuse(SHPTE_REFUSE_COW);
	if (mm_has_notifiers(vma->vm_mm))
		return shpte_refuse(SHPTE_REFUSE_NOTIFIER);
	if (!S_ISREG(mapping->host->i_mode) || vma_is_dax(vma) || !shpte_maps_cache(vma) ||
	    !shpte_writes_alike(vma))
		return shpte_refuse(SHPTE_REFUSE_FILE);
	if (shpte_wants_huge(vma, base))
		return shpte_refuse(SHPTE_REFUSE_HUGE);
	wish->index = pgoff / PTRS_PER_PTE % SHPTE_AREA_TABLES;
	wish->key = (struct shpte_key){
		.mapping = mapping,
		.pgoff = pgoff - wish->index * PTRS_PER_PTE,
		.flags = vma->vm_flags,
		.prot = vma->vm_page_prot,
		.ops = vma->vm_ops,
	};
	return true;
}

/*
 * Puts the table into the mm's empty pmd and the mm on the table's list.  pmd
 * lock and the table's PTE lock held.
 */
static void shpte_attach(struct shpte *s, struct vm_fault *vmf, struct shpte_wish *wish)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	shpte_add_sharer(s, mm, vmf->address, &wish->sharer, false);
	shpte_charge(s, mm, 1);
	mm_inc_nr_ptes(mm);
	smp_wmb(); /* record and table before the pmd, see pmd_install() */
	pmd_populate(mm, vmf->pmd, s->table);
}

/* May this fault still share?  pmd lock held; for the second see R6. */
static bool shpte_may_attach(struct vm_fault *vmf)
{
	return pmd_none(*vmf->pmd) && !vmf->vma->anon_vma;
}

/*
 * Does an entry say that its page is broken?  That is for those who had the page:
 * whoever comes later may find a good one in the file.  PTE lock held.
 */
static bool shpte_is_poisoned(struct shpte *s)
{
	bool found = false;
	pte_t *pte;
	int i;

	if (!IS_ENABLED(CONFIG_MEMORY_FAILURE) || likely(!atomic_long_read(&num_poisoned_pages)))
		return false;
	pte = kmap_local_page(s->table);
	for (i = 0; i < PTRS_PER_PTE && !found; i++) {
		pte_t entry = ptep_get(pte + i);

		found = is_swap_pte(entry) && is_hwpoison_entry(pte_to_swp_entry(entry));
	}
	kunmap_local(pte);
	return found;
}

/*
 * Attaches to the table of a live record, if there is one.  PTE lock not held,
 * i_mmap_rwsem held for writing.
 */
static bool shpte_join_locked(struct vm_fault *vmf, struct shpte_wish *wish)
{
	bool joined = false;
	spinlock_t *pml;
	struct shpte *s;

	rcu_read_lock();
	s = shpte_find(wish);
	if (s) {
		shpte_window();
		pml = pmd_lock(vmf->vma->vm_mm, vmf->pmd);
		spin_lock_nested(shpte_ptl(s->table), SINGLE_DEPTH_NESTING);
		joined = s->live && shpte_may_attach(vmf) && !shpte_is_poisoned(s);
		if (joined)
			shpte_attach(s, vmf, wish);
		spin_unlock(shpte_ptl(s->table));
		spin_unlock(pml);
	}
	rcu_read_unlock();
	return joined;
}

/*
 * Joins the table that is wished for, if there is one.  mmap_lock or vma lock
 * held.
 *
 * An rmap walk, or a truncation, visits the mappings of the file one after the
 * other.  If one that was visited already, and had no table, joined a table
 * that waits to be visited through its only sharer, and that one left, the
 * entries there would be missed: R8.  Walks hold i_mmap_rwsem for reading.
 */
static bool shpte_join(struct vm_fault *vmf, struct shpte_wish *wish)
{
	bool joined;

	rcu_read_lock();
	joined = shpte_find(wish);
	rcu_read_unlock();
	if (!joined)
		return false;
	i_mmap_lock_write(wish->key.mapping);
	joined = shpte_join_locked(vmf, wish);
	i_mmap_unlock_write(wish->key.mapping);
	if (joined)
		shpte_count(SHPTE_ATTACHES);
	return joined;
}

/*
 * Brings what founding a table takes: a record with a table of its own, which is
 * empty and in no pmd, and an area in case there is none.  False: no memory.
 */
static bool shpte_bring(struct shpte_wish *wish, struct mm_struct *mm)
{
	struct shpte_area *area = shpte_new_area();
	struct shpte *s = kmem_cache_zalloc(shpte_cache, GFP_KERNEL);

	if (s)
		s->table = pte_alloc_one(mm);
	if (!area || !s || !s->table) {
		if (s && s->table)
			pte_free(mm, s->table);
		shpte_drop(shpte_cache, s);
		shpte_drop(shpte_area_cache, area);
		return false;
	}
	WRITE_ONCE(page_ptdesc(s->table)->pt_index, (unsigned long)s);
	wish->area = area;
	wish->record = s;
	return true;
}

/*
 * Nobody has a table for this place: offers the new one and attaches to it.
 * True when that is done.  mmap_lock or vma lock held.
 */
static bool shpte_found(struct vm_fault *vmf, struct shpte_wish *wish)
{
	struct shpte *s = wish->record;
	spinlock_t *pml, *ptl = shpte_ptl(s->table);
	bool used;

	shpte_window();
	pml = pmd_lock(vmf->vma->vm_mm, vmf->pmd);
	spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	/* who finds it from here on waits for the lock to look at ->live */
	used = shpte_may_attach(vmf) && shpte_publish(wish);
	if (used) {
		WRITE_ONCE(s->live, true);
		shpte_attach(s, vmf, wish);
	}
	spin_unlock(ptl);
	spin_unlock(pml);
	if (used)
		shpte_count(SHPTE_RECORDS);
	else
		pte_free(vmf->vma->vm_mm, s->table);
	shpte_drop(shpte_cache, used ? NULL : s);
	shpte_drop(shpte_area_cache, wish->area);
	return used;
}

static void shpte_join_or_found(struct vm_fault *vmf, struct shpte_wish *wish)
{
	if (shpte_join(vmf, wish))
		return;
	if (!shpte_bring(wish, vmf->vma->vm_mm))
		shpte_refuse(SHPTE_REFUSE_NOMEM);
	/* somebody was quicker: a thread of ours, or another mm that we can join now */
	else if (!shpte_found(vmf, wish) && !shpte_join(vmf, wish))
		shpte_refuse(SHPTE_REFUSE_BUSY);
}

/*
 * The pmd was none.  Whatever happens here, the fault goes on as it would have:
 * with a table in the pmd or without.  mmap_lock or vma lock held; sleeps.
 */
void __shpte_fault(struct vm_fault *vmf)
{
	struct shpte_wish wish;

	/* pairs with the release in shpte_init(): the caches are there */
	if (!smp_load_acquire(&shpte_enabled) || !shpte_eligible(vmf, &wish))
		return;
	wish.sharer = kmem_cache_alloc(shpte_sharer_cache, GFP_KERNEL);
	if (wish.sharer)
		shpte_join_or_found(vmf, &wish);
	else
		shpte_refuse(SHPTE_REFUSE_NOMEM);
	shpte_drop(shpte_sharer_cache, wish.sharer);
}

/* PTE lock held, or the entry was read before: shpte_fault_left(). */
bool __shpte_fault_moved(struct vm_fault *vmf)
{
	if (likely(!__shpte_pmd_moved(vmf->pmd, vmf->ptl)))
		return false;
	shpte_count(SHPTE_FAULT_MOVED);
	return true;
}

/* PTE lock held, of the table in *vmf->pmd. */
void __shpte_fault_spurious(struct vm_fault *vmf)
{
	/* a table that we have alone by now may have been shared when it changed */
	if (!shpte_of_pmd(vmf->pmd))
		return;
	flush_tlb_page(vmf->vma, vmf->address);
	shpte_count(SHPTE_FAULT_SPURIOUS);
}

/* Where a mapping is put */

/*
 * Two processes can share a table when address and file offset agree modulo its
 * span.  The kernel chose addr; look for a place where they do, as
 * thp_get_unmapped_area() does.  Returns addr when there is none.
 */
unsigned long __shpte_align_area(struct file *file, unsigned long addr, unsigned long len,
				 unsigned long pgoff, unsigned long flags)
{
	unsigned long want = (pgoff << PAGE_SHIFT) & ~PMD_MASK;
	unsigned long padded = len + PMD_SIZE - PAGE_SIZE, area;

	if (!READ_ONCE(shpte_enabled) || IS_ERR_VALUE(addr) || padded < len ||
	    (addr & ~PMD_MASK) == want)
		return addr;
	if (file && (!S_ISREG(file_inode(file)->i_mode) || is_file_hugepages(file)))
		return addr;
	area = mm_get_unmapped_area(current->mm, file, 0, padded, pgoff, flags);
	if (IS_ERR_VALUE(area))
		return addr;
	return area + ((want - area) & ~PMD_MASK);
}

/* The start */

/* shpte=off on the command line */
static int __init shpte_setup(char *arg)
{
	return kstrtobool(arg, &shpte_wanted);
}
early_param("shpte", shpte_setup);

static int __init shpte_init(void)
{
	shpte_cache = KMEM_CACHE(shpte, SLAB_PANIC | SLAB_ACCOUNT);
	shpte_sharer_cache = KMEM_CACHE(shpte_sharer, SLAB_PANIC | SLAB_ACCOUNT);
	shpte_area_cache = KMEM_CACHE(shpte_area, SLAB_PANIC | SLAB_ACCOUNT);
	if (shpte_wanted && cpu_dcache_is_aliasing()) {
		pr_info("shpte: off, the data caches of this CPU alias\n");
		shpte_wanted = false;
	}
	/* faults look at it from now on: see __shpte_fault() */
	smp_store_release(&shpte_enabled, shpte_wanted);
	return 0;
}
subsys_initcall(shpte_init);
