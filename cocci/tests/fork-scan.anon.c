static enum scan_result collapse_scan_anon_pmd(struct vm_area_struct *vma,
		unsigned long start_addr, struct collapse_control *cc, unsigned long enabled_orders)
{
	pte = pte_offset_map_lock(mm, pmd, start_addr, &ptl);
	if (!pte)
		goto out;
	if (folio_maybe_mapped_shared(folio)) {
		if (++shared > max_ptes_shared)
			goto out_unmap;
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
//// becomes
static enum scan_result collapse_scan_anon_pmd(struct vm_area_struct *vma,
		unsigned long start_addr, struct collapse_control *cc, unsigned long enabled_orders)
{
	pte = pte_offset_map_lock(mm, pmd, start_addr, &ptl);
	if (!pte)
		goto out;
	if (folio_maybe_mapped_shared(folio) || shpte_others(vma, pmd)) {
		if (++shared > max_ptes_shared)
			goto out_unmap;
	}
out_unmap:
	pte_unmap_unlock(pte, ptl);
out:
	return result;
}
