// mm/huge_memory: free a laid-by pte page with a sharing record together with it
//
// A table whose last sharer kept it may end as the table that is laid by
// beside an anonymous huge page, when pieces of anonymous memory were mapped
// over all of the file's place and then collapsed.  It goes with its record,
// and after a grace period, as any table that others could have looked up.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: zap_deposited_table 1 after 0
// Killed by: khugepaged
// Adds: shpte_free_defer
// Seen: 6.12 7.2 7.3

@deposited@
identifier fn = zap_deposited_table;
identifier mm, table;
identifier free =~ "^pte_free(_defer)?$";
@@
 fn(struct mm_struct *mm, ...)
 {
 ...
-	free(mm, table);
+	if (!shpte_free_defer(table))
+		free(mm, table);
 ...
 }
