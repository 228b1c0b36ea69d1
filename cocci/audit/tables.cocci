// moves, makes or frees tables
//
// What puts a table into a pmd or takes it out, allocates it or frees it.  A shared table is in several pmds.

@@
identifier call =~ "^(pmd_clear|pmd_populate|pmd_install|set_pmd|set_pmd_at|pmdp_collapse_flush|pmdp_invalidate|pmdp_invalidate_ad|pmdp_huge_get_and_clear|pmdp_huge_get_and_clear_full|pmdp_huge_clear_flush|pmd_clear_bad|pte_alloc_one|pte_free|pte_free_tlb|pte_free_defer|pmd_free_tlb|pgtable_trans_huge_deposit|pgtable_trans_huge_withdraw|tlb_remove_ptdesc|tlb_remove_table|pagetable_free|pmdp_establish|generic_pmdp_establish|set_pmd_safe|set_pud_safe|pudp_set_wrprotect|native_set_pmd|native_pmd_clear|native_pmdp_get_and_clear|pmd_free|pud_clear|pud_populate|set_pud|set_pud_at|pud_free_tlb|pudp_invalidate|pudp_huge_get_and_clear|pudp_huge_get_and_clear_full|pudp_huge_clear_flush)$";
@@
* call(...)
