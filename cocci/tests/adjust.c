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
	return 0;
}
//// becomes
static int vma_shrink(struct vma_iterator *vmi, struct vm_area_struct *vma,
		      unsigned long start, unsigned long end, pgoff_t pgoff)
{
	vma_prepare(&vp);
	vma_adjust_trans_huge(vma, start, end, 0);
	shpte_adjust(vma, start, end, 0);
	vma_set_range(vma, start, end, pgoff);
	return 0;
}

static int commit_merge(struct vma_merge_struct *vmg, long adj_start)
{
	vma_prepare(&vp);
	vma_adjust_trans_huge(vmg->vma, vmg->start, vmg->end, adj_start);
	shpte_adjust(vmg->vma, vmg->start, vmg->end, adj_start);
	return 0;
}
