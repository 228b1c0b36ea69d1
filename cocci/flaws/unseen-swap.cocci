// mm/shpte: FLAW: swapoff does not know of a child that shares its parent's tables
//
// Killed by: forkswap
// Files: mm/shpte_fork.c

@@
@@
 shpte_fork_give(...)
 {
 <...
-shpte_show_swapoff(mm);
 ...>
 }
