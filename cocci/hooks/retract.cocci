// mm/khugepaged: take a huge page's vmas out of their shared pte pages
//
// When small pages of a file were collapsed, khugepaged takes the emptied
// tables from all vmas that map them, so that the next access maps the huge
// page by the pmd.  A table with other sharers is left and not freed; and a
// pmd may have become none before its lock was taken, as an mm's threads
// leave shared tables without a lock that khugepaged has.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: retract_page_tables 1
// Killed by: khugepaged
// Adds: shpte_retract
// Seen: 6.12 7.2 7.3

@retract@
identifier fn = retract_page_tables;
identifier vma, addr, mm, pmd, pml, range;
expression start;
@@
 fn(...)
 {
 <...
 	addr = vma->vm_start + start;
 	... when any
 	mmu_notifier_invalidate_range_start(&range);
 	pml = pmd_lock(mm, pmd);
+	if (shpte_retract(vma, pmd, addr)) {
+		spin_unlock(pml);
+		mmu_notifier_invalidate_range_end(&range);
+		continue;
+	}
 ...>
 }
