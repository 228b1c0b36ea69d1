// mm/rmap: count a shared entry once in folio_referenced()
//
// folio_referenced() stops when it has seen as many entries as the folio's
// mapcount says.  An entry of a shared table counts once there but is met
// once a sharer, so the walk would end before it reached mappings with
// tables of their own, and pages in use there would look idle.  (A locked vma
// shares nothing, so there the question is always answered with yes.)
//
// In: mm
// Place: folio_referenced_one 2
// Adds: shpte_is_first
// Seen: 6.12 7.2 7.3
// Killed by: reclaim

@walk@
identifier fn = folio_referenced_one;
identifier folio, vma, address, arg, pvmw;
@@
 fn(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
 {
 ...
 DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
 ...
 }

@one@
identifier walk.fn, walk.vma, walk.address, walk.pvmw;
identifier pra;
@@
 fn(...)
 {
 <...
-	pra->mapcount--;
+	if (shpte_is_first(vma, pvmw.pmd, address))
+		pra->mapcount--;
 ...>
 }

// where neighbouring entries of a folio are looked at together
@several@
identifier walk.fn, walk.vma, walk.address, walk.pvmw;
identifier pra, nr;
@@
 fn(...)
 {
 <...
-	pra->mapcount -= nr;
+	if (shpte_is_first(vma, pvmw.pmd, address))
+		pra->mapcount -= nr;
 ...>
 }
