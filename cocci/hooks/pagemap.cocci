// fs/proc: a page in a shared pte page is not mapped exclusively
//
// pagemap says of a page whose mapcount is 1 that nobody else maps it.  In a
// shared table that entry is everybody's.
//
// In: fs/proc
// Config: PROC_PAGE_MONITOR
// Place: pagemap_pmd_range 1
// Callers: folio_mapped_*|folio_*_mapped_shared|folio_*mapcount smaps_account smaps_hugetlb_range gather_stats
// Callers: folio_mapped_*|folio_*_mapped_shared|folio_*mapcount kpagecount_read get_kpage_count
// Callers: folio_mapped_*|folio_*_mapped_shared|folio_*mapcount pte_to_pagemap_entry pagemap_pmd_range pagemap_pmd_range_thp pagemap_hugetlb_range
// Callers: folio_mapped_*|folio_*_mapped_shared|folio_*mapcount __folio_page_mapped_exclusively
// Adds: shpte_others
// Seen: 6.12 7.2 7.3
// Killed by: smaps

@pagemap@
identifier fn = pagemap_pmd_range;
typedef pmd_t;
identifier pmd, addr, end, walk, pm, vma, pme;
expression pte;
@@
 fn(pmd_t *pmd, unsigned long addr, unsigned long end, struct mm_walk *walk)
 {
 <...
 	pme = pte_to_pagemap_entry(pm, vma, addr, pte);
+	if (shpte_others(vma, pmd))
+		pme.pme &= ~PM_MMAP_EXCLUSIVE;
 ...>
 }
