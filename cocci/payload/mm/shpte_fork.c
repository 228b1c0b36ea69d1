// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: copy-on-write tables.
 *
 * A fork copies the pte pages of anonymous memory, and most of the copies are
 * thrown away by exit or exec.  Here the child's pmd is pointed at the parent's
 * table instead, after its entries were write-protected once; whoever would
 * change an entry (a fault, a pin, a system call) gets a copy of the table
 * first, and the last one that has it keeps it.
 *
 * The rules at the head of mm/shpte.c hold, with these for copy-on-write tables:
 *
 * C1 A table is given to a child by fork alone, with the parent's mmap_lock held
 *    for writing and its vma locked.  So no fault, walk or system call of an mm,
 *    all of which have one of the two locks, sees a table of its mm become
 *    shared; it may see it left.
 * C2 Through no pmd that leads to a shared table can anything be written: its
 *    entries are write-protected, or all the pmds are, where the hardware takes
 *    the write right from all that is below one.  Nobody who has the table
 *    enters, changes or pins a page through it, nor takes one to write to it:
 *    unshare first.  Reclaim, migration and memory failure take entries out, and
 *    put them back, for all sharers (R3).
 * C3 Unsharing brings the new table first, copies all entries with the table's
 *    PTE lock held, and then changes the pmd in one step: it is never none, and
 *    a failure leaves everything as it was.  R4 holds for the flush.
 * C4 The pages of a shared table stay exclusive (PageAnonExclusive, the
 *    exclusive mark of a swap entry) if they were so before; that goes when a
 *    copy is made.  So the last sharer, if the others left without a copy, goes
 *    on as if there had been no fork; and where the pmds were protected its
 *    entries still have their write right.
 * C5 An mm that has, or had, pinned pages shares none of its tables, and no page
 *    is pinned through a shared one: when a copy is made, no page of the table
 *    is pinned.  gup-fast looks at write_protect_seq, which is odd during the
 *    whole fork, after it has looked at the table.
 * C6 What moves pages by itself (KSM, UFFDIO_MOVE, khugepaged, a mirror of the
 *    page tables) unshares first, and no fork shares while KSM or a mirror is
 *    there.
 * C7 Whoever has a table is on swapoff's list: reclaim puts on it only the mm by
 *    which it came.
 *
 * A table belongs to one vma in each of its mms (split and merge unshare what
 * lies across a boundary), at the same address in all of them (mremap unshares).
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>

#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

#include "internal.h"
#include "shpte.h"

/*
 * /sys/kernel/mm/shpte/fork, fork_pmd, fork_min_tables, fork_min_entries
 *
 * Why these: on i386 with PAE a fork copies a table with n entries in some
 * 15,500 + 165 n instructions. It shares one in 8,900, or in 7,000 + 95 n where it
 * protects the entries, and in 700 if it was shared before; a copy later takes
 * 15,000 + 140 n.  So sharing pays when about half of the tables are not written
 * to again, and with few entries it gains little; that is what the heap of a small
 * program, which is written to at once, has.
 */
bool shpte_fork_enabled __read_mostly = true;
bool shpte_fork_pmd __read_mostly = IS_ENABLED(CONFIG_SHPTE_FORK_PMD);
unsigned int shpte_fork_min_tables __read_mostly = 8;
unsigned int shpte_fork_min_entries __read_mostly = 64;

/* What sharing one table takes; what was used is NULL after that. */
struct shpte_bag {
	unsigned int need;
	struct shpte *record;
	struct shpte_area *area;
	struct shpte_sharer *parent, *child;
};

enum { NEED_RECORD = 1, NEED_AREA = 2, NEED_PARENT = 4, NEED_CHILD = 8 };

/* The two vmas of a fork, and the place in them. */
struct shpte_birth {
	struct vm_area_struct *parent, *child;
	pmd_t *from, *to;
	unsigned long addr;
	struct page *table;
};

/* Sharing by fork */

/* mmap_lock of both mms held for writing. */
static bool shpte_fork_eligible(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	const unsigned long no = VM_LOCKED | VM_LOCKONFAULT | VM_PFNMAP | VM_MIXEDMAP | VM_IO |
				 VM_GROWSDOWN | VM_HUGETLB | VM_MERGEABLE | VM_DROPPABLE |
				 VM_SHADOW_STACK | __VM_UFFD_FLAGS;
	struct mm_struct *mm = vma->vm_mm;

	return READ_ONCE(shpte_fork_enabled) && end - addr == PMD_SIZE &&
	       !(vma->vm_flags & no) && !shpte_tracked(vma) && !mm_has_notifiers(mm) &&
	       !test_bit(MMF_HAS_PINNED, &mm->flags) &&
	       !test_bit(MMF_VM_MERGEABLE, &mm->flags) &&
	       mm_pgtables_bytes(mm) >= READ_ONCE(shpte_fork_min_tables) * PAGE_SIZE;
}

/*
 * The area of the table before this one, if that is shared and has room: they
 * have the same sharers, mostly.  The parent has the table before, and keeps it
 * as long as its mmap_lock is held for writing (C1).
 */
static struct shpte_area *shpte_area_before(const struct shpte_birth *b, unsigned int index)
{
	struct page *table = index ? shpte_table(b->from[-1]) : NULL;
	struct shpte *s = table ? shpte_of(table) : NULL;

	if (!s || !shpte_is_cow(s) || s->index != index - 1 ||
	    rcu_access_pointer(s->area->tables[index]))
		return NULL;
	return s->area;
}

/* What is missing for parent and child to be on the area's list. */
static unsigned int shpte_missing(const struct shpte_birth *b, struct shpte_area *area,
				  unsigned long start)
{
	unsigned int need = 0;

	if (!area)
		return NEED_AREA | NEED_PARENT | NEED_CHILD;
	spin_lock(&area->lock);
	if (!shpte_find_sharer(area, b->parent->vm_mm, start))
		need |= NEED_PARENT;
	if (!shpte_find_sharer(area, b->child->vm_mm, start))
		need |= NEED_CHILD;
	spin_unlock(&area->lock);
	return need;
}

static unsigned int shpte_bag_has(const struct shpte_bag *bag)
{
	return (bag->record ? NEED_RECORD : 0) | (bag->area ? NEED_AREA : 0) |
	       (bag->parent ? NEED_PARENT : 0) | (bag->child ? NEED_CHILD : 0);
}

/* Sleeps.  False: no memory. */
static bool shpte_bag_fill(struct shpte_bag *bag)
{
	unsigned int need = bag->need & ~shpte_bag_has(bag);

	if (need & NEED_RECORD)
		bag->record = kmem_cache_zalloc(shpte_cache, GFP_KERNEL);
	if (need & NEED_AREA)
		bag->area = shpte_new_area();
	if (need & NEED_PARENT)
		bag->parent = kmem_cache_alloc(shpte_sharer_cache, GFP_KERNEL);
	if (need & NEED_CHILD)
		bag->child = kmem_cache_alloc(shpte_sharer_cache, GFP_KERNEL);
	return !(bag->need & ~shpte_bag_has(bag));
}

static void shpte_bag_empty(struct shpte_bag *bag)
{
	shpte_drop(shpte_cache, bag->record);
	shpte_drop(shpte_area_cache, bag->area);
	shpte_drop(shpte_sharer_cache, bag->parent);
	shpte_drop(shpte_sharer_cache, bag->child);
}

/* A page of ours, not the zero page? */
static bool shpte_is_page(struct vm_area_struct *vma, unsigned long addr, pte_t pte)
{
	if (IS_ENABLED(CONFIG_ARCH_HAS_PTE_SPECIAL))
		return !pte_special(pte);
	return vm_normal_page(vma, addr, pte);
}

/*
 * Counts an entry that is not present and about to be shared; it loses the write
 * right that it is to have.  False: such an entry is not shared.
 */
static bool shpte_count_nonpresent(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep,
				   int *rss)
{
	pte_t pte = ptep_get(ptep);
	swp_entry_t entry = pte_to_swp_entry(pte);

	if (!non_swap_entry(entry)) {
		rss[MM_SWAPENTS]++;
		return true;
	}
	if (!is_migration_entry(entry))
		return false;
	if (is_writable_migration_entry(entry)) {
		entry = make_readable_exclusive_migration_entry(swp_offset(entry));
		set_pte_at(vma->vm_mm, addr, ptep, swp_entry_to_pte(entry));
	}
	rss[MM_ANONPAGES]++;
	return true;
}

/* Who has how many of a large folio's pages is counted by mm: it is not shared. */
static bool shpte_is_part(pte_t pte)
{
	return IS_ENABLED(CONFIG_MM_ID) && folio_test_large(page_folio(pte_page(pte)));
}

/*
 * Counts the entries of a table that is to be shared, and write-protects them if
 * asked to.  How many there are; 0: it is not shared, and what was protected so
 * far would have been by a fork that copies as well.  This loop is what a fork
 * that shares spends its time in.
 */
static unsigned int shpte_protect_entries(struct vm_area_struct *vma, unsigned long addr,
					  pte_t *pte, bool protect, int *rss)
{
	unsigned int pages = 0, others = 0;
	pte_t *end = pte + PTRS_PER_PTE;

	for (; pte < end; pte++, addr += PAGE_SIZE) {
		pte_t entry = ptep_get(pte);

		if (likely(pte_present(entry))) {
			if (shpte_is_page(vma, addr, entry))
				pages++;
			else
				others++;
			if (shpte_is_part(entry))
				return 0;
			if (protect && pte_write(entry))
				ptep_set_wrprotect(vma->vm_mm, addr, pte);
		} else if (!pte_none(entry)) {
			if (!shpte_count_nonpresent(vma, addr, pte, rss))
				return 0;
			others++;
		}
	}
	rss[MM_ANONPAGES] += pages;
	return pages + others;
}

/* False: the table is not shared.  PTE lock held. */
static bool shpte_protect(const struct shpte_birth *b, bool protect, int *rss)
{
	pte_t *table = kmap_local_page(b->table);
	unsigned int entries;

	memset(rss, 0, NR_MM_COUNTERS * sizeof(*rss));
	entries = shpte_protect_entries(b->parent, b->addr, table, protect, rss);
	kunmap_local(table);
	if (entries && entries >= READ_ONCE(shpte_fork_min_entries))
		return true;
	shpte_count(SHPTE_FORK_FEW);
	return false;
}

/*
 * Makes the parent's own table one that is shared copy-on-write, by the parent
 * alone as yet.  0; -EAGAIN: the bag lacks something; -EBUSY: it stays as it is.
 * PTE lock held.
 */
static int shpte_fork_found(const struct shpte_birth *b, struct shpte *s, struct shpte_bag *bag)
{
	unsigned int index = b->addr / PMD_SIZE % SHPTE_AREA_TABLES;
	unsigned long start = b->addr - index * PMD_SIZE;
	struct shpte_area *area = shpte_area_before(b, index);
	bool pmd = IS_ENABLED(CONFIG_SHPTE_FORK_PMD) && READ_ONCE(shpte_fork_pmd);
	int rss[NR_MM_COUNTERS];

	bag->need = (s ? 0 : NEED_RECORD) | shpte_missing(b, area, start);
	if (bag->need & ~shpte_bag_has(bag))
		return -EAGAIN;
	if (!shpte_protect(b, !pmd, rss))
		return -EBUSY;
	s = s ?: bag->record;
	/* another fork may have taken the place in the area since we looked */
	if (!shpte_enter(s, area ?: bag->area, index))
		return -EBUSY;
	if (s == bag->record) {
		s->table = b->table;
		s->cow = true;
		bag->record = NULL;
		shpte_count(SHPTE_RECORDS);
	}
	if (!area)
		bag->area = NULL;
	memcpy(s->rss, rss, sizeof(rss));
	s->writable = pmd;
	WRITE_ONCE(page_ptdesc(b->table)->pt_index, (unsigned long)s);
	WRITE_ONCE(s->live, true);
	shpte_add_sharer(s, b->parent->vm_mm, b->addr, &bag->parent);
	return 0;
}

/* C7 */
static void shpte_show_swapoff(struct mm_struct *mm)
{
	if (!list_empty(&mm->mmlist))
		return;
	spin_lock(&mmlist_lock);
	if (list_empty(&mm->mmlist))
		list_add(&mm->mmlist, &init_mm.mmlist);
	spin_unlock(&mmlist_lock);
}

/* The child's pmd lock and the table's PTE lock held. */
static void shpte_fork_give(const struct shpte_birth *b, struct shpte *s, struct shpte_bag *bag)
{
	struct mm_struct *mm = b->child->vm_mm;

	shpte_add_sharer(s, mm, b->addr, &bag->child);
	shpte_charge(s, mm, 1);
	mm_inc_nr_ptes(mm);
	shpte_show_swapoff(mm);
	shpte_show_swapoff(b->parent->vm_mm);
	smp_wmb(); /* record before the pmd, see pmd_install() */
	pmd_populate(mm, b->to, b->table);
	if (!s->writable)
		return;
	/* with its mmap_lock held for writing nobody else changes the parent's */
	shpte_pmd_protect(b->to);
	shpte_pmd_protect(b->from);
}

/* 0; -EAGAIN: the bag lacks something; -EBUSY: no sharing.  Both locks held. */
static int shpte_fork_locked(const struct shpte_birth *b, struct shpte_bag *bag)
{
	struct shpte *s = shpte_of(b->table);
	int err = 0;

	/* a lookup for a file may still be on its way to such a record */
	if (s && !s->cow)
		return -EBUSY;
	if (!s || !s->live) {
		err = shpte_fork_found(b, s, bag);
	} else {
		bag->need = shpte_missing(b, s->area, shpte_area_addr(s, b->addr));
		if (bag->need & ~shpte_bag_has(bag))
			err = -EAGAIN;
	}
	if (!err)
		shpte_fork_give(b, shpte_of(b->table), bag);
	return err;
}

static int shpte_fork_try(const struct shpte_birth *b, struct shpte_bag *bag)
{
	spinlock_t *pml = pmd_lock(b->child->vm_mm, b->to);
	spinlock_t *ptl = shpte_ptl(b->table);
	int err;

	spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	err = shpte_fork_locked(b, bag);
	spin_unlock(ptl);
	spin_unlock(pml);
	return err;
}

/*
 * The fork is about to copy the table in *from, for [addr, end): true when the
 * child has got the table itself.  mmap_lock of both mms held for writing, the
 * parent's vma locked, write_protect_seq of the parent odd.  Who calls flushes
 * the parent's TLB.
 */
bool __shpte_fork(struct vm_area_struct *child, struct vm_area_struct *parent, pmd_t *to,
		  pmd_t *from, unsigned long addr, unsigned long end)
{
	struct shpte_birth b = {
		.parent = parent, .child = child, .from = from, .to = to, .addr = addr,
		.table = shpte_table(*from),
	};
	struct shpte_bag bag = { };
	int err;

	if (!b.table || !smp_load_acquire(&shpte_enabled) ||
	    !shpte_fork_eligible(parent, addr, end))
		return false;
	do {
		err = shpte_fork_try(&b, &bag);
	} while (err == -EAGAIN && shpte_bag_fill(&bag));
	shpte_bag_empty(&bag);
	if (err)
		return false;
	shpte_count(SHPTE_FORK_SHARED);
	return true;
}

bool __shpte_is_cow(struct shpte *s)
{
	return shpte_is_cow(s);
}

/* Unsharing */

/*
 * One more mapping of the page: it is exclusive to nobody from here on (C4), and
 * nobody has it pinned who could miss that (C5).  It is mapped by the table whose
 * lock we hold, so its anon_vma stands without the folio's lock.
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
	folio_add_anon_rmap_pte(folio, page, vma, addr, RMAP_NONE);
}

/*
 * An entry that is no page, in the shared table and in the copy: *pte gets what
 * it is to be.  -EIO: the count of *entry is full.
 */
static int shpte_dup_nonpresent(struct vm_area_struct *vma, unsigned long addr, pte_t *from,
				pte_t *pte, swp_entry_t *entry)
{
	*entry = pte_to_swp_entry(*pte);
	if (!non_swap_entry(*entry)) {
		if (swap_duplicate(*entry) < 0)
			return -EIO;
		if (!pte_swp_exclusive(*pte))
			return 0;
		*pte = pte_swp_clear_exclusive(*pte);
	} else if (is_migration_entry(*entry) && !is_readable_migration_entry(*entry)) {
		*pte = swp_entry_to_pte(make_readable_migration_entry(swp_offset(*entry)));
	} else {
		return 0;
	}
	set_pte_at(vma->vm_mm, addr, from, *pte);
	return 0;
}

/* Takes back what the copy of an entry took. */
static void shpte_undup(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	pte_t pte = ptep_get(ptep);
	struct page *page = pte_present(pte) ? vm_normal_page(vma, addr, pte) : NULL;
	swp_entry_t entry = pte_to_swp_entry(pte);

	if (page) {
		folio_remove_rmap_pte(page_folio(page), page, vma);
		folio_put(page_folio(page));
	} else if (!pte_none(pte) && !pte_present(pte) && !non_swap_entry(entry)) {
		swap_free(entry);
	}
	pte_clear(vma->vm_mm, addr, ptep);
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
		s->writable = false;
	while (err && i--)
		shpte_undup(vma, base + i * PAGE_SIZE, to + i);
	kunmap_local(to);
	kunmap_local(from);
	return err;
}

/* C3, R4.  pmd lock and the shared table's PTE lock held. */
static void shpte_switch(struct shpte *s, struct mm_struct *mm, pmd_t *pmd, unsigned long base,
			 struct page *new)
{
	smp_wmb(); /* entries before the pmd, see pmd_install() */
	pmd_populate(mm, pmd, new);
	flush_tlb_mm(mm);
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
		shpte_retire(s, mm, p->pmd, p->base);
		return 0;
	}
	if (!p->new)
		return -EAGAIN;
	err = shpte_copy(p->vma, p->base, s, p->new, &p->full);
	if (err)
		return err;
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

/*
 * The table in *pmd, around addr, is to be the mm's own from here on, with all
 * its entries.  0; -ENOMEM: it is shared as it was.  mmap_lock or vma lock held,
 * read is enough: C1.  Sleeps.
 */
int __shpte_unshare(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
		    enum shpte_cause cause)
{
	struct shpte_parting p = {
		.vma = vma, .pmd = pmd, .base = addr & PMD_MASK, .cause = cause,
	};
	struct page *table = shpte_table_lockless(pmd);
	int err;

	if (!table || !shpte_is_cow(shpte_of(table)))
		return 0;
	while ((err = shpte_unshare_try(&p))) {
		if (err == -EAGAIN)
			p.new = shpte_new_table(vma->vm_mm);
		if (err == -EAGAIN ? !p.new : add_swap_count_continuation(p.full, GFP_KERNEL)) {
			err = -ENOMEM;
			break;
		}
	}
	if (p.new)
		pte_free(vma->vm_mm, p.new);
	return err;
}

/* The same of all tables that overlap [start, end) of the vma. */
int __shpte_unshare_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  enum shpte_cause cause)
{
	unsigned long addr, next;
	int err = 0;

	for (addr = start; addr < end && !err; addr = next) {
		pmd_t *pmd = mm_find_pmd(vma->vm_mm, addr);

		next = shpte_range_end(addr, end, pmd ? PMD_SIZE : PUD_SIZE);
		if (pmd)
			err = __shpte_unshare(vma, pmd, addr, cause);
	}
	return err;
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
