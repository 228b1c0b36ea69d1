// mm/page_vma_mapped: look at the pmd again once the pte lock is held
//
// The rmap walk finds a table, and then takes its lock.  An mm may leave a
// shared table in between; what the walk's user does next (flush all
// sharers, charge all sharers) needs *pmd to point to the table that it
// locked.  Start over if it is not.
//
// In: mm
// Place: map_pte 1 always
// Place: page_vma_mapped_walk 1
// Unless: map_pte pmd_same
// Unless: page_vma_mapped_walk pmd_same
// Adds: shpte_pmd_moved
// Seen: 6.12
// Not needed: 6.13 7.2 7.3
// Killed by: races

@first@
identifier pvmw, ptlp;
@@
 	pvmw->ptl = *ptlp;
 	spin_lock(pvmw->ptl);
+	if (shpte_pmd_moved(pvmw->vma, pvmw->pmd, pvmw->ptl)) {
+		pte_unmap_unlock(pvmw->pte, pvmw->ptl);
+		pvmw->ptl = NULL;
+		pvmw->pte = NULL;
+		return false;
+	}

@next@
identifier pvmw, ptl;
@@
 	pvmw->ptl = ptl;
 	spin_lock(pvmw->ptl);
+	if (shpte_pmd_moved(pvmw->vma, pvmw->pmd, pvmw->ptl)) {
+		pte_unmap_unlock(pvmw->pte, pvmw->ptl);
+		pvmw->ptl = NULL;
+		pvmw->pte = NULL;
+		goto restart;
+	}
