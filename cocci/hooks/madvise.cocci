// mm/madvise: leave shared pte pages before MADV_COLD and MADV_PAGEOUT
//
// Both walk the caller's entries, clear them for a moment to make them old,
// and flush the caller's TLB only.  It is one process's advice about pages
// that others use: leave, and let the others keep what they have.
//
// In: mm
// Place: madvise_cold_page_range 1 after 0
// Place: madvise_pageout_page_range 1 after 0
// Callers: cold_walk_ops madvise_cold_page_range madvise_pageout_page_range
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: madvise

@madvise@
identifier fn =~ "^(madvise_cold_page_range|madvise_pageout_page_range)$";
identifier vma, addr;
identifier end =~ "^end(_addr)?$";
expression tlb;
@@
 fn(..., struct vm_area_struct *vma, unsigned long addr, unsigned long end)
 {
 ...
+	if (shpte_leave_range(vma, addr, end, SHPTE_MADVISE))
+		return;
 	tlb_start_vma(tlb, vma);
 ...
 }

// where the range comes in a struct
@range@
identifier fn =~ "^(madvise_cold_page_range|madvise_pageout_page_range)$";
identifier vma, range;
expression tlb;
@@
 fn(...)
 {
 ...
+	if (shpte_leave_range(vma, range->start, range->end, SHPTE_MADVISE))
+		return;
 	tlb_start_vma(tlb, vma);
 	walk_page_range_vma(vma, range->start, range->end, ...);
 ...
 }
