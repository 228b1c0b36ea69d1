/* SPDX-License-Identifier: GPL-2.0 */
/* Shared pte pages: between mm/shpte.c and mm/shpte_sysfs.c. */
#ifndef _MM_SHPTE_H
#define _MM_SHPTE_H

#include <linux/atomic.h>
#include <linux/shpte.h>

/* What is counted; each is a file of its name in /sys/kernel/mm/shpte. */
enum shpte_event {
	SHPTE_TABLES_SHARED,	/* now; the others are sums */
	SHPTE_ATTACHES,
	SHPTE_RETIRED,
	SHPTE_IN_PLACE_ZAPS,
	SHPTE_IN_PLACE_FLUSHES,
	SHPTE_REFUSE_FLAGS,	/* a flag of the vma forbids it */
	SHPTE_REFUSE_FILE,	/* not a regular file's page cache, or DAX */
	SHPTE_REFUSE_SPAN,	/* the vma does not cover the whole pte page */
	SHPTE_REFUSE_BUSY,	/* another thread filled the table first */
	SHPTE_REFUSE_NOMEM,
	SHPTE_LEAVES,		/* one for each enum shpte_cause */
	NR_SHPTE_EVENTS = SHPTE_LEAVES + NR_SHPTE_CAUSES
};

extern atomic_long_t shpte_events[NR_SHPTE_EVENTS];
extern bool shpte_enabled;

static inline void shpte_count(enum shpte_event event)
{
	atomic_long_inc(&shpte_events[event]);
}

#endif
