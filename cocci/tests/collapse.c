int collapse_pte_mapped_thp(struct mm_struct *mm, unsigned long addr,
			    bool install_pmd)
{
	unsigned long haddr = addr & HPAGE_PMD_MASK;
	struct vm_area_struct *vma = vma_lookup(mm, haddr);
	struct folio *folio;
	int result;

	result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
	if (result == SCAN_PMD_MAPPED)
		return result;
	folio = filemap_lock_folio(vma->vm_file->f_mapping, index(vma, haddr));
	if (IS_ERR(folio))
		return SCAN_PAGE_NULL;
	result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
	switch (result) {
	case SCAN_SUCCEED:
		break;
	default:
		goto abort;
	}
	if (!pml)
		spin_lock(ptl);
	else if (ptl != pml)
		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	cut(pmd);
	pte_free_defer(mm, pmd_pgtable(pgt_pmd));
abort:
	return result;
}
//// becomes
int collapse_pte_mapped_thp(struct mm_struct *mm, unsigned long addr,
			    bool install_pmd)
{
	unsigned long haddr = addr & HPAGE_PMD_MASK;
	struct vm_area_struct *vma = vma_lookup(mm, haddr);
	struct folio *folio;
	int result;

	result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
	if (result == SCAN_PMD_MAPPED)
		return result;
	folio = filemap_lock_folio(vma->vm_file->f_mapping, index(vma, haddr));
	if (IS_ERR(folio))
		return SCAN_PAGE_NULL;
	shpte_collapse(vma, haddr, NULL, NULL);
	result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
	switch (result) {
	case SCAN_SUCCEED:
		break;
	default:
		goto abort;
	}
	if (!pml)
		spin_lock(ptl);
	else if (ptl != pml)
		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
	if (shpte_collapse(vma, haddr, pmd, ptl))
		goto abort;
	cut(pmd);
	pte_free_defer(mm, pmd_pgtable(pgt_pmd));
abort:
	return result;
}
