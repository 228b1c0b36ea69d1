// mm: entries that are no pages are softleaf entries
//
// When: include/linux/leafops.h softleaf_is_migration
// Files: mm/shpte_leave.c
// Seen: 7.2 7.3

@@
@@
-#include <linux/swapops.h>
+#include <linux/leafops.h>

@@
expression entry;
@@
-is_swap_pte(entry) && is_migration_entry(pte_to_swp_entry(entry))
+softleaf_is_migration(softleaf_from_pte(entry))
