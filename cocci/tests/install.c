void pmd_install(struct mm_struct *mm, pmd_t *pmd, pgtable_t *pte)
{
	spinlock_t *ptl = pmd_lock(mm, pmd);

	if (likely(pmd_none(*pmd))) {	/* Has another populated it ? */
		mm_inc_nr_ptes(mm);
		smp_wmb();
		pmd_populate(mm, pmd, *pte);
		*pte = NULL;
	}
	spin_unlock(ptl);
}

/* not a user's table */
int pte_alloc_kernel(pmd_t *pmd, pte_t *new)
{
	smp_wmb();
	pmd_populate_kernel(&init_mm, pmd, new);
	return 0;
}
//// becomes
void pmd_install(struct mm_struct *mm, pmd_t *pmd, pgtable_t *pte)
{
	spinlock_t *ptl = pmd_lock(mm, pmd);

	if (likely(pmd_none(*pmd))) {	/* Has another populated it ? */
		mm_inc_nr_ptes(mm);
		shpte_table_init(*pte);
		smp_wmb();
		pmd_populate(mm, pmd, *pte);
		*pte = NULL;
	}
	spin_unlock(ptl);
}

/* not a user's table */
int pte_alloc_kernel(pmd_t *pmd, pte_t *new)
{
	smp_wmb();
	pmd_populate_kernel(&init_mm, pmd, new);
	return 0;
}
