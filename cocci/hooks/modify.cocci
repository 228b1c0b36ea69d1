// mm/vma: leave shared pte pages before flags of the vma change
//
// mprotect, mlock, userfaultfd registration, the advice that is kept in
// vm_flags and sealing all prepare the range they are going to change with
// vma_modify().  The flags of one sharer are about to differ from the
// others': leave the tables of the range before it is merged or split.
//
// In: mm
// Place: vma_modify 1
// Adds: shpte_modify
// Seen: 6.12 7.2 7.3
// Killed by: mlock forkcow

@modify@
identifier fn = vma_modify;
identifier vmg, vma, merged;
@@
 fn(struct vma_merge_struct *vmg)
 {
 ...
(
 struct vm_area_struct *vma = vmg->vma;
|
 struct vm_area_struct *vma = vmg->middle;
)
 ...
+	if (shpte_modify(vma, vmg->start, vmg->end, shpte_vmg_flags(vmg)))
+		return ERR_PTR(-ENOMEM);
 	merged = vma_merge_existing_range(vmg);
 ...
 }
