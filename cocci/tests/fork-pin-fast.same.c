static int gup_fast_pte_range(pmd_t pmd, pmd_t *pmdp, unsigned long addr,
		unsigned long end, unsigned int flags, struct page **pages,
		int *nr)
{
	int ret = 0;
	pte_t *ptep, *ptem;

	ptem = ptep = pte_offset_map(&pmd, addr);
	if (!ptep)
		return 0;
	do {
		if (unlikely(!pmd_same(pmd, pmdp_get_lockless(pmdp))) ||
		    unlikely(pte_val(pte) != pte_val(ptep_get(ptep))))
			goto pte_unmap;
	} while (ptep++, addr += PAGE_SIZE, addr != end);
	ret = 1;
pte_unmap:
	pte_unmap(ptem);
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
	do {
		if (unlikely(shpte_pmd_changed(pmd, pmdp)) ||
		    unlikely(pte_val(pte) != pte_val(ptep_get(ptep))))
			goto pte_unmap;
	} while (ptep++, addr += PAGE_SIZE, addr != end);
	ret = 1;
pte_unmap:
	pte_unmap(ptem);
	return ret;
}
