// mm/memory: a fault looks at the pmd again once it has the pte lock
//
// A fault reads the entry without the lock and compares it when it has that.
// An mm may leave a shared table in between, by another thread's madvise();
// the last sharer may have it as its own then, with a mapping that has less
// rights.  An entry that is the same still is not this mm's to change.
// (arm's adjust_pte() is for caches of before LPAE; s390 and powerpc, which
// have the other three outside of mm/, share no pte pages.)
//
// In: mm
// Place: handle_pte_fault 1 always
// Place: do_numa_page 1 after 0
// Left: 1 spin_lock(
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock handle_pte_fault map_pte filemap_fault_recheck_pte_none copy_pte_range
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock __collapse_huge_page_swapin collapse_pte_mapped_thp
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock try_collapse_pte_mapped_thp zap_pte_table_if_empty try_to_free_pte walk_pte_range
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock move_ptes move_pages_pte move_pages_ptes
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock adjust_pte try_get_locked_pte assert_pte_locked
// Callers: pte_offset_map_nolock|pte_offset_map_rw_nolock gmap_helper_try_set_pte_unused
// Adds: shpte_fault_moved
// Seen: 6.12 7.2 7.3
// Killed by: racefault

@late@
identifier fn = handle_pte_fault;
identifier vmf, entry;
@@
 fn(struct vm_fault *vmf)
 {
 <...
 	spin_lock(vmf->ptl);
+	if (shpte_fault_moved(vmf))
+		goto unlock;
 	entry = vmf->orig_pte;
 ...>
 }

@numa@
identifier fn = do_numa_page;
identifier vmf;
@@
 fn(struct vm_fault *vmf)
 {
 <...
 	spin_lock(vmf->ptl);
+	if (shpte_fault_moved(vmf)) {
+		pte_unmap_unlock(vmf->pte, vmf->ptl);
+		return 0;
+	}
 ...>
 }
