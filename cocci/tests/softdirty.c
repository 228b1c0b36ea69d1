static ssize_t clear_refs_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	if (type == CLEAR_REFS_SOFT_DIRTY) {
		for_each_vma(vmi, vma) {
			vm_flags_clear(vma, VM_SOFTDIRTY);
			vma_set_page_prot(vma);
		}
	}
	return count;
}
//// becomes
static ssize_t clear_refs_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	if (type == CLEAR_REFS_SOFT_DIRTY) {
		for_each_vma(vmi, vma) {
			shpte_modify(vma, vma->vm_start, vma->vm_end,
				     vma->vm_flags & ~VM_SOFTDIRTY);
			vm_flags_clear(vma, VM_SOFTDIRTY);
			vma_set_page_prot(vma);
		}
	}
	return count;
}
