int uprobe_write_opcode(struct arch_uprobe *auprobe, struct mm_struct *mm,
			unsigned long vaddr, uprobe_opcode_t opcode)
{
	struct vm_area_struct *vma;
	int ret;

retry:
	ret = anon_vma_prepare(vma);
	if (ret)
		goto put_old;
	ret = replace(vma, vaddr);
put_old:
	if (ret == -EAGAIN)
		goto retry;
	return ret;
}
//// becomes
int uprobe_write_opcode(struct arch_uprobe *auprobe, struct mm_struct *mm,
			unsigned long vaddr, uprobe_opcode_t opcode)
{
	struct vm_area_struct *vma;
	int ret;

retry:
	ret = anon_vma_prepare(vma);
	if (ret)
		goto put_old;
	shpte_leave_range(vma, vaddr & PAGE_MASK,
			  (vaddr & PAGE_MASK) + PAGE_SIZE, SHPTE_COW);
	ret = replace(vma, vaddr);
put_old:
	if (ret == -EAGAIN)
		goto retry;
	return ret;
}
