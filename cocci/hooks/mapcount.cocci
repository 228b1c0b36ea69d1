// mm/rmap: forget which mms have a large folio mapped when none has
//
// A large folio remembers up to two mms and how often each of them maps it.
// An entry of a shared table is entered on behalf of one mm and may be cut on
// behalf of another, so a number may be left over; while the folio is mapped
// that makes it look a bit more shared, or less, than it is, which for pages
// of files is a hint and no more.  But when its last mapping goes, nothing
// may be left.
//
// In: include/linux/rmap.h
// Include: none
// When: mm/Kconfig* config MM_ID
// Config: MM_ID
// Place: folio_sub_return_large_mapcount|folio_sub_large_mapcount 2
// Adds: folio_set_mm_id
// Seen: 7.2 7.3
// Killed by: thp

@mapcount@
identifier fn =~ "^folio_sub_(return_)?large_mapcount$";
identifier folio, new_mapcount_val;
expression diff;
@@
 fn(struct folio *folio, ...)
 {
 <...
 	new_mapcount_val = atomic_read(&folio->_large_mapcount) - diff;
 ...
 out:
+	if (IS_ENABLED(CONFIG_SHPTE) && new_mapcount_val == -1) {
+		folio_set_mm_id(folio, 0, MM_ID_DUMMY);
+		folio_set_mm_id(folio, 1, MM_ID_DUMMY);
+		folio->_mm_id_mapcount[0] = -1;
+		folio->_mm_id_mapcount[1] = -1;
+		folio->_mm_ids &= ~FOLIO_MM_IDS_SHARED_BIT;
+	}
 	folio_unlock_large_mapcount(folio);
 ...>
 }
