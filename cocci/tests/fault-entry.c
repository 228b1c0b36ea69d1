static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	vmf->orig_pte = ptep_get_lockless(vmf->pte);
	if (!vmf->pte)
		return do_pte_missing(vmf);

	if (!pte_present(vmf->orig_pte))
		return do_swap_page(vmf);

	return 0;
}
//// becomes
static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	vmf->orig_pte = ptep_get_lockless(vmf->pte);
	if (!vmf->pte)
		return do_pte_missing(vmf);

	if (!pte_present(vmf->orig_pte) && shpte_fault_left(vmf)) {
		pte_unmap(vmf->pte);
		return 0;
	}
	if (!pte_present(vmf->orig_pte))
		return do_swap_page(vmf);

	return 0;
}
