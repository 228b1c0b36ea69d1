// mm/shpte: FLAW: what was truncated stays in the other sharers' TLBs
//
// Killed by: truncate races
// Files: mm/shpte/leave.c

@@
type T;
struct shpte_sharer *sharer;
@@
 T __shpte_zapped(...)
 {
 <+...
-flush_tlb_mm(sharer->mm);
+(void)sharer;
 ...+>
 }
