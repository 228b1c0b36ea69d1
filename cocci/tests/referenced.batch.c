static bool folio_referenced_one(struct folio *folio,
		struct vm_area_struct *vma, unsigned long address, void *arg)
{
	struct folio_referenced_arg *pra = arg;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (vma_test(vma, VMA_LOCKED_BIT)) {
			pra->mapcount--;
			continue;
		}
		ptes += nr;
		pra->mapcount -= nr;
		pvmw.pte += nr - 1;
	}
	return true;
}
//// becomes
static bool folio_referenced_one(struct folio *folio,
		struct vm_area_struct *vma, unsigned long address, void *arg)
{
	struct folio_referenced_arg *pra = arg;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (vma_test(vma, VMA_LOCKED_BIT)) {
			if (shpte_is_first(vma, pvmw.pmd, address))
				pra->mapcount--;
			continue;
		}
		ptes += nr;
		if (shpte_is_first(vma, pvmw.pmd, address))
			pra->mapcount -= nr;
		pvmw.pte += nr - 1;
	}
	return true;
}
