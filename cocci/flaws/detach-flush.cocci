// mm/shpte: FLAW: who leaves a table keeps it in his TLB
//
// Killed by: munmap madvise
// Files: mm/shpte/leave.c

@@
expression mm;
@@
 void shpte_detach(...)
 {
 <+...
-flush_tlb_mm(mm);
 ...+>
 }
