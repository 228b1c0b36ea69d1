// mm/migrate: move_pages() moves no pages that others have by the same pte page
//
// As for mbind(): others' pages are moved with MPOL_MF_MOVE_ALL alone, and
// the mapcount of a page in a shared table does not say that others have it.
//
// In: mm
// Config: NUMA
// Place: add_folio_for_migration 1
// Callers: __add_folio_for_migration add_folio_for_migration
// Adds: shpte_stays_at
// Seen: 6.12 7.2 7.3
// Killed by: numa

@found@
identifier fn = add_folio_for_migration;
identifier vma, fw, folio, addr;
@@
 fn(...)
 {
 <+...
 folio = folio_walk_start(&fw, vma, addr, ...);
 ...+>
 }

@move@
identifier fn = add_folio_for_migration;
identifier found.vma, found.fw, found.folio, found.addr;
identifier node, pages, all, err;
@@
 fn(..., int node, struct list_head *pages, bool all)
 {
 <...
-	err = __add_folio_for_migration(folio, node, pages, all);
+	bool stays = fw.level == FW_LEVEL_PTE && shpte_stays_at(vma, addr, all);
+
+	if (stays && folio_nid(folio) != node && !is_zero_folio(folio))
+		err = -EACCES;
+	else
+		err = __add_folio_for_migration(folio, node, pages, all);
 ...>
 }
