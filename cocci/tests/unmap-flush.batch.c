static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (likely(pte_present(pteval))) {
			pteval = get_and_clear_ptes(mm, address, pvmw.pte, nr_pages);
			if (should_defer_flush(mm, flags))
				set_tlb_ubc_flush_pending(mm, pteval, address, end_addr);
			else
				flush_tlb_range(vma, address, end_addr);
			if (pte_dirty(pteval))
				folio_mark_dirty(folio);
		}
	}
	return true;
}
//// becomes
static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (likely(pte_present(pteval))) {
			pteval = get_and_clear_ptes(mm, address, pvmw.pte, nr_pages);
			if (should_defer_flush(mm, flags))
				set_tlb_ubc_flush_pending(mm, pteval, address, end_addr);
			else
				flush_tlb_range(vma, address, end_addr);
			shpte_flush_cleared(vma, pvmw.pmd, address, nr_pages,
					    pteval, flags & TTU_BATCH_FLUSH,
					    set_tlb_ubc_flush_pending);
			if (pte_dirty(pteval))
				folio_mark_dirty(folio);
		}
	}
	return true;
}
