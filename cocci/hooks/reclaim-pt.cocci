// mm/memory: do not take a pte page that others have for an empty one of our own
//
// When MADV_DONTNEED has emptied a whole pte page, the page is taken out of
// its pmd and freed.  A table that is on offer, or that a thread of ours has
// joined since we left the one that was there, is not ours alone.
//
// In: mm
// When: mm/Kconfig* config PT_RECLAIM
// Place: zap_pte_range 1 always
// Place: zap_pte_table_if_empty|try_to_free_pte 1 after 1
// Adds: shpte_offered
// Seen: 7.2 7.3
// Killed by: madvise

@first@
identifier fn = zap_pte_range;
identifier tlb, vma, pmd, addr, end, details, start_pte, pte, mm, ptl;
symbol can_reclaim_pt;
@@
 fn(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
    unsigned long addr, unsigned long end, struct zap_details *details)
 {
 ...
 bool can_reclaim_pt = ...;
 ...
 	start_pte = pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
 	if (!pte) return addr;
+	if (shpte_offered(pmd))
+		can_reclaim_pt = false;
 ...
 }

@again@
identifier fn =~ "^(zap_pte_table_if_empty|try_to_free_pte)$";
typedef pmd_t;
identifier mm, pmd, pml, ptl;
@@
 fn(struct mm_struct *mm, pmd_t *pmd, ...)
 {
 <...
 	if (ptl != pml)
 		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
+	if (shpte_offered(pmd))
+		goto out_ptl;
 ...>
 }
