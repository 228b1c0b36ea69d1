// mm/shpte: FLAW: reclaim shows swapoff only the mm by which it came
//
// Killed by: forkswap
// Files: mm/shpte/rss.c

@@
expression mm;
@@
-shpte_show_swapoff(mm);
+barrier();
