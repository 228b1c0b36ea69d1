// fs/proc: count every sharer of a pte page in smaps
//
// smaps divides a page by the number of its mappings, and calls it private
// when there is one.  An entry of a shared table is one mapping for the
// page's mapcount, and as many as the table has sharers for whoever reads
// smaps.  It is one reference, too, and one that is alone says nothing.  So
// is a swapped page's entry for SwapPss.
//
// In: fs/proc
// Config: PROC_PAGE_MONITOR
// Place: smaps_account 0
// Place: smaps_pte_entry 0
// Place: smaps_pmd_entry 0
// Place: smaps_pte_range 1
// Left: 0 folio_*mapcount|folio_*_mapped_shared(
// Left: 0 swp_swapcount(
// Left: 0 folio_ref_count(
// Callers: smaps_account smaps_pte_entry smaps_pmd_entry
// Callers: smaps_pte_entry smaps_pte_range
// Adds: shpte_others
// Seen: 6.12 7.2 7.3
// Killed by: smaps forkswap

@account@
identifier fn = smaps_account;
identifier folio, page, present, exclusive;
@@
 fn(..., bool present
+	, int others
 )
 {
 <+...
(
-	folio_precise_page_mapcount(folio, page)
+	folio_precise_page_mapcount(folio, page) + others
|
-	folio_average_page_mapcount(folio)
+	folio_average_page_mapcount(folio) + others
|
-	exclusive = !folio_maybe_mapped_shared(folio)
+	exclusive = !folio_maybe_mapped_shared(folio) && !others
|
-	folio_ref_count(folio) == 1
+	(folio_ref_count(folio) == 1 && !others)
)
 ...+>
 }

@huge@
identifier fn = smaps_pmd_entry;
expression e;
@@
 fn(...)
 {
 <...
 	smaps_account(..., e
+		, 0
 	);
 ...>
 }

@entry@
identifier fn = smaps_pte_entry;
identifier walk, mapcount;
expression e, entry;
@@
 fn(..., struct mm_walk *walk
+	, int others
 )
 {
 <+...
(
-	mapcount = swp_swapcount(entry);
+	mapcount = swp_swapcount(entry) + others;
|
 	smaps_account(..., e
+		, others
 	);
)
 ...+>
 }

@range@
identifier fn = smaps_pte_range;
typedef pmd_t;
identifier walk, vma, pmd, pte, addr, end;
@@
 fn(pmd_t *pmd, unsigned long addr, unsigned long end, struct mm_walk *walk)
 {
 ...
 struct vm_area_struct *vma = walk->vma;
 <...
-	smaps_pte_entry(pte, addr, walk);
+	smaps_pte_entry(pte, addr, walk, shpte_others(vma, pmd));
 ...>
 }
