static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		add_mm_counter(mm, mm_counter_file(folio), -nr_pages);
	}
	return true;
}
//// becomes
static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		shpte_add_rss(vma, pvmw.pmd, mm_counter_file(folio),
			      -nr_pages);
	}
	return true;
}
