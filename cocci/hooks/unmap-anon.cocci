// mm/rmap: charge the other sharers for an anonymous page that reclaim takes
//
// As where one function does it all; here one that knows of no pmd charges
// the mm that the walk came by.  Charge the others when it is done.
//
// In: mm
// Config: SHPTE_FORK
// When: mm/rmap.c ttu_anon_folio
// Place: try_to_unmap_one 1
// Left: 0 *_mm_counter(mm, MM_
// Callers: ttu_anon_folio try_to_unmap_one
// Adds: shpte_unmapped_anon
// Seen: 7.3
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

@done@
identifier walk.fn, walk.folio, walk.vma, walk.pvmw;
identifier nr;
statement S;
@@
 fn(...)
 {
 <...
 	if (!ttu_anon_folio(vma, folio, ..., nr)) S
+	shpte_unmapped_anon(vma, pvmw.pmd, folio, nr);
 ...>
 }
