// mm/shpte: FLAW: what a sharer had is not its peak when another one, or leaving, takes it
//
// Killed by: rss
// Files: mm/shpte/rss.c

@@
expression mm;
@@
-update_hiwater_rss(mm);
+barrier();
