static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (!folio_test_swapbacked(folio)) {
			dec_mm_counter(mm, MM_ANONPAGES);
			goto discard;
		}
		dec_mm_counter(mm, MM_ANONPAGES);
		inc_mm_counter(mm, MM_SWAPENTS);
discard:
		folio_put(folio);
	}
	return true;
}
//// becomes
static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (!folio_test_swapbacked(folio)) {
			shpte_add_rss(vma, pvmw.pmd, MM_ANONPAGES, -1);
			goto discard;
		}
		shpte_add_rss(vma, pvmw.pmd, MM_ANONPAGES, -1);
		shpte_add_rss(vma, pvmw.pmd, MM_SWAPENTS, 1);
discard:
		folio_put(folio);
	}
	return true;
}
