// mm/pagewalk: leave a shared pte page before a walk installs entries
//
// Guard regions are markers in empty entries, which a page walk puts there
// under the table's lock.  In a shared table they would be in everybody's
// way.  Leave it, and let the walk begin again with a table of its own: what
// others of the mm's threads fault in meanwhile is looked at again.  Without
// memory for that the walk ends.
//
// In: mm/pagewalk.c
// When: include/uapi/ MADV_GUARD_INSTALL
// Place: walk_pte_range 1
// Adds: shpte_live
// Seen: 7.2 7.3
// Killed by: guard

@install@
identifier fn = walk_pte_range;
typedef pmd_t;
identifier pmd, addr, end, walk, pte, ptl;
symbol err;
@@
 fn(pmd_t *pmd, unsigned long addr, unsigned long end, struct mm_walk *walk)
 {
 <...
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
+	if (pte && walk->ops->install_pte && shpte_live(walk->vma, pmd)) {
+		pte_unmap_unlock(pte, ptl);
+		err = shpte_leave_range(walk->vma, addr, addr + 1, SHPTE_MADVISE);
+		pte = NULL;
+	}
 ...>
 }
