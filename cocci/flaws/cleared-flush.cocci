// mm/shpte: FLAW: what reclaim and migration cut stays in the other sharers' TLBs
//
// Killed by: reclaim migrate
// Files: mm/shpte/leave.c

@@
expression vma, at, end;
@@
 void __shpte_flush_cleared(...)
 {
 <+...
(
-defer(...);
+barrier();
|
-flush_tlb_range(vma, at, end);
+barrier_data(vma);
+barrier_data(&end);
)
 ...+>
 }
