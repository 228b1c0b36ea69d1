// mm/vma: leave a shared pte page before a boundary of the vma cuts it
//
// A table is shared only while one vma covers all of it.  Splitting,
// shrinking and merging move the bounds of vmas at the places where a huge
// page would have to be split, for the same reason: what lies across the
// new boundary belongs to no single vma any more.  MAP_FIXED and munmap
// over a part of a mapping come through here as well.
//
// vma_prepare() ends with flush_dcache_mmap_lock(), which on arm is the page
// cache's lock with interrupts off, and pte locks and flushes come before
// that one.  The vma is locked already, so no fault joins a table again.
//
// In: mm
// Everywhere: vma_adjust_trans_huge
// Place: __split_vma 1 always
// Then: __split_vma vma_prepare
// Place: commit_merge 1 always
// Then: commit_merge vma_prepare
// Then: commit_merge vma_set_range
// Place: vma_shrink 1 always
// Then: vma_shrink vma_prepare
// Callers: vma_set_range|__vma_set_range commit_merge vmg_adjust_set_range vma_shrink copy_vma __mmap_region __mmap_new_vma
// Callers: vma_set_range|__vma_set_range do_brk_flags __install_special_mapping
// Adds: shpte_adjust
// Seen: 6.12 7.2 7.3
// Killed by: munmap

// where it may fail, and comes before anything is prepared: the vma is locked later, so ours stays where it was
@early@
expression prep, vma, start, end, next;
identifier err;
position p;
@@
 	err = vma_adjust_trans_huge@p(vma, start, end, next);
 	if (err) return err;
 	... when any
+	shpte_adjust(vma, start, end, next);
 	vma_prepare(prep);

@prepared@
expression prep, vma, start, end, next;
position p;
@@
 	vma_prepare(prep);
 	vma_adjust_trans_huge@p(vma, start, end, next);

// one that no place is of, which a human is to read
@other@
expression vma, start, end, next;
position p != prepared.p;
@@
 	vma_adjust_trans_huge@p(vma, start, end, next);
+	shpte_adjust(vma, start, end, next);

@adjust@
expression prep, vma, start, end, next;
@@
+	shpte_adjust(vma, start, end, next);
 	vma_prepare(prep);
 	vma_adjust_trans_huge(vma, start, end, next);
