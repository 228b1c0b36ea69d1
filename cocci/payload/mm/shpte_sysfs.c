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
static struct attribute *shpte_attrs[NR_SHPTE_EVENTS + 9];	/* eight others, and NULL */

static ssize_t counter_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(shpte_events, cpu)[attr - shpte_counters];
	return sysfs_emit(buf, "%ld\n", sum);
}

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(shpte_enabled));
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			     size_t count)
{
	bool on;
	int err = kstrtobool(buf, &on);

	if (err)
		return err;
	if (on && cpu_dcache_is_aliasing())
		return -EOPNOTSUPP;
	WRITE_ONCE(shpte_enabled, on);
	return count;
}

static struct kobj_attribute shpte_enabled_attr = __ATTR_RW(enabled);

static ssize_t __maybe_unused shpte_store_uint(unsigned int *value, unsigned int max,
					       const char *buf, size_t count)
{
	unsigned int n;
	int err = kstrtouint(buf, 0, &n);

	if (err)
		return err;
	if (n > max)
		return -ERANGE;
	WRITE_ONCE(*value, n);
	return count;
}

#ifdef CONFIG_SHPTE_FORK
static ssize_t fork_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(shpte_fork_enabled));
}

static ssize_t shpte_store_bool(bool *value, const char *buf, size_t count)
{
	bool on;
	int err = kstrtobool(buf, &on);

	if (err)
		return err;
	WRITE_ONCE(*value, on);
	return count;
}

static ssize_t fork_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t count)
{
	return shpte_store_bool(&shpte_fork_enabled, buf, count);
}

static struct kobj_attribute shpte_fork_attr = __ATTR_RW(fork);

#ifdef CONFIG_SHPTE_FORK_PMD
static ssize_t fork_pmd_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(shpte_fork_pmd));
}

static ssize_t fork_pmd_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			      size_t count)
{
	return shpte_store_bool(&shpte_fork_pmd, buf, count);
}

static struct kobj_attribute shpte_fork_pmd_attr = __ATTR_RW(fork_pmd);
#endif

static ssize_t fork_min_tables_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(shpte_fork_min_tables));
}

static ssize_t fork_min_tables_store(struct kobject *kobj, struct kobj_attribute *attr,
				     const char *buf, size_t count)
{
	return shpte_store_uint(&shpte_fork_min_tables, INT_MAX / PAGE_SIZE, buf, count);
}

static struct kobj_attribute shpte_fork_min_tables_attr = __ATTR_RW(fork_min_tables);

static ssize_t fork_min_entries_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(shpte_fork_min_entries));
}

static ssize_t fork_min_entries_store(struct kobject *kobj, struct kobj_attribute *attr,
				      const char *buf, size_t count)
{
	return shpte_store_uint(&shpte_fork_min_entries, PTRS_PER_PTE, buf, count);
}

static struct kobj_attribute shpte_fork_min_entries_attr = __ATTR_RW(fork_min_entries);

static ssize_t fork_owed_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&shpte_owed));
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

static ssize_t delay_us_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(shpte_delay_us));
}

static ssize_t delay_us_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			      size_t count)
{
	return shpte_store_uint(&shpte_delay_us, 1000, buf, count);
}

static struct kobj_attribute shpte_delay_attr = __ATTR_RW(delay_us);

static ssize_t fault_delay_ms_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(shpte_fault_delay_ms));
}

static ssize_t fault_delay_ms_store(struct kobject *kobj, struct kobj_attribute *attr,
				    const char *buf, size_t count)
{
	return shpte_store_uint(&shpte_fault_delay_ms, 1000, buf, count);
}

static struct kobj_attribute shpte_fault_delay_attr = __ATTR_RW(fault_delay_ms);
#endif

static const struct attribute_group shpte_group = {
	.name = "shpte",
	.attrs = shpte_attrs,
};

static int __init shpte_sysfs_init(void)
{
	int i;

	for (i = 0; i < NR_SHPTE_EVENTS; i++) {
		struct kobj_attribute *a = &shpte_counters[i];

		sysfs_attr_init(&a->attr);
		a->attr.name = shpte_names[i];
		a->attr.mode = 0444;
		a->show = counter_show;
		shpte_attrs[i] = &a->attr;
	}
	shpte_attrs[i++] = &shpte_enabled_attr.attr;
#ifdef CONFIG_SHPTE_FORK
	shpte_attrs[i++] = &shpte_fork_attr.attr;
#ifdef CONFIG_SHPTE_FORK_PMD
	shpte_attrs[i++] = &shpte_fork_pmd_attr.attr;
#endif
	shpte_attrs[i++] = &shpte_fork_min_tables_attr.attr;
	shpte_attrs[i++] = &shpte_fork_min_entries_attr.attr;
	shpte_attrs[i++] = &shpte_fork_owed_attr.attr;
#endif
#ifdef CONFIG_SHPTE_DEBUG
	shpte_attrs[i++] = &shpte_delay_attr.attr;
	shpte_attrs[i++] = &shpte_fault_delay_attr.attr;
#endif
	return sysfs_create_group(mm_kobj, &shpte_group);
}
subsys_initcall(shpte_sysfs_init);
