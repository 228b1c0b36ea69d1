// mm: charge every sharer for a page that a fault maps
//
// A page entered into a shared table is mapped in every sharer from that
// moment on.  Charge all of them where the fault charges its own mm, under
// the table's lock, so that RSS stays what /proc says it is and whoever
// leaves can give back exactly what the table holds.
//
// In: mm
// Except: mm/nommu.c
// Place: finish_fault 1 always
// Place: filemap_map_pages 1 after 3
// Then: finish_fault pte_unmap_unlock
// Then: filemap_map_pages pte_unmap_unlock
// Left: 0 *_mm_counter(
// Callers: set_pte_range finish_fault filemap_map_folio_range filemap_map_order0_folio
// Adds: shpte_fault_rss
// Seen: 6.12 7.2 7.3
// Killed by: rss

@finish@
identifier fn = finish_fault;
identifier vma, vmf;
expression type, n;
@@
 fn(struct vm_fault *vmf)
 {
 <...
-	add_mm_counter(vma->vm_mm, type, n);
+	shpte_fault_rss(vmf, type, n);
 ...>
 }

@around@
identifier fn = filemap_map_pages;
identifier vma, vmf;
expression type, n;
@@
 fn(struct vm_fault *vmf, ...)
 {
 <...
-	add_mm_counter(vma->vm_mm, type, n);
+	shpte_fault_rss(vmf, type, n);
 ...>
 }
