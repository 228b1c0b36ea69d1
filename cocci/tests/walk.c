static bool map_pte(struct page_vma_mapped_walk *pvmw, spinlock_t **ptlp)
{
	pvmw->pte = pte_offset_map_nolock(pvmw->vma->vm_mm, pvmw->pmd,
					  pvmw->address, ptlp);
	if (!pvmw->pte)
		return false;
	pvmw->ptl = *ptlp;
	spin_lock(pvmw->ptl);
	return true;
}

bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw)
{
	spinlock_t *ptl;

restart:
	if (!map_pte(pvmw, &ptl)) {
		if (!pvmw->pte)
			goto restart;
	}
	pvmw->pte++;
	if (!pvmw->ptl) {
		pvmw->ptl = ptl;
		spin_lock(pvmw->ptl);
	}
	return check_pte(pvmw);
}
//// becomes
static bool map_pte(struct page_vma_mapped_walk *pvmw, spinlock_t **ptlp)
{
	pvmw->pte = pte_offset_map_nolock(pvmw->vma->vm_mm, pvmw->pmd,
					  pvmw->address, ptlp);
	if (!pvmw->pte)
		return false;
	pvmw->ptl = *ptlp;
	spin_lock(pvmw->ptl);
	if (shpte_pmd_moved(pvmw->vma, pvmw->pmd, pvmw->ptl)) {
		pte_unmap_unlock(pvmw->pte, pvmw->ptl);
		pvmw->ptl = NULL;
		pvmw->pte = NULL;
		return false;
	}
	return true;
}

bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw)
{
	spinlock_t *ptl;

restart:
	if (!map_pte(pvmw, &ptl)) {
		if (!pvmw->pte)
			goto restart;
	}
	pvmw->pte++;
	if (!pvmw->ptl) {
		pvmw->ptl = ptl;
		spin_lock(pvmw->ptl);
		if (shpte_pmd_moved(pvmw->vma, pvmw->pmd, pvmw->ptl)) {
			pte_unmap_unlock(pvmw->pte, pvmw->ptl);
			pvmw->ptl = NULL;
			pvmw->pte = NULL;
			goto restart;
		}
	}
	return check_pte(pvmw);
}
