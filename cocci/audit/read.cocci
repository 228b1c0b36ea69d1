// reads entries under their lock
//
// Who looks at an entry, or at the page that it maps, with the lock of the table held, and acts on what it says.  In a shared
// table that is everybody's entry: it may have got its rights, or its bits, on behalf of another mm, whose TLB alone was flushed,
// and the page's mapcount counts it once.  Found are those who take that lock, or the pmd's, those whom a walk brings to an
// entry with the lock held, and those who are given one and read it, or look up its page.

@@
identifier call =~ "^(pte_offset_map_lock|__pte_offset_map_lock|pte_alloc_map_lock|pte_lockptr|get_locked_pte|__get_locked_pte|pmd_lock|pmd_trans_huge_lock|__pmd_trans_huge_lock|page_vma_mapped_walk|page_mapped_in_vma|folio_walk_start|follow_pte|follow_pfnmap_start|ptep_get|vm_normal_page|vm_normal_folio)$";
@@
* call(...)
