int shrink(struct vma_iterator *vmi, struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct vma_prepare vp;
	int err;

	err = vma_adjust_trans_huge(vma, start, end, NULL);
	if (err)
		return err;

	if (vma_iter_prealloc(vmi, NULL))
		return -ENOMEM;

	vma_start_write(vma);
	init_vma_prep(&vp, vma);
	vma_prepare(&vp);
	vma_iter_clear(vmi);
	return 0;
}
//// becomes
int shrink(struct vma_iterator *vmi, struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct vma_prepare vp;
	int err;

	err = vma_adjust_trans_huge(vma, start, end, NULL);
	if (err)
		return err;

	if (vma_iter_prealloc(vmi, NULL))
		return -ENOMEM;

	vma_start_write(vma);
	init_vma_prep(&vp, vma);
	shpte_adjust(vma, start, end, NULL);
	vma_prepare(&vp);
	vma_iter_clear(vmi);
	return 0;
}
