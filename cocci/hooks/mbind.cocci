// mm/mempolicy: mbind() moves no pages that others have by the same pte page
//
// Without MPOL_MF_MOVE_ALL, which takes a capability, a process moves the
// pages that it alone maps.  A page that is mapped by a shared table has one
// mapping, whoever has the table.
//
// In: mm
// Config: NUMA
// Place: queue_folios_pte_range 1
// Left: 1 migrate_folio_add(
// Adds: shpte_stays
// Seen: 6.12 7.2 7.3
// Killed by: numa

@mbind@
identifier fn = queue_folios_pte_range;
type T;
expression E;
identifier pmd, walk, vma, flags;
@@
 fn(T *pmd, ..., struct mm_walk *walk)
 {
 ...
 struct vm_area_struct *vma = walk->vma;
 ...
 unsigned long flags = E;
 <...
-	!vma_migratable(vma)
+	!vma_migratable(vma) || shpte_stays(vma, pmd, flags & MPOL_MF_MOVE_ALL)
 ...>
 }
