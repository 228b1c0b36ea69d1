// mm/shpte: FLAW: the last one that has a table writes to pages that somebody who left has a reference to
//
// Killed by: forkpin
// Files: mm/shpte/unshare.c

@@
identifier folio;
@@
-return folio_test_large(folio) || folio_ref_count(folio) != 1;
+return folio_test_large(folio);
