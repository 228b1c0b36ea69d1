static long madvise_dontneed_single_vma(struct madvise_behavior *madv_behavior)

{
	struct madvise_behavior_range *range = &madv_behavior->range;
	struct zap_details details = {
		.reclaim_pt = true,
	};

	zap_vma_range_batched(madv_behavior->tlb, madv_behavior->vma,
			      range->start, range->end - range->start, &details);
	return 0;
}
//// becomes
static long madvise_dontneed_single_vma(struct madvise_behavior *madv_behavior)

{
	struct madvise_behavior_range *range = &madv_behavior->range;
	struct zap_details details = {
		.reclaim_pt = true,
	};
	if (shpte_cut(madv_behavior->vma, range->start, range->end, SHPTE_MADVISE))
		return -ENOMEM;

	zap_vma_range_batched(madv_behavior->tlb, madv_behavior->vma,
			      range->start, range->end - range->start, &details);
	return 0;
}
