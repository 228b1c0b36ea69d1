static long madvise_guard_install(struct madvise_behavior *madv_behavior)
{
	struct vm_area_struct *vma = madv_behavior->vma;
	struct madvise_behavior_range *range = &madv_behavior->range;
	long err;

	if (!is_valid_guard_vma(vma, /* allow_locked = */false))
		return -EINVAL;

	zap_vma_range(vma, range->start, range->end - range->start);
	return err;
}
//// becomes
static long madvise_guard_install(struct madvise_behavior *madv_behavior)
{
	struct vm_area_struct *vma = madv_behavior->vma;
	struct madvise_behavior_range *range = &madv_behavior->range;
	long err;

	if (!is_valid_guard_vma(vma, /* allow_locked = */false))
		return -EINVAL;
	if (shpte_cut(vma, range->start, range->end, SHPTE_MADVISE))
		return -ENOMEM;

	zap_vma_range(vma, range->start, range->end - range->start);
	return err;
}
