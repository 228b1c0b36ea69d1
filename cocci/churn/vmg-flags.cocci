// mm/vma: a merge has vm_flags
//
// When: mm/vma.h vm_flags_t vm_flags;
// Replace: #define shpte_vmg_flags(vmg) ((vmg)->flags)
// By: #define shpte_vmg_flags(vmg) ((vmg)->vm_flags)
// Files: include/linux/shpte.h
// Seen: 7.2 7.3
