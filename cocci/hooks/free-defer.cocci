// mm/khugepaged: free a pte page with a sharing record together with it
//
// khugepaged frees the tables that it takes from vmas after a grace period.
// One that was offered for sharing has a record, which goes with it.
//
// In: mm
// Except: mm/pgtable-generic.c
// Config: TRANSPARENT_HUGEPAGE
// Place: retract_page_tables 1
// Place: collapse_pte_mapped_thp|try_collapse_pte_mapped_thp 1
// Callers: pte_free_defer* retract_page_tables collapse_pte_mapped_thp try_collapse_pte_mapped_thp zap_deposited_table
// Killed by: thp
// Adds: shpte_free_defer
// Seen: 6.12 7.2 7.3

@defer@
expression mm, table;
@@
-	pte_free_defer(mm, table);
+	if (!shpte_free_defer(table))
+		pte_free_defer(mm, table);
