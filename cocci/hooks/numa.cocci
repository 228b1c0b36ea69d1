// mm/mprotect: no NUMA hints in a shared pte page
//
// NUMA balancing takes the rights from entries to see by which CPU they are
// used, and flushes the caller's TLB.  In a shared table the hint would be
// for all, flushed for one, and say nothing about a single process.  The
// pages of a shared table stay where they are.
//
// In: mm
// Config: NUMA_BALANCING
// Place: change_pte_range 1 after 1
// Killed by: numa
// Adds: shpte_live
// Seen: 6.12 7.2 7.3

@numa@
identifier fn = change_pte_range;
identifier vma, pmd, cp_flags, pte, ptl;
identifier tlb, addr, end, newprot;
expression mm, again;
@@
 fn(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr, unsigned long end,
    pgprot_t newprot, unsigned long cp_flags)
 {
 <...
 	pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
 	if (!pte)
 		return again;
+	if ((cp_flags & MM_CP_PROT_NUMA) && shpte_live(vma, pmd)) {
+		pte_unmap_unlock(pte, ptl);
+		return 0;
+	}
 ...>
 }
