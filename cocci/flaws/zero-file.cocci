// mm/shpte: FLAW: a private mapping of /dev/zero is one of a file, of whose pages the file has another copy
//
// Config: MEM_SOFT_DIRTY
// Killed by: softdirty
// Files: include/linux/shpte.h

@@
identifier vma;
@@
-vma->vm_file && !vma_is_anonymous(vma) && !(vma->vm_flags & VM_HUGETLB)
+vma->vm_file && !(vma->vm_flags & VM_HUGETLB)
