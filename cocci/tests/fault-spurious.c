static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	pte_t entry;

	entry = pte_mkyoung(entry);
	if (ptep_set_access_flags(vmf->vma, vmf->address, vmf->pte, entry,
				vmf->flags & FAULT_FLAG_WRITE)) {
		update_mmu_cache_range(vmf, vmf->vma, vmf->address,
				vmf->pte, 1);
	} else {
		if (vmf->flags & FAULT_FLAG_TRIED)
			goto unlock;
	}
unlock:
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}
//// becomes
static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	pte_t entry;

	entry = pte_mkyoung(entry);
	shpte_fault_spurious(vmf, entry);
	if (ptep_set_access_flags(vmf->vma, vmf->address, vmf->pte, entry,
				vmf->flags & FAULT_FLAG_WRITE)) {
		update_mmu_cache_range(vmf, vmf->vma, vmf->address,
				vmf->pte, 1);
	} else {
		if (vmf->flags & FAULT_FLAG_TRIED)
			goto unlock;
	}
unlock:
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}
