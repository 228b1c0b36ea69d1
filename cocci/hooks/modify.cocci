// mm/vma: leave shared pte pages before flags of the vma change
//
// mprotect, mlock, userfaultfd registration, the advice that is kept in
// vm_flags and sealing all prepare the range they are going to change with
// vma_modify().  The flags of one sharer are about to differ from the
// others': leave the tables of the range before it is merged or split.
//
// In: mm
// Except: mm/nommu.c
// Place: vma_modify 1 after 0
// Callers: vma_merge_existing_range vma_modify
// Callers: .vm_page_prot= vma_set_page_prot __mmap_region __mmap_new_vma do_brk_flags __install_special_mapping
// Callers: .vm_page_prot= create_init_stack_vma vm_area_init_from set_vma_from_desc compat_set_vma_from_desc
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* madvise_update_vma mlock_fixup mprotect_fixup set_vma_sealed
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* mseal_apply __mseal_range userfaultfd_set_vm_flags
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* __mmap_region __mmap_new_vma __mmap_complete do_brk_flags vm_area_init_from create_init_stack_vma
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* __install_special_mapping secretmem_mmap dup_mmap move_vma unmap_source_vma dontunmap_complete
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* vma_merge_existing_range vma_expand mlock_vma_pages_range __ksm_add_vma __ksm_del_vma set_vma_from_desc
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* vm_insert_page vm_insert_pages remap_pfn_range_internal remap_pfn_range_prepare_vma
// Callers: vm_flags_[!t]*|__vm_flags*|vma_set_*flag*|vma_flag_set*|vma_clear_*flag*|vma_flags_reset* remap_vmalloc_range_partial check_write_seal memfd_check_seals_mmap madvise_guard_install
// Adds: shpte_modify
// Seen: 6.12 7.2 7.3
// Killed by: mlock forkvma

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
