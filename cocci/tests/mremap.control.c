unsigned long move_page_tables(struct pagetable_move_control *pmc)
{
	struct mm_struct *mm = pmc->old->vm_mm;

	if (!pmc->len_in)
		return 0;
	try_realign_addr(pmc, PMD_MASK);
	return pmc_progress(pmc);
}
//// becomes
unsigned long move_page_tables(struct pagetable_move_control *pmc)
{
	struct mm_struct *mm = pmc->old->vm_mm;

	if (!pmc->len_in)
		return 0;
	if (shpte_leave_range(pmc->old, pmc->old_addr, pmc->old_end, SHPTE_MREMAP))
		return 0;
	try_realign_addr(pmc, PMD_MASK);
	return pmc_progress(pmc);
}
