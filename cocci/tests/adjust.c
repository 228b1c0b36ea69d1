static int vma_shrink(struct vma_iterator *vmi, struct vm_area_struct *vma,
		      unsigned long start, unsigned long end, pgoff_t pgoff)
{
	vma_prepare(&vp);
	vma_adjust_trans_huge(vma, start, end, 0);
	vma_set_range(vma, start, end, pgoff);
	return 0;
}

static int commit_merge(struct vma_merge_struct *vmg, long adj_start)
{
	vma_prepare(&vp);
	vma_adjust_trans_huge(vmg->vma, vmg->start, vmg->end, adj_start);
	vma_set_range(vmg->vma, vmg->start, vmg->end, vmg->pgoff);
	return 0;
}

static int
__split_vma(struct vma_iterator *vmi, struct vm_area_struct *vma,
	    unsigned long addr, int new_below)
{
	struct vm_area_struct *new;

	new = vm_area_dup(vma);
	if (!new)
		return -ENOMEM;
	vma_prepare(&vp);
	vma_adjust_trans_huge(vma, vma->vm_start, addr, 0);
	if (is_vm_hugetlb_page(vma))
		hugetlb_split(vma, addr);
	return 0;
}
//// becomes
static int vma_shrink(struct vma_iterator *vmi, struct vm_area_struct *vma,
		      unsigned long start, unsigned long end, pgoff_t pgoff)
{
	shpte_adjust(vma, start, end, 0);
	vma_prepare(&vp);
	vma_adjust_trans_huge(vma, start, end, 0);
	vma_set_range(vma, start, end, pgoff);
	return 0;
}

static int commit_merge(struct vma_merge_struct *vmg, long adj_start)
{
	shpte_adjust(vmg->vma, vmg->start, vmg->end, adj_start);
	vma_prepare(&vp);
	vma_adjust_trans_huge(vmg->vma, vmg->start, vmg->end, adj_start);
	vma_set_range(vmg->vma, vmg->start, vmg->end, vmg->pgoff);
	return 0;
}

static int
__split_vma(struct vma_iterator *vmi, struct vm_area_struct *vma,
	    unsigned long addr, int new_below)
{
	struct vm_area_struct *new;

	new = vm_area_dup(vma);
	if (!new)
		return -ENOMEM;
	shpte_adjust(vma, vma->vm_start, addr, 0);
	vma_prepare(&vp);
	vma_adjust_trans_huge(vma, vma->vm_start, addr, 0);
	if (is_vm_hugetlb_page(vma))
		hugetlb_split(vma, addr);
	return 0;
}
