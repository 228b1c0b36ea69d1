// mm/rmap: a flush that is put off has an end
//
// When: mm/rmap.c set_tlb_ubc_flush_pending(struct mm_struct *mm, pte_t pteval, unsigned long start, unsigned long end)
// Replace: typedef void shpte_defer_fn(struct mm_struct *mm, pte_t entry, unsigned long addr);
// By: typedef void shpte_defer_fn(struct mm_struct *mm, pte_t entry, unsigned long at, unsigned long end);
// Files: include/linux/shpte.h mm/shpte/leave.c
// Seen: 7.2 7.3

@@
symbol defer, at, end;
expression mm, entry;
@@
-defer(mm, entry, at)
+defer(mm, entry, at, end)
