// mm/memory: free a pte page that was offered for sharing after a grace period
//
// A lookup in the registry of shared tables finds a record under RCU and
// takes its table's lock; a thread whose process left a table by madvise()
// may still read it through pte_offset_map().  Neither is waited for by the
// TLB flush that precedes the freeing of a page table, so a table that has
// a record is freed by RCU.
//
// In: mm
// Everywhere: pte_free_tlb
// Place: free_pte_range 1 after 0
// Place: * 1
// Adds: shpte_free
// Seen: 6.12 7.2 7.3
// Killed by: exit

@free@
expression tlb, token, addr;
@@
-	pte_free_tlb(tlb, token, addr);
+	if (!shpte_free(tlb, token))
+		pte_free_tlb(tlb, token, addr);
