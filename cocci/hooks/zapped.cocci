// mm/memory: charge and flush all sharers of a pte page cut in place
//
// Truncation and hole punching reach into mms that are not theirs and may
// not change a pmd there: they cut the entries of a shared table in place.
// The pages then go by an mmu_gather that knows one mm.  So before the
// table's lock is dropped, and before a forced flush lets rmaps and pages
// go, take what was cut from the RSS of every sharer and flush the TLB of
// every sharer.
//
// In: mm
// Place: zap_pte_range 1 always
// Then: zap_pte_range pte_unmap_unlock
// Adds: shpte_zapped
// Seen: 6.12 7.2 7.3
// Killed by: rss

@reclaims@
// a table that can be reclaimed is nobody else's, and may be in the pmd no more
identifier fn = zap_pte_range;
identifier tlb, vma, pmd, mm, rss;
symbol can_reclaim_pt;
@@
 fn(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, ...)
 {
 ...
 bool can_reclaim_pt = ...;
 ...
-	add_mm_rss_vec(mm, rss);
+	if (can_reclaim_pt || !shpte_zapped(tlb, vma, pmd, rss))
+		add_mm_rss_vec(mm, rss);
 ...
 }

@zapped depends on !reclaims@
identifier fn = zap_pte_range;
identifier tlb, vma, pmd, mm, rss;
@@
 fn(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, ...)
 {
 ...
-	add_mm_rss_vec(mm, rss);
+	if (!shpte_zapped(tlb, vma, pmd, rss))
+		add_mm_rss_vec(mm, rss);
 ...
 }
