static void smaps_account(struct mem_size_stats *mss, struct page *page,
		bool compound, bool present)
{
	int i;

	if (folio_ref_count(folio) == 1 || !present) {
		add(mss, 1);
		return;
	}
	for (i = 0; i < nr; i++, page++) {
		int mapcount = folio_precise_page_mapcount(folio, page);

		add(mss, mapcount);
	}
}

static void smaps_pte_entry(pte_t *pte, unsigned long addr,
		struct mm_walk *walk)
{
	if (!present) {
		int mapcount;

		mapcount = swp_swapcount(swpent);
		add(mss, mapcount);
	}
	smaps_account(mss, page, false, present);
}

static void smaps_pmd_entry(pmd_t *pmd, unsigned long addr,
		struct mm_walk *walk)
{
	smaps_account(mss, page, true, present);
}

static int smaps_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end,
			   struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;
	pte_t *pte;

	for (; addr != end; pte++, addr += PAGE_SIZE)
		smaps_pte_entry(pte, addr, walk);
	return 0;
}
//// becomes
static void smaps_account(struct mem_size_stats *mss, struct page *page,
		bool compound, bool present, int others)
{
	int i;

	if ((folio_ref_count(folio) == 1 && !others) || !present) {
		add(mss, 1);
		return;
	}
	for (i = 0; i < nr; i++, page++) {
		int mapcount = folio_precise_page_mapcount(folio, page) + others;

		add(mss, mapcount);
	}
}

static void smaps_pte_entry(pte_t *pte, unsigned long addr,
		struct mm_walk *walk, int others)
{
	if (!present) {
		int mapcount;

		mapcount = swp_swapcount(swpent) + others;
		add(mss, mapcount);
	}
	smaps_account(mss, page, false, present, others);
}

static void smaps_pmd_entry(pmd_t *pmd, unsigned long addr,
		struct mm_walk *walk)
{
	smaps_account(mss, page, true, present, 0);
}

static int smaps_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end,
			   struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;
	pte_t *pte;

	for (; addr != end; pte++, addr += PAGE_SIZE)
		smaps_pte_entry(pte, addr, walk, shpte_others(vma, pmd));
	return 0;
}
