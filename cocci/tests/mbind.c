static int queue_folios_pte_range(pmd_t *pmd, unsigned long addr,
			unsigned long end, struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;
	struct folio *folio;
	struct queue_pages *qp = walk->private;
	unsigned long flags = qp->flags;

	for (; addr != end; pte++, addr += PAGE_SIZE) {
		if (!(flags & (MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)) ||
		    !vma_migratable(vma) ||
		    !migrate_folio_add(folio, qp->pagelist, flags)) {
			qp->nr_failed++;
			if (strictly_unmovable(flags))
				break;
		}
	}
	return 0;
}

/* the pages of hugetlb have no pte pages */
static int queue_folios_hugetlb(pte_t *pte, unsigned long hmask, struct mm_walk *walk)
{
	if (!vma_migratable(walk->vma))
		return 0;
	return 0;
}
//// becomes
static int queue_folios_pte_range(pmd_t *pmd, unsigned long addr,
			unsigned long end, struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;
	struct folio *folio;
	struct queue_pages *qp = walk->private;
	unsigned long flags = qp->flags;

	for (; addr != end; pte++, addr += PAGE_SIZE) {
		if (!(flags & (MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)) ||
		    !vma_migratable(vma) || shpte_stays(vma, pmd, flags & MPOL_MF_MOVE_ALL) ||
		    !migrate_folio_add(folio, qp->pagelist, flags)) {
			qp->nr_failed++;
			if (strictly_unmovable(flags))
				break;
		}
	}
	return 0;
}

/* the pages of hugetlb have no pte pages */
static int queue_folios_hugetlb(pte_t *pte, unsigned long hmask, struct mm_walk *walk)
{
	if (!vma_migratable(walk->vma))
		return 0;
	return 0;
}
