// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: copy-on-write tables, and how a fork shares them.
 * mm/shpte/unshare.c is how they are left.
 *
 * A fork copies the pte pages of anonymous memory, and most of the copies are
 * thrown away by exit or exec.  Here the child's pmd is pointed at the parent's
 * table instead, after its entries were write-protected once; whoever would
 * change an entry (a fault, a pin, a system call) gets a copy of the table
 * first, and the last one that has it keeps it.
 *
 * The rules at the head of mm/shpte/core.c hold, with these for copy-on-write tables:
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
 *    entries still have their write right.  But not those whose page somebody has
 *    a reference to, who may be one that left: shpte_keep().
 * C5 An mm that has, or had, pinned pages shares none of its tables, and no page
 *    is pinned through a shared one: when a copy is made, no page of the table
 *    is pinned.  gup-fast looks at write_protect_seq, which is odd while a vma is
 *    forked, after it has looked at the table.
 * C6 What moves pages by itself (KSM, UFFDIO_MOVE, khugepaged, a mirror of the
 *    page tables) unshares first, and no fork shares while KSM or a mirror is
 *    there.
 * C7 Whoever has a table with swap entries is on swapoff's list: from the fork on
 *    for what is swapped then, and from when reclaim puts an entry in, which
 *    itself lists only the mm by which it came.  A swapoff that leaves no swap in
 *    use takes all mms off the list.
 *
 * Who is charged for what the table holds, and when, is in mm/shpte/rss.c.
 *
 * A table belongs to one vma in each of its mms (split and merge unshare what
 * lies across a boundary), at the same address in all of them (mremap unshares).
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>

#include <asm/pgalloc.h>

#include "../internal.h"
#include "shpte.h"

/*
 * /sys/kernel/mm/shpte/fork, fork_pmd, fork_min_tables, fork_min_entries
 *
 * Why these: on i386 with PAE a fork copies a table with n entries in some
 * 15,500 + 165 n instructions; a copy later takes about as many.  It shares one in
 * 700 (530 if it was shared before), and 600 more to find so many entries as there
 * must be.  Where it protects the entries, that takes 5,600 + n on riscv64, which
 * copies in 8,500 + 106 n: sharing a table with few entries gains little if it is
 * not written to again, and costs more than half of a copy if it is.  That is
 * what the heap of a small program, which is written to at once, has.
 */
bool shpte_fork_enabled __read_mostly = true;
bool shpte_fork_pmd __read_mostly = IS_ENABLED(CONFIG_SHPTE_FORK_PMD);
unsigned int shpte_fork_min_tables __read_mostly = 8;
unsigned int shpte_fork_min_entries __read_mostly = IS_ENABLED(CONFIG_SHPTE_FORK_LAZY) ? 16 : 64;

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

/* mmap_lock of both mms held for writing. */
static bool shpte_fork_eligible(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	const unsigned long no = VM_LOCKED | VM_LOCKONFAULT | VM_PFNMAP | VM_MIXEDMAP | VM_IO |
				 VM_GROWSDOWN | VM_HUGETLB | VM_MERGEABLE | VM_DROPPABLE |
				 VM_SHADOW_STACK | __VM_UFFD_FLAGS;
	struct mm_struct *mm = vma->vm_mm;

	return READ_ONCE(shpte_fork_enabled) && end - addr == PMD_SIZE &&
	       !(vma->vm_flags & no) && !shpte_tracked(vma) && !mm_has_notifiers(mm) &&
	       !test_bit(MMF_VM_MERGEABLE, &mm->flags) &&
	       mm_pgtables_bytes(mm) >= READ_ONCE(shpte_fork_min_tables) * PAGE_SIZE;
}

/*
 * The area of the table before this one, if that is shared and has room: they
 * have the same sharers, mostly.  The parent keeps it as long as its mmap_lock is
 * held for writing (C1); but what is there may be a table of a file, which
 * goes when a huge page takes its place.  PTE lock of another table held.
 */
static struct shpte_area *shpte_area_before(const struct shpte_birth *b, unsigned int index)
{
	struct page *table = index ? shpte_table_lockless(&b->from[-1]) : NULL;
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

/* Who has how many of a large folio's pages is counted by mm: it is not shared. */
static bool shpte_is_part(struct page *page)
{
	return IS_ENABLED(CONFIG_MM_ID) && folio_test_large(page_folio(page));
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
	if (!is_migration_entry(entry) || shpte_is_part(pfn_swap_entry_to_page(entry)))
		return false;
	if (is_writable_migration_entry(entry)) {
		entry = make_readable_exclusive_migration_entry(swp_offset(entry));
		set_pte_at(vma->vm_mm, addr, ptep, shpte_migration_pte(pte, entry));
	}
	rss[MM_ANONPAGES]++;
	return true;
}

/*
 * Counts the entries of a table that is to be shared, and write-protects them if
 * asked to.  How many there are; 0: it is not shared, and what was protected so
 * far would have been by a fork that copies as well.  This loop is what a fork
 * that shares spends its time in: nothing is done twice for a page that can be
 * written, which is one of ours.
 */
static __always_inline unsigned int shpte_count_entries(struct vm_area_struct *vma,
							unsigned long start, pte_t *table,
							bool protect, int *rss)
{
	unsigned int none = 0, others = 0;

	for (pte_t *pte = table; pte < table + PTRS_PER_PTE; pte++) {
		unsigned long addr = start + (pte - table) * PAGE_SIZE;
		pte_t entry = ptep_get(pte);

		if (likely(pte_present(entry))) {
			if (shpte_is_part(pte_page(entry)))
				return 0;
			if (unlikely(!pte_write(entry)))
				others += !shpte_is_page(vma, addr, entry);
			else if (protect)
				ptep_set_wrprotect(vma->vm_mm, addr, pte);
		} else if (pte_none(entry)) {
			none++;
		} else {
			if (!shpte_count_nonpresent(vma, addr, pte, rss))
				return 0;
			others++;
		}
	}
	rss[MM_ANONPAGES] += PTRS_PER_PTE - none - others;
	return PTRS_PER_PTE - none;
}

static unsigned int shpte_protect_entries(struct vm_area_struct *vma, unsigned long start,
					  pte_t *table, bool protect, int *rss)
{
	return protect ? shpte_count_entries(vma, start, table, true, rss) :
			 shpte_count_entries(vma, start, table, false, rss);
}

/* Does a table have so many entries? */
static bool shpte_has_entries(pte_t *pte, unsigned int many)
{
	pte_t *end = pte + PTRS_PER_PTE;

	for (; many && pte < end; pte++)
		if (!pte_none(ptep_get(pte)))
			many--;
	return !many;
}

/* How a fork shares a table. */
enum shpte_way {
	SHPTE_BY_ENTRIES,	/* it protects and counts the entries */
	SHPTE_BY_PMD,		/* it counts them */
	SHPTE_LAZY,		/* who is charged for them counts them (mm/shpte/rss.c) */
};

static enum shpte_way shpte_way(void)
{
	if (!IS_ENABLED(CONFIG_SHPTE_FORK_PMD) || !READ_ONCE(shpte_fork_pmd))
		return SHPTE_BY_ENTRIES;
	return IS_ENABLED(CONFIG_SHPTE_FORK_LAZY) ? SHPTE_LAZY : SHPTE_BY_PMD;
}

/*
 * Do the tables of an mm have far more entries than they must, on average?  Then
 * those few that have less are not worth a look at each: that would be a third of
 * what sharing takes.
 */
static bool shpte_mm_is_dense(struct mm_struct *mm, unsigned int min)
{
	return get_mm_counter(mm, MM_ANONPAGES) >= 4 * min * (mm_pgtables_bytes(mm) / PAGE_SIZE);
}

/* False: the table is not shared.  PTE lock held. */
static bool shpte_protect(const struct shpte_birth *b, enum shpte_way way, int *rss)
{
	unsigned int min = max(READ_ONCE(shpte_fork_min_entries), 1U);
	pte_t *table;
	bool enough;

	memset(rss, 0, NR_MM_COUNTERS * sizeof(*rss));
	if (way == SHPTE_LAZY && shpte_mm_is_dense(b->parent->vm_mm, min))
		return true;
	table = kmap_local_page(b->table);
	if (way == SHPTE_LAZY)
		enough = shpte_has_entries(table, min);
	else
		enough = shpte_protect_entries(b->parent, b->addr, table,
					       way == SHPTE_BY_ENTRIES, rss) >= min;
	kunmap_local(table);
	if (!enough)
		shpte_count(SHPTE_FORK_FEW);
	return enough;
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
	enum shpte_way way = shpte_way();

	bag->need = s ? 0 : NEED_RECORD;
	/* who has the table before this one is on the area's list */
	if (!area || !pmd_same(b->to[-1], b->from[-1]))
		bag->need |= shpte_missing(b, area, start);
	if (bag->need & ~shpte_bag_has(bag))
		return -EAGAIN;
	s = s ?: bag->record;
	if (!shpte_protect(b, way, s->rss))
		return -EBUSY;
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
	s->writable = way != SHPTE_BY_ENTRIES;
	s->uncounted = way == SHPTE_LAZY;
	s->exclusive = true;
	WRITE_ONCE(page_ptdesc(b->table)->pt_index, (unsigned long)s);
	WRITE_ONCE(s->live, true);
	shpte_add_sharer(s, b->parent->vm_mm, b->addr, &bag->parent, false);
	return 0;
}

/* C7; PTE locks may be held. */
void shpte_show_swapoff(struct mm_struct *mm)
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

	shpte_add_sharer(s, mm, b->addr, &bag->child, s->uncounted);
	if (!s->uncounted)
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
	struct mm_struct *mm = b->parent->vm_mm;
	struct shpte *s = shpte_of(b->table);
	int err = 0;

	/* C5: who pins says so first; a lock was taken since write_protect_seq became odd */
	if (test_bit(MMF_HAS_PINNED, &mm->flags))
		return -EBUSY;
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

	/* pairs with the release in shpte_init(): the caches are there */
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
