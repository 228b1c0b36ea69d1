// mm/madvise: leave alone what others have by the same pte page
//
// MADV_COLD and MADV_PAGEOUT make pages old, or reclaim them, that nobody but
// the caller maps.  A page that is mapped by a shared table has one mapping,
// whoever has the table, and the walk flushes the caller's TLB only.
//
// In: mm
// Place: madvise_cold_or_pageout_pte_range 1
// Left: 1 vm_normal_folio(
// Callers: cold_walk_ops madvise_cold_page_range madvise_pageout_page_range
// Adds: shpte_others
// Seen: 6.12 7.2 7.3
// Killed by: madvise

@madvise@
identifier fn = madvise_cold_or_pageout_pte_range;
type T;
identifier pmd, vma, folio, walk;
@@
 fn(T *pmd, ..., struct mm_walk *walk)
 {
 ...
 struct vm_area_struct *vma = walk->vma;
 <...
 folio = vm_normal_folio(vma, ...);
 if (
-	!folio || folio_is_zone_device(folio)
+	!folio || folio_is_zone_device(folio) || shpte_others(vma, pmd)
 ) continue;
 ...>
 }
