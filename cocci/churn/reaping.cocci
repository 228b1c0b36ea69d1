// mm: the OOM reaper fills in zap_details
//
// When: include/linux/mm.h bool reaping;
// Files: include/linux/shpte.h
// Seen: 7.2 7.3

@@
identifier details;
@@
-details->reclaim_pt
+details->reclaim_pt || details->reaping
