// mm/shpte: FLAW: what is in swap is the last one's alone, whoever has a reference to the page
//
// Killed by: forkswap
// Files: mm/shpte/unshare.c

@@
identifier pte;
expression mm, addr, ptep;
@@
-if (shpte_share_nonpresent(&pte)) set_pte_at(mm, addr, ptep, pte);
