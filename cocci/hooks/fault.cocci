// mm/memory: look for a shared pte page when a fault finds none
//
// This is where sharing begins.  The pmd has been allocated and the kernel
// is about to handle the fault at pte level; when the pmd is none and the
// vma is a shared file mapping that covers the whole pte page, the pmd may
// be pointed at the table that another mapping of the same place uses.  The
// fault then goes on as it would have and finds the page mapped, or maps it
// for all sharers.  Once per table and process, never per fault.
//
// And where sharing ends: a table that a fork shared copy-on-write is copied
// before a fault changes it.
//
// In: mm
// Place: __handle_mm_fault 1 always
// Callers: handle_pte_fault __handle_mm_fault
// Adds: shpte_fault
// Seen: 6.12 7.2 7.3
// Killed by: attach forkcow

@fault@
identifier fn = __handle_mm_fault;
identifier vmf;
@@
 fn(...)
 {
 ...
 struct vm_fault vmf = { ... };
 <...
+	if (shpte_fault(&vmf))
+		return VM_FAULT_OOM;
 	return handle_pte_fault(&vmf);
 ...>
 }
