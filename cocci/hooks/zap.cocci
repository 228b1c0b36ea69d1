// mm/memory: leave a shared pte page instead of zapping it
//
// munmap, exit and MADV_DONTNEED cut the entries of the caller's own mm.
// In a shared table those are everybody's entries.  Before the table's
// lock is taken for cutting, an mm that cuts its own range leaves the
// table: its pmd is cleared and nothing is left to zap.  The last sharer
// takes the table off the offer and zaps it as ever.
//
// In: mm
// Place: zap_pte_range 1 after 0
// Left: 1 pte_offset_map_lock(
// Adds: shpte_zap
// Seen: 6.12 7.2 7.3
// Killed by: munmap

@zap@
identifier fn = zap_pte_range;
identifier tlb, vma, pmd, addr, end, details, start_pte, pte, mm, ptl;
@@
 fn(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd,
    unsigned long addr, unsigned long end, struct zap_details *details)
 {
 ...
+	if (shpte_zap(tlb, vma, pmd, addr, end, details))
+		return end;
 	start_pte = pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
 	if (!pte) return addr;
 ...
 }
