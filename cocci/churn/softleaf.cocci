// mm: entries that are no pages are softleaf entries
//
// When: include/linux/leafops.h softleaf_is_migration
// Files: mm/shpte/core.c mm/shpte/rss.c mm/shpte/fork.c mm/shpte/unshare.c
// Seen: 7.2 7.3

@@
@@
-#include <linux/swapops.h>
+#include <linux/leafops.h>

@@
expression entry;
@@
(
-is_swap_pte(entry) && is_hwpoison_entry(pte_to_swp_entry(entry))
+softleaf_is_hwpoison(softleaf_from_pte(entry))
|
-is_swap_pte(entry) && is_migration_entry(pte_to_swp_entry(entry))
+softleaf_is_migration(softleaf_from_pte(entry))
|
-is_swap_pte(entry) && !non_swap_entry(pte_to_swp_entry(entry))
+softleaf_is_swap(softleaf_from_pte(entry))
|
-!non_swap_entry(entry)
+softleaf_is_swap(entry)
|
-is_migration_entry(entry)
+softleaf_is_migration(entry)
|
-is_writable_migration_entry(entry)
+softleaf_is_migration_write(entry)
|
-is_readable_migration_entry(entry)
+softleaf_is_migration_read(entry)
|
-pfn_swap_entry_to_page(entry)
+softleaf_to_page(entry)
|
-pte_to_swp_entry(entry)
+softleaf_from_pte(entry)
)
