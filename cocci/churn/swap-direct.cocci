// mm: swap counts are taken and given by the name of who may do so
//
// And a count that is full wants a table, in place of a continuation.
//
// When: include/linux/swap.h swap_dup_entry_direct
// When: mm/swap.h swap_retry_table_alloc
// Files: mm/shpte_unshare.c
// Seen: 7.2 7.3

@@
@@
 #include "internal.h"
+#include "swap.h"

@@
expression entry, gfp;
@@
(
-swap_duplicate(entry)
+swap_dup_entry_direct(entry)
|
-swap_free(entry)
+swap_put_entries_direct(entry, 1)
|
-add_swap_count_continuation(entry, gfp)
+swap_retry_table_alloc(entry, gfp)
)
