// mm: swap counts are taken and given by the name of who may do so
//
// An entry that is none was no error; now -ENOMEM alone says that the count is
// full.
//
// When: include/linux/swap.h swap_dup_entry_direct
// Files: mm/shpte/unshare.c
// Seen: 7.2 7.3

@@
expression entry;
@@
(
-swap_duplicate(entry) < 0
+swap_dup_entry_direct(entry) == -ENOMEM
|
-swap_free(entry)
+swap_put_entries_direct(entry, 1)
)
