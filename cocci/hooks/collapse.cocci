// mm/khugepaged: leave the shared pte page that a huge page takes the place of
//
// When small pages were collapsed into a huge one, the process that asked
// for it gets it mapped by its pmd: its table is emptied, with a flush of
// its own TLB, and freed.  Others may have that table.  Leave it first; and
// where a thread of ours found or joined another one in the meantime, let
// the collapse fail as it does when entries changed.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: collapse_pte_mapped_thp|try_collapse_pte_mapped_thp 2 always
// Killed by: thp
// Adds: shpte_collapse
// Seen: 6.12 7.2 7.3

@leave@
identifier fn =~ "^(try_)?collapse_pte_mapped_thp$";
identifier mm, addr, how, haddr, pmd, vma, result, folio;
@@
 fn(struct mm_struct *mm, unsigned long addr, bool how)
 {
 ...
 struct vm_area_struct *vma = vma_lookup(mm, haddr);
 ...
 folio = filemap_lock_folio(...);
 ...
+	shpte_collapse(vma, haddr, NULL, NULL);
 result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
 ...
 }

@check@
identifier leave.fn, leave.vma, leave.haddr, leave.pmd;
identifier pml, ptl;
@@
 fn(...)
 {
 <...
 	if (!pml)
 		spin_lock(ptl);
 	else if (ptl != pml)
 		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
+	if (shpte_collapse(vma, haddr, pmd, ptl))
+		goto abort;
 ...>
 }
