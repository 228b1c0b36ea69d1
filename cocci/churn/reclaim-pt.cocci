// mm: MADV_DONTNEED says that an emptied table may go
//
// It did not fill in zap_details before; truncation is what remains.
//
// When: include/linux/mm.h reclaim_pt
// Files: include/linux/shpte.h
// Seen: 7.2 7.3

@@
identifier details, unmaps;
@@
-!details || unmaps
+!details || unmaps || details->reclaim_pt
