// SPDX-License-Identifier: GPL-2.0
/* Shared pte pages: /sys/kernel/mm/shpte, a switch and counters. */
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "shpte.h"

static const char *const shpte_names[NR_SHPTE_EVENTS] = {
	[SHPTE_TABLES_SHARED]		 = "tables_shared",
	[SHPTE_RECORDS]			 = "records",
	[SHPTE_ATTACHES]		 = "attaches",
	[SHPTE_RETIRED]			 = "retired",
	[SHPTE_IN_PLACE_ZAPS]		 = "in_place_zaps",
	[SHPTE_IN_PLACE_FLUSHES]	 = "in_place_flushes",
	[SHPTE_REFUSE_FLAGS]		 = "refuse_flags",
	[SHPTE_REFUSE_FILE]		 = "refuse_file",
	[SHPTE_REFUSE_SPAN]		 = "refuse_span",
	[SHPTE_REFUSE_BUSY]		 = "refuse_busy",
	[SHPTE_REFUSE_NOMEM]		 = "refuse_nomem",
	[SHPTE_LEAVES + SHPTE_MUNMAP]	 = "leave_munmap",
	[SHPTE_LEAVES + SHPTE_EXIT]	 = "leave_exit",
	[SHPTE_LEAVES + SHPTE_SPLIT]	 = "leave_split",
	[SHPTE_LEAVES + SHPTE_MPROTECT]	 = "leave_mprotect",
	[SHPTE_LEAVES + SHPTE_MLOCK]	 = "leave_mlock",
	[SHPTE_LEAVES + SHPTE_UFFD]	 = "leave_uffd",
	[SHPTE_LEAVES + SHPTE_FLAGS]	 = "leave_flags",
	[SHPTE_LEAVES + SHPTE_MREMAP]	 = "leave_mremap",
	[SHPTE_LEAVES + SHPTE_MADVISE]	 = "leave_madvise",
};

static struct kobj_attribute shpte_counters[NR_SHPTE_EVENTS];
static struct attribute *shpte_attrs[NR_SHPTE_EVENTS + 2];

static ssize_t counter_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(&shpte_events[attr - shpte_counters]));
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
	WRITE_ONCE(shpte_enabled, on);
	return count;
}

static struct kobj_attribute shpte_enabled_attr = __ATTR_RW(enabled);

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
	shpte_attrs[i] = &shpte_enabled_attr.attr;
	return sysfs_create_group(mm_kobj, &shpte_group);
}
subsys_initcall(shpte_sysfs_init);
