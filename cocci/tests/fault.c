static vm_fault_t __handle_mm_fault(struct vm_area_struct *vma,
		unsigned long address, unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address & PAGE_MASK,
	};

	vmf.pmd = pmd_alloc(mm, vmf.pud, address);
	if (!vmf.pmd)
		return VM_FAULT_OOM;
	if (pmd_none(vmf.orig_pmd))
		goto fallback;
	if (pmd_trans_huge(vmf.orig_pmd))
		return wp_huge_pmd(&vmf);
fallback:
	return handle_pte_fault(&vmf);
}
//// becomes
static vm_fault_t __handle_mm_fault(struct vm_area_struct *vma,
		unsigned long address, unsigned int flags)
{
	struct vm_fault vmf = {
		.vma = vma,
		.address = address & PAGE_MASK,
	};

	vmf.pmd = pmd_alloc(mm, vmf.pud, address);
	if (!vmf.pmd)
		return VM_FAULT_OOM;
	if (pmd_none(vmf.orig_pmd))
		goto fallback;
	if (pmd_trans_huge(vmf.orig_pmd))
		return wp_huge_pmd(&vmf);
fallback:
	if (shpte_fault(&vmf))
		return VM_FAULT_OOM;
	return handle_pte_fault(&vmf);
}
