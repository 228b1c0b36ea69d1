// mm/mmu_notifier: a process with a mirror of its tables shares none by fork
//
// Unshare the tables before the locks of all mappings are taken, under which
// no memory can be allocated.  mmap_lock is held for writing until the
// notifier is there, so no fork comes in between.
//
// In: mm
// Config: MMU_NOTIFIER
// Place: __mmu_notifier_register 1 after 0
// Adds: shpte_unshare_mm
// Seen: 6.12 7.2 7.3
// Killed by: notifier

@enter@
identifier fn = __mmu_notifier_register;
identifier subscription, mm;
@@
 fn(struct mmu_notifier *subscription, struct mm_struct *mm)
 {
 ...
 	mmap_assert_write_locked(mm);
+	if (shpte_unshare_mm(mm, SHPTE_NOTIFIER))
+		return -ENOMEM;
 ...
 }
