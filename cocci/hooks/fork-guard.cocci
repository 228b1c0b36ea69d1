// mm/madvise: unshare a pte page before guard regions cut a part of it
//
// What is mapped where a guard region comes is cut, as by MADV_DONTNEED,
// and in a table that a fork shared that is more than the process's own.
//
// In: mm
// Config: SHPTE_FORK
// When: include/uapi/ MADV_GUARD_INSTALL
// Place: madvise_guard_install 1 after 1
// Adds: shpte_cut
// Seen: 7.2 7.3
// Killed by: forkvma

@plain@
identifier fn = madvise_guard_install;
identifier vma, prev, start, end;
@@
 fn(struct vm_area_struct *vma, struct vm_area_struct **prev, unsigned long start, unsigned long end)
 {
 ...
 if (!is_valid_guard_vma(vma, ...)) return -EINVAL;
+	if (shpte_cut(vma, start, end, SHPTE_MADVISE))
+		return -ENOMEM;
 ...
 }

// where the range comes in a struct
@install@
identifier fn = madvise_guard_install;
identifier madv_behavior, vma, range;
@@
 fn(struct madvise_behavior *madv_behavior)
 {
 ...
 struct vm_area_struct *vma = madv_behavior->vma;
 struct madvise_behavior_range *range = &madv_behavior->range;
 ...
 if (!is_valid_guard_vma(vma, ...)) return -EINVAL;
+	if (shpte_cut(vma, range->start, range->end, SHPTE_MADVISE))
+		return -ENOMEM;
 ...
 }
