// mm/gup: pin no page through a pte page that a fork shared
//
// A page in a table that is shared copy-on-write may still be marked
// exclusive, so that the last sharer can go on as if there had been no
// fork. A pin that relied on that would follow the wrong side.  Let the pin
// fault, which makes the table the process's own.  And where the pmds of
// the table are write-protected its entries look as if one could write by
// them.
//
// In: mm
// Config: SHPTE_FORK
// Place: follow_page_pte 1 always
// Left: 1 pte_offset_map_lock(
// Callers: try_grab_folio follow_page_pte follow_huge_pud follow_huge_pmd follow_devmap_pmd get_gate_page
// Callers: try_grab_folio __get_user_pages memfd_pin_folios folio_add_pins
// Adds: shpte_unpinnable
// Seen: 6.12 7.2 7.3
// Killed by: forkpin

@slow@
identifier fn = follow_page_pte;
typedef pmd_t;
identifier vma, address, pmd, flags, ptep, ptl, pte, mm;
@@
 fn(struct vm_area_struct *vma, unsigned long address, pmd_t *pmd, unsigned int flags, ...)
 {
 <...
 	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
 	if (!ptep) return no_page_table(...);
 	pte = ptep_get(ptep);
+	if ((flags & (FOLL_PIN | FOLL_WRITE)) && shpte_unpinnable(*pmd)) {
+		pte_unmap_unlock(ptep, ptl);
+		return NULL;
+	}
 ...>
 }
