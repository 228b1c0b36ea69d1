// mm/memory: a place for a delay between a fault's table and its entry
//
// A fault looks a table up, reads the entry, and takes the lock.  Under
// CONFIG_SHPTE_DEBUG it waits here for as long as a test says, so that
// another thread leaves the table meanwhile; nothing otherwise.
//
// In: mm
// Place: handle_pte_fault 1
// Adds: shpte_fault_window
// Seen: 6.12 7.2 7.3
// Killed by: racefault

@window@
identifier fn = handle_pte_fault;
identifier vmf;
@@
 fn(struct vm_fault *vmf)
 {
 <...
+	shpte_fault_window(vmf);
 	vmf->orig_pte = ptep_get_lockless(vmf->pte);
 ...>
 }
