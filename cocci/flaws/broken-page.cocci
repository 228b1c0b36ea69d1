// mm/shpte: FLAW: a table with the entry of a page that broke is joined by who never had the page
//
// Config: MEMORY_FAILURE
// Killed by: files
// Files: mm/shpte/core.c

@@
identifier s;
@@
-!shpte_is_poisoned(s)
+!(shpte_is_poisoned(s) && !s)
