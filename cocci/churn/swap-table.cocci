// mm: a swap count that is full wants a table, in place of a continuation
//
// When: mm/swap.h swap_retry_table_alloc
// Files: mm/shpte/unshare.c
// Seen: 7.2 7.3

@@
@@
 #include "../internal.h"
+#include "../swap.h"

@@
expression entry, gfp;
@@
-add_swap_count_continuation(entry, gfp)
+swap_retry_table_alloc(entry, gfp)
