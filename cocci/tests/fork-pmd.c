static inline int pmd_bad(pmd_t pmd)
{
	return (pmd_flags(pmd) & ~(_PAGE_USER | _PAGE_ACCESSED)) !=
	       (_KERNPG_TABLE & ~_PAGE_ACCESSED);
}
//// becomes
static inline int pmd_bad(pmd_t pmd)
{
	pmdval_t flags = pmd_flags(pmd) | (IS_ENABLED(CONFIG_SHPTE_FORK_PMD) ? _PAGE_RW : 0);

	return (flags & ~(_PAGE_USER | _PAGE_ACCESSED)) !=
	       (_KERNPG_TABLE & ~_PAGE_ACCESSED);
}
