// SPDX-License-Identifier: GPL-2.0
/*
 * Shared pte pages: which tables are offered, and who has them.  Rules and locks
 * stand at the head of mm/shpte/core.c.
 *
 * Who has a table is kept for some tables in a row together, as a process that
 * maps one mostly maps the next: else a large mapping would have a sharer for
 * each of its tables.  The area lives as long as one of its tables is live.
 *
 * A lookup finds an area and a record under RCU and then takes the table's PTE
 * lock; therefore areas, records and tables are freed after a grace period.  The same grace
 * period covers a thread of a process that left a table by madvise() while
 * another of its threads was looking at it through pte_offset_map().
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <asm/pgalloc.h>

#include "shpte.h"

#define SHPTE_HASH_BITS		10

static struct hlist_head shpte_hash[1 << SHPTE_HASH_BITS];
static DEFINE_SPINLOCK(shpte_hash_lock);

static u32 shpte_hash_of(const struct shpte_key *key)
{
	unsigned long place = hash_long(key->pgoff, BITS_PER_LONG);

	return hash_long((unsigned long)key->mapping ^ place, SHPTE_HASH_BITS);
}

static bool shpte_key_equal(const struct shpte_key *a, const struct shpte_key *b)
{
	return a->mapping == b->mapping && a->pgoff == b->pgoff && a->flags == b->flags &&
	       pgprot_val(a->prot) == pgprot_val(b->prot) && a->ops == b->ops;
}

/* RCU read lock or shpte_hash_lock held. */
static struct shpte_area *shpte_find_area(const struct shpte_key *key)
{
	struct shpte_area *area;

	hlist_for_each_entry_rcu(area, &shpte_hash[shpte_hash_of(key)], node,
				 lockdep_is_held(&shpte_hash_lock))
		if (shpte_key_equal(&area->key, key))
			return area;
	return NULL;
}

/*
 * The record of the table that is wished for, or NULL.  RCU read lock held;
 * look at ->live under the table's PTE lock.
 */
struct shpte *shpte_find(const struct shpte_wish *wish)
{
	struct shpte_area *area = shpte_find_area(&wish->key);

	return area ? rcu_dereference(area->tables[wish->index]) : NULL;
}

/* An area that nobody sees yet, or NULL: no memory. */
struct shpte_area *shpte_new_area(void)
{
	struct shpte_area *area = kmem_cache_zalloc(shpte_area_cache, GFP_KERNEL);

	if (!area)
		return NULL;
	spin_lock_init(&area->lock);
	area->sharers = RB_ROOT_CACHED;
	return area;
}

/* A table that is in no pmd, has no entries and no record, or NULL. */
struct page *shpte_new_table(struct mm_struct *mm)
{
	struct page *table = pte_alloc_one(mm);

	shpte_table_init(table);
	return table;
}

/* The area that is wished for, which becomes one if there is none.  shpte_hash_lock held. */
static struct shpte_area *shpte_get_area(struct shpte_wish *wish)
{
	struct shpte_area *area = shpte_find_area(&wish->key);

	if (area)
		return area;
	area = wish->area;
	wish->area = NULL;
	area->key = wish->key;
	hlist_add_head_rcu(&area->node, &shpte_hash[shpte_hash_of(&area->key)]);
	return area;
}

/* False: another record has that place of the area.  shpte_hash_lock held. */
static bool shpte_enter_locked(struct shpte *s, struct shpte_area *area, unsigned int index)
{
	if (rcu_access_pointer(area->tables[index]))
		return false;
	s->area = area;
	s->index = index;
	area->nr++;
	rcu_assign_pointer(area->tables[index], s);
	return true;
}

/* The same.  The table's PTE lock held. */
bool shpte_enter(struct shpte *s, struct shpte_area *area, unsigned int index)
{
	bool first;

	spin_lock(&shpte_hash_lock);
	first = shpte_enter_locked(s, area, index);
	spin_unlock(&shpte_hash_lock);
	return first;
}

/*
 * Puts the record that the wish brings on the registry, unless another one was
 * quicker: false then.  The table's PTE lock held.
 */
bool shpte_publish(struct shpte_wish *wish)
{
	bool first;

	lockdep_assert_held(shpte_ptl(wish->record->table));
	spin_lock(&shpte_hash_lock);
	first = shpte_enter_locked(wish->record, shpte_get_area(wish), wish->index);
	spin_unlock(&shpte_hash_lock);
	return first;
}

static void shpte_free_area(struct rcu_head *head)
{
	kmem_cache_free(shpte_area_cache, container_of(head, struct shpte_area, rcu));
}

/*
 * Takes the record off the registry: nobody finds it any more, and who found
 * it before sees ->live.  It has no sharers.  Table's PTE lock held.
 */
void shpte_withdraw(struct shpte *s)
{
	struct shpte_area *area = s->area;

	lockdep_assert_held(shpte_ptl(s->table));
	WRITE_ONCE(s->live, false);
	spin_lock(&shpte_hash_lock);
	RCU_INIT_POINTER(area->tables[s->index], NULL);
	if (!--area->nr) {
		hlist_del_init_rcu(&area->node);
		call_rcu(&area->rcu, shpte_free_area);
	}
	spin_unlock(&shpte_hash_lock);
}

/*
 * Who has tables of an area, in mm with the area beginning at start, or NULL.
 * The area's lock held.
 */
struct shpte_sharer *shpte_find_sharer(struct shpte_area *area, struct mm_struct *mm,
				       unsigned long start)
{
	struct rb_node *node = area->sharers.rb_root.rb_node;

	while (node) {
		struct shpte_sharer *sharer = rb_entry(node, struct shpte_sharer, node);
		int order = shpte_order(sharer, mm, start);

		if (!order)
			return sharer;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/*
 * The sharer of the area, which becomes *fresh if there is none.  The area's
 * lock held.
 */
static struct shpte_sharer *shpte_get_sharer(struct shpte_area *area, struct mm_struct *mm,
					     unsigned long addr, struct shpte_sharer **fresh)
{
	struct rb_node **link = &area->sharers.rb_root.rb_node, *parent = NULL;
	struct shpte_sharer *sharer;
	bool first = true;

	while (*link) {
		int order;

		parent = *link;
		sharer = rb_entry(parent, struct shpte_sharer, node);
		order = shpte_order(sharer, mm, addr);
		if (!order)
			return sharer;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
		first &= order < 0;
	}
	sharer = *fresh;
	*fresh = NULL;
	*sharer = (struct shpte_sharer){ .mm = mm, .addr = addr };
	rb_link_node(&sharer->node, parent, link);
	rb_insert_color_cached(&sharer->node, &area->sharers, first);
	return sharer;
}

/*
 * The mm has the table at addr from here on, and may owe what it is to be charged
 * for it.  *fresh is used, and NULL then, if it has no other one of the area.
 * Table's PTE lock held.
 */
void shpte_add_sharer(struct shpte *s, struct mm_struct *mm, unsigned long addr,
		      struct shpte_sharer **fresh, bool owes)
{
	struct shpte_sharer *sharer;

	lockdep_assert_held(shpte_ptl(s->table));
	spin_lock(&s->area->lock);
	sharer = shpte_get_sharer(s->area, mm, shpte_area_addr(s, addr), fresh);
	VM_WARN_ON_ONCE(sharer->tables & BIT(s->index));
	sharer->tables |= BIT(s->index);
	if (owes)
		shpte_owe(s, sharer);
	spin_unlock(&s->area->lock);
	if (++s->nr == 2)
		shpte_count(SHPTE_TABLES_SHARED);
}
