static int __collapse_huge_page_swapin(struct mm_struct *mm,
				       struct vm_area_struct *vma,
				       unsigned long haddr, pmd_t *pmd,
				       int referenced)
{
	vm_fault_t ret = 0;
	unsigned long address, end = haddr + (HPAGE_PMD_NR * PAGE_SIZE);
	pte_t *pte = NULL;

	for (address = haddr; address < end; address += PAGE_SIZE) {
		struct vm_fault vmf = {
			.vma = vma,
			.address = address,
			.flags = FAULT_FLAG_ALLOW_RETRY,
			.pmd = pmd,
		};

		ret = do_swap_page(&vmf);
		pte = NULL;
	}
	return SCAN_SUCCEED;
}

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
static int __collapse_huge_page_swapin(struct mm_struct *mm,
				       struct vm_area_struct *vma,
				       unsigned long haddr, pmd_t *pmd,
				       int referenced)
{
	vm_fault_t ret = 0;
	unsigned long address, end = haddr + (HPAGE_PMD_NR * PAGE_SIZE);
	pte_t *pte = NULL;

	if (shpte_leave_range(vma, haddr, end, SHPTE_COLLAPSE)) {
		mmap_read_unlock(mm);
		return SCAN_FAIL;
	}
	for (address = haddr; address < end; address += PAGE_SIZE) {
		struct vm_fault vmf = {
			.vma = vma,
			.address = address,
			.flags = FAULT_FLAG_ALLOW_RETRY,
			.pmd = pmd,
		};

		ret = do_swap_page(&vmf);
		pte = NULL;
	}
	return SCAN_SUCCEED;
}

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
