static int hpage_collapse_scan_pmd(struct mm_struct *mm,
				   struct vm_area_struct *vma,
				   unsigned long address, bool *mmap_locked,
				   struct collapse_control *cc)
{
	pmd_t *pmd;
	pte_t *pte;
	struct folio *folio = NULL;
	int result = SCAN_FAIL, shared = 0;
	spinlock_t *ptl;

	pte = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!pte)
		goto out;
	if (folio_likely_mapped_shared(folio)) {
		++shared;
		if (cc->is_khugepaged && shared > khugepaged_max_ptes_shared)
			goto out_unmap;
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
//// becomes
static int hpage_collapse_scan_pmd(struct mm_struct *mm,
				   struct vm_area_struct *vma,
				   unsigned long address, bool *mmap_locked,
				   struct collapse_control *cc)
{
	pmd_t *pmd;
	pte_t *pte;
	struct folio *folio = NULL;
	int result = SCAN_FAIL, shared = 0;
	spinlock_t *ptl;

	pte = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!pte)
		goto out;
	if (folio_likely_mapped_shared(folio) || shpte_others(vma, pmd)) {
		++shared;
		if (cc->is_khugepaged && shared > khugepaged_max_ptes_shared)
			goto out_unmap;
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
