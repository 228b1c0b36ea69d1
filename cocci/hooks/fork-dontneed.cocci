// mm/madvise: unshare a pte page before MADV_DONTNEED cuts a part of it
//
// MADV_DONTNEED leaves a table that a fork shared when all of it is to go, as
// munmap does; one that it cuts a part of has to be the process's own.
//
// In: mm
// Config: SHPTE_FORK
// Place: madvise_dontneed_single_vma 1 after 0
// Adds: shpte_cut
// Seen: 6.12 7.2 7.3
// Killed by: forkvma

@dontneed@
identifier fn = madvise_dontneed_single_vma;
identifier vma, start;
identifier end =~ "^end(_addr)?$";
@@
 fn(struct vm_area_struct *vma, unsigned long start, unsigned long end)
 {
+	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
+		return -ENOMEM;
 	zap_page_range_single(vma, start, ...);
 ...
 }

// where the zap is told more
@told@
identifier fn = madvise_dontneed_single_vma;
identifier vma, start, details;
identifier end =~ "^end(_addr)?$";
@@
 fn(..., struct vm_area_struct *vma, unsigned long start, unsigned long end)
 {
 struct zap_details details = { ... };
+	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
+		return -ENOMEM;
 ...
 }

// where the range comes in a struct
@behavior@
identifier fn = madvise_dontneed_single_vma;
identifier madv_behavior, range, details;
@@
 fn(struct madvise_behavior *madv_behavior)
 {
 struct madvise_behavior_range *range = &madv_behavior->range;
 struct zap_details details = { ... };
+	if (shpte_cut(madv_behavior->vma, range->start, range->end, SHPTE_MADVISE))
+		return -ENOMEM;
 ...
 }
