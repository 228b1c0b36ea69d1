static int page_vma_mkclean_one(struct page_vma_mapped_walk *pvmw)
{
	int cleaned = 0;
	struct vm_area_struct *vma = pvmw->vma;
	unsigned long address = pvmw->address;

	while (page_vma_mapped_walk(pvmw)) {
		address = pvmw->address;
		if (pvmw->pte) {
			pte_t *pte = pvmw->pte;
			pte_t entry = ptep_get(pte);

			if (!pte_dirty(entry) && !pte_write(entry))
				continue;
			entry = ptep_clear_flush(vma, address, pte);
			entry = pte_wrprotect(entry);
			set_pte_at(vma->vm_mm, address, pte, entry);
		}
		cleaned++;
	}
	return cleaned;
}
//// becomes
static int page_vma_mkclean_one(struct page_vma_mapped_walk *pvmw)
{
	int cleaned = 0;
	struct vm_area_struct *vma = pvmw->vma;
	unsigned long address = pvmw->address;

	while (page_vma_mapped_walk(pvmw)) {
		address = pvmw->address;
		if (pvmw->pte) {
			pte_t *pte = pvmw->pte;
			pte_t entry = ptep_get(pte);

			if (!pte_dirty(entry) && !pte_write(entry))
				continue;
			entry = ptep_clear_flush(vma, address, pte);
			shpte_flush_page(vma, pvmw->pmd, address);
			entry = pte_wrprotect(entry);
			set_pte_at(vma->vm_mm, address, pte, entry);
		}
		cleaned++;
	}
	return cleaned;
}
