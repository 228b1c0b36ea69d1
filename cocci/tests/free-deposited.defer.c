static inline void zap_deposited_table(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t table;

	table = withdraw(mm, pmd);
	pte_free_defer(mm, table);
	mm_dec_nr_ptes(mm);
}
//// becomes
static inline void zap_deposited_table(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t table;

	table = withdraw(mm, pmd);
	if (!shpte_free_defer(table))
		pte_free_defer(mm, table);
	mm_dec_nr_ptes(mm);
}
