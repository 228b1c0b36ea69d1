static struct page *follow_page_pte(struct vm_area_struct *vma,
		unsigned long address, pmd_t *pmd, unsigned int flags)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pte_t *ptep, pte;

	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!ptep)
		return no_page_table(vma, flags, address);
	pte = ptep_get(ptep);
	if (!pte_present(pte))
		goto no_page;
	return page;
no_page:
	pte_unmap_unlock(ptep, ptl);
	return NULL;
}
//// becomes
static struct page *follow_page_pte(struct vm_area_struct *vma,
		unsigned long address, pmd_t *pmd, unsigned int flags)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pte_t *ptep, pte;

	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!ptep)
		return no_page_table(vma, flags, address);
	pte = ptep_get(ptep);
	if ((flags & (FOLL_PIN | FOLL_WRITE)) && shpte_unpinnable(*pmd)) {
		pte_unmap_unlock(ptep, ptl);
		return NULL;
	}
	if (!pte_present(pte))
		goto no_page;
	return page;
no_page:
	pte_unmap_unlock(ptep, ptl);
	return NULL;
}
