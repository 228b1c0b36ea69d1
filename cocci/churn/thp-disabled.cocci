// mm: vma_thp_disabled() is told whether the collapse is forced
//
// A fault on a huge page that the page cache has says that it is.
//
// When: include/linux/huge_mm.h bool vma_thp_disabled(struct vm_area_struct *vma, vm_flags_t vm_flags, bool forced_collapse)
// Files: mm/shpte/core.c
// Seen: 7.2 7.3

@@
expression vma, flags;
@@
-vma_thp_disabled(vma, flags)
+vma_thp_disabled(vma, flags, true)
