// writes or clears entries
//
// What sets, changes, clears or ages an entry of a page table.  In a shared table that is everybody's entry.

@@
identifier call =~ "^(set_pte|set_ptes|set_pte_at|set_pte_safe|set_pte_at_notify|set_pte_range|set_pte_at_unchecked|pte_clear|pte_clear_not_present_full|clear_not_present_full_ptes|ptep_clear|ptep_clear_flush|ptep_clear_flush_notify|ptep_get_and_clear|ptep_get_and_clear_full|get_and_clear_full_ptes|get_and_clear_ptes|clear_full_ptes|clear_ptes|ptep_set_access_flags|ptep_set_wrprotect|wrprotect_ptes|ptep_modify_prot_start|ptep_modify_prot_commit|modify_prot_start_ptes|modify_prot_commit_ptes|ptep_test_and_clear_young|test_and_clear_young_ptes|ptep_clear_flush_young|clear_flush_young_ptes|ptep_clear_young_notify|ptep_clear_flush_young_notify|clear_flush_young_ptes_notify|test_and_clear_young_ptes_notify|clear_young_dirty_ptes)$";
@@
* call(...)
