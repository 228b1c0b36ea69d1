// SPDX-License-Identifier: GPL-2.0
/* Shared pte pages: /sys/kernel/mm/shpte, switches and counters. */
#include <linux/cacheinfo.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/random.h>
#include <linux/sysfs.h>

#include "shpte.h"

static const char *const shpte_names[NR_SHPTE_EVENTS] = {
	[SHPTE_TABLES_SHARED]		 = "tables_shared",
	[SHPTE_RECORDS]			 = "records",
	[SHPTE_ATTACHES]		 = "attaches",
	[SHPTE_RETIRED]			 = "retired",
	[SHPTE_IN_PLACE_ZAPS]		 = "in_place_zaps",
	[SHPTE_IN_PLACE_FLUSHES]	 = "in_place_flushes",
	[SHPTE_FAULT_MOVED]		 = "fault_moved",
	[SHPTE_FAULT_SPURIOUS]		 = "fault_spurious",
	[SHPTE_REFUSE_FLAGS]		 = "refuse_flags",
	[SHPTE_REFUSE_FILE]		 = "refuse_file",
	[SHPTE_REFUSE_SPAN]		 = "refuse_span",
	[SHPTE_REFUSE_HUGE]		 = "refuse_huge",
	[SHPTE_REFUSE_COW]		 = "refuse_cow",
	[SHPTE_REFUSE_NOTIFIER]		 = "refuse_notifier",
	[SHPTE_REFUSE_BUSY]		 = "refuse_busy",
	[SHPTE_REFUSE_NOMEM]		 = "refuse_nomem",
	[SHPTE_FORK_SHARED]		 = "fork_shared",
	[SHPTE_FORK_COPIED]		 = "fork_copied",
	[SHPTE_FORK_FEW]		 = "fork_few",
	[SHPTE_LEAVES + SHPTE_MUNMAP]	 = "leave_munmap",
	[SHPTE_LEAVES + SHPTE_EXIT]	 = "leave_exit",
	[SHPTE_LEAVES + SHPTE_SPLIT]	 = "leave_split",
	[SHPTE_LEAVES + SHPTE_MPROTECT]	 = "leave_mprotect",
	[SHPTE_LEAVES + SHPTE_MLOCK]	 = "leave_mlock",
	[SHPTE_LEAVES + SHPTE_UFFD]	 = "leave_uffd",
	[SHPTE_LEAVES + SHPTE_FLAGS]	 = "leave_flags",
	[SHPTE_LEAVES + SHPTE_MREMAP]	 = "leave_mremap",
	[SHPTE_LEAVES + SHPTE_MADVISE]	 = "leave_madvise",
	[SHPTE_LEAVES + SHPTE_COW]	 = "leave_cow",
	[SHPTE_LEAVES + SHPTE_COLLAPSE]	 = "leave_collapse",
	[SHPTE_LEAVES + SHPTE_NOTIFIER]	 = "leave_notifier",
	[SHPTE_LEAVES + SHPTE_FAULT]	 = "leave_fault",
	[SHPTE_LEAVES + SHPTE_SWAPOFF]	 = "leave_swapoff",
	[SHPTE_LEAVES + SHPTE_KSM]	 = "leave_ksm",
};

static struct kobj_attribute shpte_counters[NR_SHPTE_EVENTS];

static ssize_t counter_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(shpte_events, cpu)[attr - shpte_counters];
	return sysfs_emit(buf, "%ld\n", sum);
}

/* What is set by writing to it: a flag, or a number of at most max. */
struct shpte_switch {
	struct kobj_attribute attr;
	bool *flag;
	unsigned int *number;
	unsigned int max;
};

static ssize_t switch_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct shpte_switch *sw = container_of(attr, struct shpte_switch, attr);

	return sysfs_emit(buf, "%u\n", sw->flag ? READ_ONCE(*sw->flag) : READ_ONCE(*sw->number));
}

static int shpte_set_flag(bool *flag, const char *buf)
{
	bool on;
	int err = kstrtobool(buf, &on);

	if (err)
		return err;
	if (on && flag == &shpte_enabled && cpu_dcache_is_aliasing())
		return -EOPNOTSUPP;
	WRITE_ONCE(*flag, on);
	return 0;
}

static int shpte_set_number(unsigned int *number, unsigned int max, const char *buf)
{
	unsigned int n;
	int err = kstrtouint(buf, 0, &n);

	if (err)
		return err;
	if (n > max)
		return -ERANGE;
	WRITE_ONCE(*number, n);
	return 0;
}

static ssize_t switch_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t count)
{
	const struct shpte_switch *sw = container_of(attr, struct shpte_switch, attr);
	int err;

	if (sw->flag)
		err = shpte_set_flag(sw->flag, buf);
	else
		err = shpte_set_number(sw->number, sw->max, buf);
	return err ?: count;
}

#define SHPTE_FLAG(_name, _flag) \
	{ .attr = __ATTR(_name, 0644, switch_show, switch_store), .flag = &(_flag) }
#define SHPTE_NUMBER(_name, _number, _max) \
	{ .attr = __ATTR(_name, 0644, switch_show, switch_store), \
	  .number = &(_number), .max = (_max) }

#ifdef CONFIG_SHPTE_FORK
static ssize_t fork_owed_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", shpte_all_owed());
}

static struct kobj_attribute shpte_fork_owed_attr = __ATTR_RO(fork_owed);
#endif

#ifdef CONFIG_SHPTE_DEBUG
unsigned int shpte_delay_us;
static unsigned int shpte_fault_delay_ms;

/* Waits up to shpte_delay_us, here and there. */
void __shpte_window(void)
{
	udelay(get_random_u32_below(READ_ONCE(shpte_delay_us) + 1));
}

/* A fault in a shared table waits before it looks at the entry: RCU holds the table. */
void __shpte_fault_window(struct vm_fault *vmf)
{
	unsigned int ms = READ_ONCE(shpte_fault_delay_ms);

	if (unlikely(ms) && __shpte_live(vmf->pmd))
		mdelay(ms);
}
#endif

static struct shpte_switch shpte_switches[] = {
	SHPTE_FLAG(enabled, shpte_enabled),
#ifdef CONFIG_SHPTE_FORK
	SHPTE_FLAG(fork, shpte_fork_enabled),
	SHPTE_NUMBER(fork_min_tables, shpte_fork_min_tables, INT_MAX / PAGE_SIZE),
	SHPTE_NUMBER(fork_min_entries, shpte_fork_min_entries, PTRS_PER_PTE),
#endif
#ifdef CONFIG_SHPTE_FORK_PMD
	SHPTE_FLAG(fork_pmd, shpte_fork_pmd),
#endif
#ifdef CONFIG_SHPTE_DEBUG
	SHPTE_NUMBER(delay_us, shpte_delay_us, 1000),
	SHPTE_NUMBER(fault_delay_ms, shpte_fault_delay_ms, 1000),
#endif
};

/* The counters, the switches, fork_owed, and NULL. */
static struct attribute *shpte_attrs[NR_SHPTE_EVENTS + ARRAY_SIZE(shpte_switches) + 2];

static const struct attribute_group shpte_group = {
	.name = "shpte",
	.attrs = shpte_attrs,
};

static int __init shpte_sysfs_init(void)
{
	struct shpte_switch *sw;
	int i;

	for (i = 0; i < NR_SHPTE_EVENTS; i++) {
		struct kobj_attribute *a = &shpte_counters[i];

		sysfs_attr_init(&a->attr);
		a->attr.name = shpte_names[i];
		a->attr.mode = 0444;
		a->show = counter_show;
		shpte_attrs[i] = &a->attr;
	}
	for (sw = shpte_switches; sw < shpte_switches + ARRAY_SIZE(shpte_switches); sw++)
		shpte_attrs[i++] = &sw->attr.attr;
#ifdef CONFIG_SHPTE_FORK
	shpte_attrs[i++] = &shpte_fork_owed_attr.attr;
#endif
	return sysfs_create_group(mm_kobj, &shpte_group);
}
subsys_initcall(shpte_sysfs_init);
