static int madvise_cold_or_pageout_pte_range(pmd_t *pmd,
				unsigned long addr, unsigned long end,
				struct mm_walk *walk)
{
	struct madvise_walk_private *private = walk->private;
	struct vm_area_struct *vma = walk->vma;
	struct folio *folio = NULL;

	if (pmd_trans_huge(*pmd)) {
		folio = pmd_folio(orig_pmd);
		if (folio_likely_mapped_shared(folio))
			goto huge_unlock;
huge_unlock:
		return 0;
	}
	for (; addr < end; pte += nr, addr += nr * PAGE_SIZE) {
		folio = vm_normal_folio(vma, addr, ptent);
		if (!folio || folio_is_zone_device(folio))
			continue;
		if (folio_mapcount(folio) != folio_nr_pages(folio))
			continue;
		folio_deactivate(folio);
	}
	return 0;
}

/* MADV_FREE has a place of its own */
static int madvise_free_pte_range(pmd_t *pmd, unsigned long addr,
				unsigned long end, struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;

	folio = vm_normal_folio(vma, addr, ptent);
	if (!folio || folio_is_zone_device(folio))
		return 0;
	return 0;
}
//// becomes
static int madvise_cold_or_pageout_pte_range(pmd_t *pmd,
				unsigned long addr, unsigned long end,
				struct mm_walk *walk)
{
	struct madvise_walk_private *private = walk->private;
	struct vm_area_struct *vma = walk->vma;
	struct folio *folio = NULL;

	if (pmd_trans_huge(*pmd)) {
		folio = pmd_folio(orig_pmd);
		if (folio_likely_mapped_shared(folio))
			goto huge_unlock;
huge_unlock:
		return 0;
	}
	for (; addr < end; pte += nr, addr += nr * PAGE_SIZE) {
		folio = vm_normal_folio(vma, addr, ptent);
		if (!folio || folio_is_zone_device(folio) || shpte_others(vma, pmd))
			continue;
		if (folio_mapcount(folio) != folio_nr_pages(folio))
			continue;
		folio_deactivate(folio);
	}
	return 0;
}

/* MADV_FREE has a place of its own */
static int madvise_free_pte_range(pmd_t *pmd, unsigned long addr,
				unsigned long end, struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;

	folio = vm_normal_folio(vma, addr, ptent);
	if (!folio || folio_is_zone_device(folio))
		return 0;
	return 0;
}
