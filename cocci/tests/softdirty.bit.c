static ssize_t clear_refs_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	if (type == CLEAR_REFS_SOFT_DIRTY) {
		for_each_vma(vmi, vma) {
			if (!vma_test(vma, VMA_SOFTDIRTY_BIT))
				continue;
			vma_clear_flags(vma, VMA_SOFTDIRTY_BIT);
			vma_set_page_prot(vma);
		}
	}
out_unlock:
	return count;
}
//// becomes
static ssize_t clear_refs_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	if (type == CLEAR_REFS_SOFT_DIRTY) {
		for_each_vma(vmi, vma) {
			if (shpte_untrack(vma)) {
				count = -ENOMEM;
				goto out_unlock;
			}
			if (!vma_test(vma, VMA_SOFTDIRTY_BIT))
				continue;
			vma_clear_flags(vma, VMA_SOFTDIRTY_BIT);
			vma_set_page_prot(vma);
		}
	}
out_unlock:
	return count;
}
