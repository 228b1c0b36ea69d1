static struct vm_area_struct *vma_modify(struct vma_merge_struct *vmg)
{
	struct vm_area_struct *vma = vmg->middle;
	unsigned long start = vmg->start;
	unsigned long end = vmg->end;
	struct vm_area_struct *merged;

	merged = vma_merge_existing_range(vmg);
	return merged;
}
//// becomes
static struct vm_area_struct *vma_modify(struct vma_merge_struct *vmg)
{
	struct vm_area_struct *vma = vmg->middle;
	unsigned long start = vmg->start;
	unsigned long end = vmg->end;
	struct vm_area_struct *merged;

	if (shpte_modify(vma, vmg->start, vmg->end, shpte_vmg_flags(vmg)))
		return ERR_PTR(-ENOMEM);
	merged = vma_merge_existing_range(vmg);
	return merged;
}
