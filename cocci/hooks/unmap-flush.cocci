// mm/rmap: flush all sharers when reclaim or migration clears an entry
//
// try_to_unmap_one() and try_to_migrate_one() clear an entry and flush it
// from the TLB of the mm that the rmap walk came by, or put the flush off
// in a batch that remembers that mm.  Of a shared table's other sharers
// they know nothing, and their next visit finds the entry gone.  Flush
// them all while the table's lock is held, or put all of them into the
// batch.
//
// In: mm
// Place: try_to_unmap_one 1
// Place: try_to_migrate_one 1
// Left: 2 ptep_*clear*|get_and_clear*_ptes(
// Adds: shpte_flush_cleared
// Seen: 6.12 7.2 7.3
// Killed by: reclaim

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

@flush@
identifier walk.fn, walk.vma, walk.address, walk.pvmw;
expression mm, flags;
identifier pteval;
statement S1;
@@
 fn(...)
 {
 <...
 	if (should_defer_flush(mm, flags)) S1
 	else { pteval = ptep_clear_flush(vma, address, pvmw.pte); }
+	shpte_flush_cleared(vma, pvmw.pmd, address, 1, pteval, flags & TTU_BATCH_FLUSH, set_tlb_ubc_flush_pending);
 ...>
 }

// where the entries of a large folio are cleared in one go
@batch@
identifier walk.fn, walk.vma, walk.address, walk.pvmw;
expression mm, flags, end;
identifier pteval, nr;
@@
 fn(...)
 {
 <...
(
 	pteval = get_and_clear_ptes(mm, address, pvmw.pte, nr);
|
 	pteval = get_and_clear_full_ptes(mm, address, pvmw.pte, nr, 0);
)
 	if (should_defer_flush(mm, flags)) set_tlb_ubc_flush_pending(mm, pteval, address, end);
 	else flush_tlb_range(vma, address, end);
+	shpte_flush_cleared(vma, pvmw.pmd, address, nr, pteval, flags & TTU_BATCH_FLUSH, set_tlb_ubc_flush_pending);
 ...>
 }
