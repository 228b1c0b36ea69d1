// mm/rmap: charge every sharer for an anonymous page that reclaim takes
//
// Reclaim puts a swap entry in the place of an anonymous page, or drops one
// that MADV_FREE gave up.  In a table that a fork shared it does so once for
// all sharers.
//
// In: mm
// Config: SHPTE_FORK
// Place: try_to_unmap_one 3
// Unless: try_to_unmap_one ttu_anon_folio
// Unlike: try_to_migrate_one
// Left: 0 *_mm_counter(mm, MM_
// Adds: shpte_add_rss
// Seen: 6.12 7.2
// Not needed: 7.3
// Killed by: forkswap

@walk@
identifier fn = try_to_unmap_one;
identifier folio, vma, address, arg, pvmw;
expression how;
@@
 fn(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
 {
 ...
 DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, how);
 ...
 }

@rss@
identifier walk.vma, walk.pvmw;
expression mm, n;
@@
(
-	dec_mm_counter(mm, MM_ANONPAGES);
+	shpte_add_rss(vma, pvmw.pmd, MM_ANONPAGES, -1);
|
-	add_mm_counter(mm, MM_ANONPAGES, n);
+	shpte_add_rss(vma, pvmw.pmd, MM_ANONPAGES, n);
|
-	inc_mm_counter(mm, MM_SWAPENTS);
+	shpte_add_rss(vma, pvmw.pmd, MM_SWAPENTS, 1);
)
