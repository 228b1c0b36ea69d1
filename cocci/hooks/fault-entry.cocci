// mm/memory: a fault looks at the pmd again before it acts on an entry that is no page
//
// A fault reads the entry without the lock, and what is no page is dealt
// with as it was read: a poisoned page or a marker kills, and a swapped
// page is looked for in the swap cache, as one of this vma's, before
// anybody takes a lock.  If the mm has left the shared table in between,
// its last sharer may have put there what only his own mapping may have.
//
// In: mm
// Place: handle_pte_fault 1
// Adds: shpte_fault_left
// Seen: 6.12 7.2 7.3
// Killed by: racefault

@entry@
identifier fn = handle_pte_fault;
identifier vmf;
@@
 fn(struct vm_fault *vmf)
 {
 <...
+	if (!pte_present(vmf->orig_pte) && shpte_fault_left(vmf)) {
+		pte_unmap(vmf->pte);
+		return 0;
+	}
 	if (!pte_present(vmf->orig_pte))
 		return do_swap_page(vmf);
 ...>
 }
