// mm: soft-dirty bits may be what this CPU has, and not only this kernel
//
// Where they are not, no vma has VM_SOFTDIRTY, and we would take all of
// them for those whose soft-dirty bits are looked at.
//
// When: include/linux/pgtable.h pgtable_supports_soft_dirty
// Files: mm/shpte/shpte.h mm/shpte/leave.c
// Seen: 7.2 7.3

@@
@@
-IS_ENABLED(CONFIG_MEM_SOFT_DIRTY)
+pgtable_supports_soft_dirty()
