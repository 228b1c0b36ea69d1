// moves, makes or frees tables
//
// What puts a table into a pmd or takes it out, allocates it or frees it.  A shared table is in several pmds.

@@
identifier call =~ "^(pmd_clear|pmd_populate|pmd_install|set_pmd|set_pmd_at|pmdp_collapse_flush|pmdp_invalidate|pmdp_invalidate_ad|pmdp_huge_get_and_clear|pmdp_huge_get_and_clear_full|pmdp_huge_clear_flush|pmd_clear_bad|pte_alloc_one|pte_free|pte_free_tlb|pte_free_defer|pmd_free_tlb|pgtable_trans_huge_deposit|pgtable_trans_huge_withdraw|tlb_remove_ptdesc|tlb_remove_table|pagetable_free)$";
@@
* call(...)
