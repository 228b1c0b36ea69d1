// mm/rmap: who duplicates a mapping says for which vma
//
// A large folio counts by mm who maps it.
//
// When: include/linux/rmap.h void folio_dup_file_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *
// Files: mm/shpte/unshare.c
// Seen: 7.2 7.3

@@
identifier vma;
expression folio, page;
@@
 shpte_dup_page(struct vm_area_struct *vma, ...)
 {
 <...
 folio_dup_file_rmap_pte(folio, page
+, vma
 )
 ...>
 }
