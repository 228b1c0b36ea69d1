// mm/shpte: FLAW: a table is joined although the vma got pages of its own meanwhile
//
// Killed by: private
// Files: mm/shpte/core.c

@@
type T;
expression vmf;
@@
 T shpte_may_attach(...)
 {
-return pmd_none(*vmf->pmd) && !vmf->vma->anon_vma;
+return pmd_none(*vmf->pmd);
 }
