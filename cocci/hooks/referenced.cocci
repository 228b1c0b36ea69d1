// mm/rmap: count a shared entry once in folio_referenced()
//
// folio_referenced() stops when it has seen as many entries as the folio's
// mapcount says.  An entry of a shared table counts once there but is met
// once a sharer, so the walk would end before it reached mappings with
// tables of their own, and pages in use there would look idle.
//
// In: mm
// Place: folio_referenced_one 1
// Adds: shpte_is_first
// Seen: 6.12 7.2 7.3
// Killed by: reclaim

@referenced@
identifier fn = folio_referenced_one;
identifier vma, address, pvmw, pra;
statement S1, S2;
@@
 fn(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
 {
 <...
 	if (lru_gen_enabled() && pvmw.pte) S1 else S2
-	pra->mapcount--;
+	if (shpte_is_first(vma, pvmw.pmd, address))
+		pra->mapcount--;
 ...>
 }

// where neighbouring entries of a folio are looked at together
@batch@
identifier fn = folio_referenced_one;
identifier folio, arg, vma, address, pvmw, pra, nr;
@@
 fn(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
 {
 ...
 DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
 <...
-	pra->mapcount -= nr;
+	if (shpte_is_first(vma, pvmw.pmd, address))
+		pra->mapcount -= nr;
 ...>
 }
