// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages
 *
 * A thousand processes that map one segment have a thousand equal copies of
 * its pte pages.  Here they have one: at fault time, when a vma is a shared
 * mapping of a file and covers a whole pte page, the fault looks for a pte
 * page of the same place of the same file with the same rights and points its
 * own pmd at it.  Whatever would make one sharer's entries differ from the
 * others' leaves the table first; its pages come back by faults.  Better safe
 * than sorry: where it is not certain that sharing is right, there is none.
 *
 * Rules
 *
 * R1 Only an mm's own operations change its pmd, and they hold its mmap_lock
 *    (read or write).  Reclaim, truncation and the rmap walks never detach
 *    anybody; they work on the entries in place.
 * R2 "Shared?" is asked under the table's PTE lock.  Joining and leaving
 *    happen under it as well.
 * R3 An entry that is cleared or loses rights in a shared table is flushed
 *    from the TLB of every sharer before the PTE lock is dropped.  A sharer on
 *    the list cannot go away meanwhile: it needs that lock to leave.
 * R4 Leaving: clear the pmd, flush the mm's TLB and walk caches, and only then
 *    leave the list.
 * R5 What cannot be done to all sharers alike (bounds of the vma, its flags
 *    and protection, mremap) leaves first.  A table with one sharer is retired
 *    instead: nobody may join it any more.
 *
 * So all sharers of a table have, as long as they are on its list, the same
 * file, offset, flags and protection for the whole of it, and an entry that is
 * right for one is right for all.
 *
 * Lock order (in the manner of mm/rmap.c)
 *
 * mm->mmap_lock or vma lock
 *   shpte_mutex[]	one faulter at a time founds or joins a place
 *     pmd lock		of the mm whose pmd changes
 *       PTE lock	of the table; one lock for all sharers, which is what
 *			SPLIT_PTE_PTLOCKS gives; nested class of the pmd lock
 *         shpte_hash_lock
 *         (IPIs of the TLB flush; interrupts are on)
 *
 * mapping->i_mmap_rwsem may be held around the pmd lock by callers
 * (vma_prepare(), truncation, rmap); nothing here takes it.
 *
 * Which lock protects what
 *
 * ptdesc->pt_index	the table's PTE lock; set to NULL in pmd_install(),
 *			before anybody can see the table
 * shpte.sharers, .nr, .live, .rss, and shpte_sharer
 *			the table's PTE lock
 * shpte.node		shpte_hash_lock; readers are under RCU
 * shpte.key, .table	constant
 *
 * A lookup finds a record under RCU and then takes its table's PTE lock;
 * therefore record and table are freed after a grace period.  The same grace
 * period covers a thread of a process that left a table by madvise() while
 * another of its threads was looking at it through pte_offset_map().
 */
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>

#include <asm/pgalloc.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>

#include "internal.h"
#include "shpte.h"

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

#define SHPTE_HASH_BITS		10
#define SHPTE_MUTEX_BITS	6

static struct hlist_head shpte_hash[1 << SHPTE_HASH_BITS];
static DEFINE_SPINLOCK(shpte_hash_lock);
static struct mutex shpte_mutex[1 << SHPTE_MUTEX_BITS];
static struct kmem_cache *shpte_cache, *shpte_sharer_cache;
bool shpte_enabled __read_mostly;	/* false until shpte_init() */
static bool shpte_wanted __initdata = true;

atomic_long_t shpte_events[NR_SHPTE_EVENTS];

static bool shpte_refuse(enum shpte_event why)
{
	shpte_count(why);
	return false;
}

/* The registry */

static u32 shpte_hash_of(const struct shpte_key *key, unsigned int bits)
{
	return hash_long((unsigned long)key->mapping ^ hash_long(key->pgoff, BITS_PER_LONG), bits);
}

static bool shpte_key_equal(const struct shpte_key *a, const struct shpte_key *b)
{
	return a->mapping == b->mapping && a->pgoff == b->pgoff && a->flags == b->flags &&
	       pgprot_val(a->prot) == pgprot_val(b->prot) && a->ops == b->ops;
}

/*
 * A live record with this key or NULL.  RCU read lock held; recheck ->live
 * under the table's PTE lock.
 */
static struct shpte *shpte_find(const struct shpte_key *key)
{
	struct shpte *s;

	hlist_for_each_entry_rcu(s, &shpte_hash[shpte_hash_of(key, SHPTE_HASH_BITS)], node)
		if (READ_ONCE(s->live) && shpte_key_equal(&s->key, key))
			return s;
	return NULL;
}

static spinlock_t *shpte_ptl(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

/* The joined table's PTE lock held. */
static void shpte_publish(struct shpte *s)
{
	lockdep_assert_held(shpte_ptl(s->table));
	s->live = true;
	WRITE_ONCE(page_ptdesc(s->table)->pt_index, (unsigned long)s);
	spin_lock(&shpte_hash_lock);
	hlist_add_head_rcu(&s->node, &shpte_hash[shpte_hash_of(&s->key, SHPTE_HASH_BITS)]);
	spin_unlock(&shpte_hash_lock);
}

/*
 * The last sharer keeps the table for itself: from here on it is an ordinary
 * one.  The record stays until the table is freed, so that a lookup that found
 * it can still take the lock.  Table's PTE lock held.
 */
static void shpte_retire(struct shpte *s)
{
	struct shpte_sharer *last = list_first_entry(&s->sharers, struct shpte_sharer, node);

	lockdep_assert_held(shpte_ptl(s->table));
	VM_WARN_ON_ONCE(s->nr != 1);
	WRITE_ONCE(s->live, false);
	spin_lock(&shpte_hash_lock);
	hlist_del_rcu(&s->node);
	spin_unlock(&shpte_hash_lock);
	list_del(&last->node);
	s->nr = 0;
	kmem_cache_free(shpte_sharer_cache, last);
	shpte_count(SHPTE_RETIRED);
}

/* Table's PTE lock held. */
static struct shpte_sharer *shpte_sharer_of(struct shpte *s, struct mm_struct *mm,
					    unsigned long addr)
{
	struct shpte_sharer *sharer;

	lockdep_assert_held(shpte_ptl(s->table));
	list_for_each_entry(sharer, &s->sharers, node)
		if (sharer->mm == mm && sharer->addr == addr)
			return sharer;
	return NULL;
}

/* Table's PTE lock held. */
static void shpte_list_add(struct shpte *s, struct shpte_sharer *sharer, struct mm_struct *mm,
			   unsigned long addr)
{
	sharer->mm = mm;
	sharer->addr = addr;
	list_add_tail(&sharer->node, &s->sharers);
	if (++s->nr == 2)
		shpte_count(SHPTE_TABLES_SHARED);
}

/* Table's PTE lock held.  The caller frees the sharer. */
static void shpte_list_del(struct shpte *s, struct shpte_sharer *sharer)
{
	list_del(&sharer->node);
	if (--s->nr == 1)
		atomic_long_dec(&shpte_events[SHPTE_TABLES_SHARED]);
}

/*
 * Adds n times what the table holds to the counters of one mm.  Table's PTE
 * lock held.
 */
static void shpte_charge(struct shpte *s, struct mm_struct *mm, int n)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (s->rss[i])
			add_mm_counter(mm, i, n * s->rss[i]);
}

/* Joining */

/*
 * May the pte page around addr in this vma be shared?  Fills the key.
 * mmap_lock or vma lock of the vma held, so that its bounds and flags stand
 * still.
 */
static bool shpte_eligible(struct vm_area_struct *vma, unsigned long addr, struct shpte_key *key)
{
	const unsigned long no = VM_LOCKED | VM_LOCKONFAULT | VM_PFNMAP | VM_MIXEDMAP | VM_IO |
				 VM_GROWSDOWN | VM_HUGETLB | VM_MERGEABLE | __VM_UFFD_FLAGS;
	struct address_space *mapping = vma->vm_file->f_mapping;
	unsigned long base = addr & PMD_MASK;

	/*
	 * VM_MAYSHARE without VM_SHARED is a shared mapping of a file that was
	 * opened read-only
	 */
	if ((vma->vm_flags & no) || is_cow_mapping(vma->vm_flags) || vma->anon_vma)
		return shpte_refuse(SHPTE_REFUSE_FLAGS);
	if (!S_ISREG(mapping->host->i_mode) || vma_is_dax(vma) || !vma->vm_ops || !vma->vm_ops->fault)
		return shpte_refuse(SHPTE_REFUSE_FILE);
	if (base < vma->vm_start || vma->vm_end - base < PMD_SIZE)
		return shpte_refuse(SHPTE_REFUSE_SPAN);
	key->mapping = mapping;
	key->pgoff = linear_page_index(vma, base);
	key->flags = vma->vm_flags;
	key->prot = vma->vm_page_prot;
	key->ops = vma->vm_ops;
	return true;
}

/*
 * Points the empty pmd at the table of a live record.  True when the sharer was
 * used.  The mmap_lock or vma lock and the place's shpte_mutex held.
 */
static bool shpte_join(struct vm_fault *vmf, const struct shpte_key *key,
		       struct shpte_sharer *sharer)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	spinlock_t *pml, *ptl;
	bool joined = false;
	struct shpte *s;

	rcu_read_lock();
	s = shpte_find(key);
	if (!s)
		goto out;
	pml = pmd_lock(mm, vmf->pmd);
	if (!pmd_none(*vmf->pmd))
		goto unlock;
	ptl = shpte_ptl(s->table);
	spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	if (s->live) {
		shpte_list_add(s, sharer, mm, vmf->address & PMD_MASK);
		shpte_charge(s, mm, 1);
		mm_inc_nr_ptes(mm);
		smp_wmb(); /* the list before the pmd, see pmd_install() */
		pmd_populate(mm, vmf->pmd, s->table);
		shpte_count(SHPTE_ATTACHES);
		joined = true;
	}
	spin_unlock(ptl);
unlock:
	spin_unlock(pml);
out:
	rcu_read_unlock();
	return joined;
}

/* All entries none?  PTE lock held. */
static bool shpte_table_empty(pte_t *pte)
{
	int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		if (!pte_none(ptep_get(pte + i)))
			return false;
	return true;
}

/*
 * Nobody has a table for this place: gives the pmd an empty one and offers it.
 * True when the sharer was used.  Locks as shpte_join().
 */
static bool shpte_found(struct vm_fault *vmf, const struct shpte_key *key,
			struct shpte_sharer *sharer)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	unsigned long base = vmf->address & PMD_MASK;
	struct shpte *s;
	spinlock_t *ptl;
	pte_t *pte;
	bool used = false;

	s = kmem_cache_zalloc(shpte_cache, GFP_KERNEL);
	if (!s)
		return shpte_refuse(SHPTE_REFUSE_NOMEM);
	if (pte_alloc(mm, vmf->pmd)) {
		shpte_refuse(SHPTE_REFUSE_NOMEM);
		goto free;
	}
	pte = pte_offset_map_lock(mm, vmf->pmd, base, &ptl);
	if (!pte)
		goto free;
	s->key = *key;
	s->table = pmd_pgtable(*vmf->pmd);
	INIT_LIST_HEAD(&s->sharers);
	/* entries that the record did not see would be charged to nobody */
	if (!shpte_of(s->table) && shpte_table_empty(pte)) {
		shpte_list_add(s, sharer, mm, base);
		shpte_publish(s);
		used = true;
	}
	pte_unmap_unlock(pte, ptl);
	if (used)
		return true;
	shpte_refuse(SHPTE_REFUSE_BUSY);
free:
	kmem_cache_free(shpte_cache, s);
	return false;
}

/*
 * The pmd was none.  Whatever happens here, the fault goes on as it would have:
 * with a table in the pmd or without.  mmap_lock or vma lock held; sleeps.
 */
void __shpte_fault(struct vm_fault *vmf)
{
	struct shpte_sharer *sharer;
	struct shpte_key key;
	struct mutex *mutex;

	if (!smp_load_acquire(&shpte_enabled) || !shpte_eligible(vmf->vma, vmf->address, &key))
		return;
	sharer = kmem_cache_alloc(shpte_sharer_cache, GFP_KERNEL);
	if (!sharer) {
		shpte_refuse(SHPTE_REFUSE_NOMEM);
		return;
	}
	mutex = &shpte_mutex[shpte_hash_of(&key, SHPTE_MUTEX_BITS)];
	mutex_lock(mutex);
	/* another thread of ours may have been here */
	if (!pmd_none(*vmf->pmd) ||
	    (!shpte_join(vmf, &key, sharer) && !shpte_found(vmf, &key, sharer)))
		kmem_cache_free(shpte_sharer_cache, sharer);
	mutex_unlock(mutex);
}

/* Leaving */

#ifdef CONFIG_DEBUG_VM
/* Does the table hold what its sharers were charged for?  PTE lock held. */
static void shpte_check_rss(struct shpte *s, pmd_t *pmd, unsigned long base)
{
	int i, charged = 0, present = 0;
	pte_t *pte = pte_offset_map(pmd, base);

	if (WARN_ON_ONCE(!pte))
		return;
	for (i = 0; i < PTRS_PER_PTE; i++) {
		pte_t entry = ptep_get(pte + i);

		if (pte_present(entry) || (is_swap_pte(entry) && is_migration_entry(pte_to_swp_entry(entry))))
			present++;
	}
	pte_unmap(pte);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		charged += s->rss[i];
	WARN_ONCE(charged != present, "shpte: %d pages charged, %d present", charged, present);
}
#else
static inline void shpte_check_rss(struct shpte *s, pmd_t *pmd, unsigned long base) { }
#endif

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

/*
 * R4.  pmd lock and the table's PTE lock held.  Returns the sharer for the
 * caller to free.
 */
static struct shpte_sharer *shpte_detach(struct shpte *s, struct mm_struct *mm, pmd_t *pmd,
					 unsigned long base, enum shpte_cause cause)
{
	struct shpte_sharer *sharer = shpte_sharer_of(s, mm, base);

	if (WARN_ON_ONCE(!sharer))
		return NULL;
	shpte_check_rss(s, pmd, base);
	pmd_clear(pmd);
	flush_tlb_mm(mm);
	shpte_sync_lockless(s->table);
	shpte_list_del(s, sharer);
	shpte_charge(s, mm, -1);
	mm_dec_nr_ptes(mm);
	shpte_count(SHPTE_LEAVES + cause);
	return sharer;
}

/*
 * Leaves the table in *pmd if it is shared; retires it if asked to and this mm
 * is the last.  True when the mm has left and the pmd is none.  mmap_lock held,
 * read is enough.
 */
static bool shpte_leave(struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			enum shpte_cause cause, bool retire)
{
	spinlock_t *pml = pmd_lock(mm, pmd), *ptl;
	struct shpte_sharer *sharer = NULL;
	struct page *table;
	struct shpte *s;

	if (pmd_none(*pmd) || !pmd_present(*pmd))
		goto out;
	table = pmd_pgtable(*pmd);
	/*
	 * a NULL may turn into a record before we have the PTE lock, but only
	 * for callers that cope: see shpte_zapped()
	 */
	if (!shpte_of(table))
		goto out;
	ptl = shpte_ptl(table);
	spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	s = shpte_of(table);
	if (s && s->live) {
		if (s->nr > 1)
			sharer = shpte_detach(s, mm, pmd, base, cause);
		else if (retire)
			shpte_retire(s);
	}
	spin_unlock(ptl);
out:
	spin_unlock(pml);
	if (sharer)
		kmem_cache_free(shpte_sharer_cache, sharer);
	return sharer;
}

/*
 * The mm zaps its own range.  munmap and exit take the table out of the
 * registry for good; for advice the mapping stays as it is, so a table with one
 * sharer is zapped in place and stays on offer.
 */
bool __shpte_zap(struct mmu_gather *tlb, pmd_t *pmd, unsigned long addr, bool advice)
{
	enum shpte_cause cause = advice ? SHPTE_MADVISE : tlb->fullmm ? SHPTE_EXIT : SHPTE_MUNMAP;

	return shpte_leave(tlb->mm, pmd, addr & PMD_MASK, cause, !advice);
}

/* mmap_lock held, read is enough: the grace period covers our other threads. */
void __shpte_leave_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 enum shpte_cause cause)
{
	unsigned long addr, next;

	mmap_assert_locked(vma->vm_mm);
	for (addr = start; addr < end; addr = next) {
		pmd_t *pmd = mm_find_pmd(vma->vm_mm, addr);

		next = pmd_addr_end(addr, end);
		if (pmd)
			shpte_leave(vma->vm_mm, pmd, addr & PMD_MASK, cause, true);
	}
}

/*
 * mmap_lock held for writing.  The vma is locked against its own faults before
 * the tables are left, else one of them would share again before the flags
 * change.
 */
void __shpte_modify(struct vm_area_struct *vma, unsigned long start, unsigned long end,
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
	vma_start_write(vma);
	__shpte_leave_range(vma, start, end, cause);
}

/* The table across a coming boundary belongs to no single vma any more. */
static void shpte_leave_boundary(struct vm_area_struct *vma, unsigned long addr)
{
	if (addr & ~PMD_MASK)
		__shpte_leave_range(vma, addr, addr + 1, SHPTE_SPLIT);
}

/* mmap_lock held for writing, vma locked, i_mmap_rwsem held for writing. */
void __shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		    long adjust_next)
{
	struct vm_area_struct *next;

	shpte_leave_boundary(vma, start);
	shpte_leave_boundary(vma, end);
	if (adjust_next > 0) {
		next = find_vma(vma->vm_mm, vma->vm_end);
		if (next)
			shpte_leave_boundary(next, next->vm_start + adjust_next);
	}
}

/* Working in place */

/* The table's PTE lock held. */
void __shpte_add_rss(struct mm_struct *mm, struct shpte *s, int member, long n)
{
	struct shpte_sharer *sharer;

	if (!s->live) {
		add_mm_counter(mm, member, n);
		return;
	}
	s->rss[member] += n;
	list_for_each_entry(sharer, &s->sharers, node)
		add_mm_counter(sharer->mm, member, n);
}

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
		list_for_each_entry(sharer, &s->sharers, node)
			flush_tlb_mm(sharer->mm);
		shpte_count(SHPTE_IN_PLACE_ZAPS);
	}
	return true;
}

/* addr is that of the entry in any of the sharers.  PTE lock held. */
void __shpte_flush_page(struct shpte *s, unsigned long addr)
{
	struct shpte_sharer *sharer;

	if (!s->live || s->nr < 2)
		return;
	list_for_each_entry(sharer, &s->sharers, node) {
		struct vm_area_struct vma = TLB_FLUSH_VMA(sharer->mm, s->key.flags);

		flush_tlb_page(&vma, sharer->addr + (addr & ~PMD_MASK & PAGE_MASK));
	}
	shpte_count(SHPTE_IN_PLACE_FLUSHES);
}

/* PTE lock held. */
bool __shpte_is_first(struct shpte *s, struct mm_struct *mm, unsigned long addr)
{
	struct shpte_sharer *first;

	if (!s->live)
		return true;
	first = list_first_entry(&s->sharers, struct shpte_sharer, node);
	return first->mm == mm && first->addr == (addr & PMD_MASK);
}

/*
 * The PTE lock *ptl held: from here on the mm cannot leave the table that the
 * lock belongs to.
 */
bool __shpte_pmd_moved(pmd_t *pmd, spinlock_t *ptl)
{
	unsigned long irq;
	pmd_t now;

	local_irq_save(irq);
	now = pmdp_get_lockless(pmd);
	local_irq_restore(irq);
	return pmd_none(now) || !pmd_present(now) || shpte_ptl(pmd_pgtable(now)) != ptl;
}

/* The end of a table */

static void shpte_free_rcu(struct rcu_head *head)
{
	struct shpte *s = container_of(head, struct shpte, rcu);

	pte_free(&init_mm, s->table);
	kmem_cache_free(shpte_cache, s);
}

/*
 * Frees a table that has a record, after a grace period; false: it has none,
 * the caller frees it.  The pmd is clear already, the range has no vma any
 * more.
 */
bool shpte_free(struct mmu_gather *tlb, struct page *table)
{
	struct shpte *s = shpte_of(table);

	if (likely(!s))
		return false;
	/* a live table is in somebody's pmd: lose the page, not the somebody */
	if (WARN_ON_ONCE(s->live))
		return true;
	flush_tlb_mm(tlb->mm);
	call_rcu(&s->rcu, shpte_free_rcu);
	return true;
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

	if (!READ_ONCE(shpte_enabled) || IS_ERR_VALUE(addr) || (addr & ~PMD_MASK) == want || padded < len)
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
	int i;

	for (i = 0; i < ARRAY_SIZE(shpte_mutex); i++)
		mutex_init(&shpte_mutex[i]);
	shpte_cache = KMEM_CACHE(shpte, SLAB_PANIC | SLAB_ACCOUNT);
	shpte_sharer_cache = KMEM_CACHE(shpte_sharer, SLAB_PANIC | SLAB_ACCOUNT);
	smp_store_release(&shpte_enabled, shpte_wanted);
	return 0;
}
subsys_initcall(shpte_init);
