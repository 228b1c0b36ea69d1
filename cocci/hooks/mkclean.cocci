// mm/rmap: flush all sharers when writeback cleans an entry
//
// page_mkclean() takes the write right and the dirty bit from an entry so
// that the next write faults and marks the page dirty again.  In a shared
// table it finds the entry dirty once, on its way through the first sharer;
// at the others the entry is clean already and nothing would be flushed: they
// would go on writing through their TLB and the data would never reach the
// file.
//
// In: mm
// Place: page_vma_mkclean_one 1
// Left: 1 *clear_flush*(
// Left: 0 ptep_set_*|ptep_modify_*|ptep_get_and_*|wrprotect_ptes|get_and_clear*_ptes(
// Adds: shpte_flush_page
// Seen: 6.12 7.2 7.3
// Killed by: writeback

@mkclean@
identifier fn = page_vma_mkclean_one;
identifier pvmw, vma, address, pte, entry;
@@
 fn(struct page_vma_mapped_walk *pvmw)
 {
 <...
 	entry = ptep_clear_flush(vma, address, pte);
+	shpte_flush_page(vma, pvmw->pmd, address);
 ...>
 }
