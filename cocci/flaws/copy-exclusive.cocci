// mm/shpte: FLAW: a page stays exclusive to one when another gets a copy of the table
//
// Killed by: forkcow
// Files: mm/shpte/unshare.c

@@
expression page;
@@
-if (PageAnonExclusive(page)) ClearPageAnonExclusive(page);
