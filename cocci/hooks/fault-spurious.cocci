// mm/memory: flush the entry of a fault that found nothing to do
//
// Where a fault gives an entry more rights it flushes its own mm.  Another
// sharer's TLB may still have the entry as it was; it faults, and finds the
// entry as it should be.  Some architectures take it that whoever changed an
// entry flushed the whole mm that it belongs to, and do nothing then: the
// fault would come again and again.
//
// In: mm
// Place: handle_pte_fault 1 always
// Adds: shpte_fault_spurious
// Seen: 6.12 7.2 7.3
// Killed by: attach

@spurious@
identifier fn = handle_pte_fault;
identifier vmf, entry;
statement S1, S2;
@@
 fn(struct vm_fault *vmf)
 {
 <...
+	shpte_fault_spurious(vmf, entry);
 	if (ptep_set_access_flags(vmf->vma, vmf->address, vmf->pte, entry, ...)) S1 else S2
 ...>
 }
