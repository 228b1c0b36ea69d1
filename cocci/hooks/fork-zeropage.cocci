// mm/migrate: charge every sharer when an unused page gives way to the zero page
//
// When a huge page is split, those of its pages that hold nothing but zeros
// are given back, and their entries get the shared zero page: in a table that
// a fork shared once for all sharers.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// When: include/linux/vm_event_item.h THP_UNDERUSED_SPLIT_PAGE
// Place: try_to_map_unused_to_zeropage 1 always
// Left: 0 *_mm_counter(
// Adds: shpte_add_rss
// Seen: 6.12 7.2 7.3
// Killed by: forkmove

@zero@
identifier fn = try_to_map_unused_to_zeropage;
identifier pvmw;
expression type;
@@
 fn(struct page_vma_mapped_walk *pvmw, ...)
 {
 <...
-	dec_mm_counter(pvmw->vma->vm_mm, type);
+	shpte_add_rss(pvmw->vma, pvmw->pmd, type, -1);
 ...>
 }
