// mm/mremap: leave the shared pte pages of the range that moves
//
// mremap moves entries, or whole tables, to another address of the same
// mm.  A shared table can do neither.  Its pages come back by faults at the
// new address, where the mm may share again.  Of one that a fork shared a
// copy is moved; where there is no memory for it, nothing is.
//
// In: mm
// Place: move_page_tables 1 always
// Callers: move_ptes move_page_tables
// Callers: move_normal_pmd move_pgt_entry
// Callers: move_pgt_entry move_page_tables
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: mremap

@mremap@
identifier fn = move_page_tables;
identifier vma, old_addr, old_end, len;
@@
 unsigned long fn(struct vm_area_struct *vma, unsigned long old_addr, ...)
 {
 ...
 old_end = old_addr + len;
+	if (shpte_leave_range(vma, old_addr, old_end, SHPTE_MREMAP))
+		return 0;
 ...
 }

// where what is moved is told in one struct
@control@
identifier fn = move_page_tables;
identifier pmc;
@@
 unsigned long fn(struct pagetable_move_control *pmc)
 {
 ...
+	if (shpte_leave_range(pmc->old, pmc->old_addr, pmc->old_end, SHPTE_MREMAP))
+		return 0;
 try_realign_addr(pmc, PMD_MASK);
 ...
 }
