static void retract_page_tables(struct address_space *mapping, pgoff_t pgoff)
{
	if (!skipped_uffd) {
		mm_dec_nr_ptes(mm);
		pte_free_defer(mm, pmd_pgtable(pgt_pmd));
	}
}
//// becomes
static void retract_page_tables(struct address_space *mapping, pgoff_t pgoff)
{
	if (!skipped_uffd) {
		mm_dec_nr_ptes(mm);
		if (!shpte_free_defer(pmd_pgtable(pgt_pmd)))
			pte_free_defer(mm, pmd_pgtable(pgt_pmd));
	}
}
