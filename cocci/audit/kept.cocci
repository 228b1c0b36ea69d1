// keeps an entry, or the place of one, without its lock
//
// Who maps a table without its lock, or compares an entry with one from before, has let go of it in between: the pmd may
// lead to another table by then.

@@
identifier call =~ "^(pte_offset_map|pte_alloc_map|pte_offset_kernel|pte_offset_map_nolock|pte_offset_map_ro_nolock|pte_offset_map_rw_nolock|pte_same|pte_unmap_same|ptep_get_lockless|pmdp_get_lockless|pmd_same)$";
@@
* call(...)
