static bool try_to_map_unused_to_zeropage(struct page_vma_mapped_walk *pvmw,
		struct folio *folio, pte_t old_pte, unsigned long idx)
{
	pte_t newpte;

	set_pte_at(pvmw->vma->vm_mm, pvmw->address, pvmw->pte, newpte);

	dec_mm_counter(pvmw->vma->vm_mm, mm_counter(folio));
	return true;
}
//// becomes
static bool try_to_map_unused_to_zeropage(struct page_vma_mapped_walk *pvmw,
		struct folio *folio, pte_t old_pte, unsigned long idx)
{
	pte_t newpte;

	set_pte_at(pvmw->vma->vm_mm, pvmw->address, pvmw->pte, newpte);

	shpte_add_rss(pvmw->vma, pvmw->pmd, mm_counter(folio), -1);
	return true;
}
