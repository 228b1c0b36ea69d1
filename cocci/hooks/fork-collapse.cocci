// mm/khugepaged: unshare a pte page before its pages become a huge one
//
// A collapse takes the table out of the pmd and copies its pages.  It has the
// mmap_lock for writing here, so what is unshared now stays so.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: collapse_huge_page 1
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: forkmove

@place@
identifier fn = collapse_huge_page;
identifier mm, address, pmd, result;
@@
 fn(struct mm_struct *mm, ...)
 {
 <...
 	result = check_pmd_still_valid(mm, address, pmd);
 ...>
 }

@collapse@
identifier place.fn, place.address, place.result;
identifier vma;
@@
 fn(...)
 {
 <...
+	if (shpte_leave_range(vma, address, address + HPAGE_PMD_SIZE, SHPTE_COLLAPSE)) {
+		result = SCAN_FAIL;
+		goto out_up_write;
+	}
 	anon_vma_lock_write(vma->anon_vma);
 ...>
 }
