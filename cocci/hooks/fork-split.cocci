// mm/vma: unshare a pte page before a boundary of anonymous memory cuts it
//
// A table that a fork shared belongs to one vma in each of its processes.
// Splitting may fail here, and a copy of the table may as well; later, with
// the locks of the reverse mappings held, neither may.
//
// In: mm
// Config: SHPTE_FORK
// Except: mm/nommu.c
// Place: __split_vma 1 always
// Callers: vm_area_dup __split_vma copy_vma dup_mmap
// Adds: shpte_cut
// Seen: 6.12 7.2 7.3
// Killed by: forkvma

@split@
identifier fn = __split_vma;
identifier vmi, vma, addr, new;
@@
 fn(struct vma_iterator *vmi, struct vm_area_struct *vma, unsigned long addr, ...)
 {
 ...
+	if (shpte_cut(vma, addr, vma->vm_end, SHPTE_SPLIT))
+		return -ENOMEM;
 	new = vm_area_dup(vma);
 	if (!new) return -ENOMEM;
 ...
 }
