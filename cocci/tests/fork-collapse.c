static int collapse_huge_page(struct mm_struct *mm, unsigned long address,
			      int referenced, int unmapped,
			      struct collapse_control *cc)
{
	result = check_pmd_still_valid(mm, address, pmd);
	if (result != SCAN_SUCCEED)
		goto out_up_write;

	vma_start_write(vma);
	anon_vma_lock_write(vma->anon_vma);
	result = SCAN_SUCCEED;
out_up_write:
	mmap_write_unlock(mm);
	return result;
}
//// becomes
static int collapse_huge_page(struct mm_struct *mm, unsigned long address,
			      int referenced, int unmapped,
			      struct collapse_control *cc)
{
	result = check_pmd_still_valid(mm, address, pmd);
	if (result != SCAN_SUCCEED)
		goto out_up_write;

	vma_start_write(vma);
	if (shpte_leave_range(vma, address, address + HPAGE_PMD_SIZE, SHPTE_COLLAPSE)) {
		result = SCAN_FAIL;
		goto out_up_write;
	}
	anon_vma_lock_write(vma->anon_vma);
	result = SCAN_SUCCEED;
out_up_write:
	mmap_write_unlock(mm);
	return result;
}
