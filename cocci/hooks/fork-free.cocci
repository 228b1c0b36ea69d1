// mm/madvise: unshare pte pages before MADV_FREE takes their dirty bits
//
// The pages are given up by one process; to those that a fork shared the
// table with they are as dear as before.
//
// In: mm
// Config: SHPTE_FORK
// Place: madvise_free_single_vma 1 always
// Callers: madvise_free_walk_ops|madvise_free_single_vma madvise_free_single_vma madvise_dontneed_free madvise_vma_behavior
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: forkvma

@free@
identifier fn = madvise_free_single_vma;
identifier vma, range, mm;
expression start, end;
@@
 fn(...)
 {
 <...
 	if (!vma_is_anonymous(vma)) return -EINVAL;
 	... when any
 	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, mm, start, end);
+	if (shpte_leave_range(vma, start, end, SHPTE_MADVISE))
+		return -ENOMEM;
 ...>
 }
