static long madvise_dontneed_single_vma(struct vm_area_struct *vma,
					unsigned long start, unsigned long end)
{
	zap_page_range_single(vma, start, end - start, NULL);
	return 0;
}
//// becomes
static long madvise_dontneed_single_vma(struct vm_area_struct *vma,
					unsigned long start, unsigned long end)
{
	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
		return -ENOMEM;
	zap_page_range_single(vma, start, end - start, NULL);
	return 0;
}
