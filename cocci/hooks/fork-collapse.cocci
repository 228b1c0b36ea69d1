// mm/khugepaged: unshare a pte page before its pages become a huge one
//
// A collapse takes the table out of the pmd and copies its pages.  It has the
// mmap_lock for writing there, so what is unshared then stays so.
//
// Before that it brings pages back from swap, by do_swap_page() and not by
// a fault: each for one process, as its own and with its write right.  In a
// table that a fork shared it would do that for all.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: __collapse_huge_page_swapin 1 after 0
// Place: collapse_huge_page 1 after 9
// Callers: __collapse_huge_page_isolate|__collapse_huge_page_copy collapse_huge_page
// Callers: do_swap_page handle_pte_fault fix_spurious_fault __collapse_huge_page_swapin
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: forkmove forkswap

@swapin@
identifier fn = __collapse_huge_page_swapin;
typedef pmd_t;
identifier mm, vma, start, pmd, address, end;
statement S;
@@
 fn(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start, pmd_t *pmd, ...)
 {
 ...
+	if (shpte_leave_range(vma, start, end, SHPTE_COLLAPSE)) {
+		mmap_read_unlock(mm);
+		return SCAN_FAIL;
+	}
 	for (address = start; address < end; address += PAGE_SIZE) S
 ...
 }

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
