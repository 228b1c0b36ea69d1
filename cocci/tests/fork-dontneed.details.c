static long madvise_dontneed_single_vma(struct madvise_behavior *madv_behavior,
					struct vm_area_struct *vma,
					unsigned long start, unsigned long end)
{
	struct zap_details details = {
		.reclaim_pt = true,
		.even_cows = true,
	};

	zap_page_range_single_batched(
			madv_behavior->tlb, vma, start, end - start, &details);
	return 0;
}
//// becomes
static long madvise_dontneed_single_vma(struct madvise_behavior *madv_behavior,
					struct vm_area_struct *vma,
					unsigned long start, unsigned long end)
{
	struct zap_details details = {
		.reclaim_pt = true,
		.even_cows = true,
	};
	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
		return -ENOMEM;

	zap_page_range_single_batched(
			madv_behavior->tlb, vma, start, end - start, &details);
	return 0;
}
