static int gup_fast_pte_range(pmd_t pmd, pmd_t *pmdp, unsigned long addr,
		unsigned long end, unsigned int flags, struct page **pages,
		int *nr)
{
	int ret = 0;
	pte_t *ptep, *ptem;

	ptem = ptep = pte_offset_map(&pmd, addr);
	if (!ptep)
		return 0;
	return ret;
}
//// becomes
static int gup_fast_pte_range(pmd_t pmd, pmd_t *pmdp, unsigned long addr,
		unsigned long end, unsigned int flags, struct page **pages,
		int *nr)
{
	int ret = 0;
	pte_t *ptep, *ptem;

	if (shpte_unpinnable_fast(pmd, flags & (FOLL_PIN | FOLL_WRITE)))
		return 0;
	ptem = ptep = pte_offset_map(&pmd, addr);
	if (!ptep)
		return 0;
	return ret;
}
