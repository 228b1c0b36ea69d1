static inline void zap_deposited_table(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t pgtable;

	pgtable = pgtable_trans_huge_withdraw(mm, pmd);
	pte_free(mm, pgtable);
	mm_dec_nr_ptes(mm);
}

static void other(struct mm_struct *mm, pgtable_t fresh)
{
	pte_free(mm, fresh);
}
//// becomes
static inline void zap_deposited_table(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t pgtable;

	pgtable = pgtable_trans_huge_withdraw(mm, pmd);
	if (!shpte_free_defer(pgtable))
		pte_free(mm, pgtable);
	mm_dec_nr_ptes(mm);
}

static void other(struct mm_struct *mm, pgtable_t fresh)
{
	pte_free(mm, fresh);
}
