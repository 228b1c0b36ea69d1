// mm/rmap: take an unmapped page from the RSS of every sharer
//
// The counterpart of charging all sharers at fault time: an entry that
// reclaim or memory failure takes out of a shared table is gone for all of
// them.
//
// In: mm
// Place: try_to_unmap_one 3
// Place: try_to_migrate_one 2
// Left: 0 *_mm_counter(mm, mm_counter
// Adds: shpte_add_rss
// Seen: 6.12 7.2 7.3
// Killed by: rss

@walk@
identifier fn =~ "^(try_to_unmap_one|try_to_migrate_one)$";
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
expression mm, folio, n;
@@
(
-	dec_mm_counter(mm, mm_counter(folio));
+	shpte_add_rss(vma, pvmw.pmd, mm_counter(folio), -1);
|
-	dec_mm_counter(mm, mm_counter_file(folio));
+	shpte_add_rss(vma, pvmw.pmd, mm_counter_file(folio), -1);
|
-	add_mm_counter(mm, mm_counter_file(folio), n);
+	shpte_add_rss(vma, pvmw.pmd, mm_counter_file(folio), n);
)
