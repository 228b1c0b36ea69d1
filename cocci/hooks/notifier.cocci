// mm/mmu_notifier: leave all shared pte pages when an mm gets a notifier
//
// Who mirrors page tables (KVM, a device) has to be told of each entry that
// goes.  An entry of a shared table is cut once, on behalf of whoever the
// rmap walk or the truncation comes to first, and the others are not visited
// before its page is freed.  So an mm with a notifier shares nothing.  All
// its vmas are locked here, and the notifier is there before they are
// unlocked: no fault can join a table meanwhile.
//
// In: mm
// Config: MMU_NOTIFIER
// Place: __mmu_notifier_register 1 after 3
// Adds: shpte_leave_mm
// Seen: 6.12 7.2 7.3
// Killed by: notifier

@notifier@
identifier fn = __mmu_notifier_register;
identifier subscription, mm, ret;
statement S;
@@
 fn(struct mmu_notifier *subscription, struct mm_struct *mm)
 {
 <...
 	ret = mm_take_all_locks(mm);
 	if (unlikely(ret)) S
+	shpte_leave_mm(mm, SHPTE_NOTIFIER);
 ...>
 }
