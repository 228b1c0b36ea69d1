// mm/shpte: FLAW: a table is joined while a walk through the file's mappings is under way
//
// Killed by: races
// Files: mm/shpte/core.c

@@
type T;
expression m;
@@
 T shpte_join(...)
 {
 <+...
(
-i_mmap_lock_write(m);
|
-i_mmap_unlock_write(m);
)
 ...+>
 }
