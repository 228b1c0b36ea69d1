static long madvise_guard_install(struct vm_area_struct *vma,
				 struct vm_area_struct **prev,
				 unsigned long start, unsigned long end)
{
	long err;

	*prev = vma;
	if (!is_valid_guard_vma(vma, /* allow_locked = */false))
		return -EINVAL;

	err = anon_vma_prepare(vma);
	return err;
}
//// becomes
static long madvise_guard_install(struct vm_area_struct *vma,
				 struct vm_area_struct **prev,
				 unsigned long start, unsigned long end)
{
	long err;

	*prev = vma;
	if (!is_valid_guard_vma(vma, /* allow_locked = */false))
		return -EINVAL;
	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
		return -ENOMEM;

	err = anon_vma_prepare(vma);
	return err;
}
