static enum scan_result collapse_scan_pmd(struct mm_struct *mm,
		struct vm_area_struct *vma, unsigned long start_addr,
		bool *lock_dropped, struct collapse_control *cc)
{
	pte = pte_offset_map_lock(mm, pmd, start_addr, &ptl);
	if (!pte)
		goto out;
	for (i = 0; i < HPAGE_PMD_NR; i++) {
		pte_check = collapse_check_pte(pteval, addr, &ctx);
		folio = ctx.folio;
		if (pte_check == PTE_CHECK_FAIL) {
			result = ctx.result;
			goto out_unmap;
		}
		if (pte_check == PTE_CHECK_CONTINUE)
			continue;
		node = folio_nid(folio);
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
//// becomes
static enum scan_result collapse_scan_pmd(struct mm_struct *mm,
		struct vm_area_struct *vma, unsigned long start_addr,
		bool *lock_dropped, struct collapse_control *cc)
{
	pte = pte_offset_map_lock(mm, pmd, start_addr, &ptl);
	if (!pte)
		goto out;
	for (i = 0; i < HPAGE_PMD_NR; i++) {
		pte_check = collapse_check_pte(pteval, addr, &ctx);
		folio = ctx.folio;
		if (pte_check == PTE_CHECK_FAIL) {
			result = ctx.result;
			goto out_unmap;
		}
		if (pte_check == PTE_CHECK_CONTINUE)
			continue;
		if (shpte_others(vma, pmd) && !folio_maybe_mapped_shared(ctx.folio))
			ctx.shared++;
		if (ctx.shared > ctx.max_ptes_shared) {
			result = SCAN_EXCEED_SHARED_PTE;
			goto out_unmap;
		}
		node = folio_nid(folio);
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
