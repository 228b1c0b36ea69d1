// mm/khugepaged: pages of a pte page that a fork shared are shared
//
// khugepaged looks for small pages that could be a huge one, and wants most
// of them to have one mapping only.  In a table that a fork shared each has
// one, for all sharers.  The collapse would allocate a huge page, unshare
// the table first, find that the pages are shared by now, and give up: a
// table more, for nothing, and in the end every fork's memory would have
// had its turn.
//
// In: mm
// Config: TRANSPARENT_HUGEPAGE
// Place: hpage_collapse_scan_pmd|collapse_scan_pmd|collapse_scan_anon_pmd 1
// Adds: shpte_others
// Seen: 6.12 7.2 7.3
// Killed by: khugepaged

@scan@
identifier fn =~ "^(hpage_)?collapse_scan_(anon_)?pmd$";
identifier mm, vma, pmd, pte, address, ptl;
@@
 fn(..., struct vm_area_struct *vma, unsigned long address, ...)
 {
 <...
 	pte = pte_offset_map_lock(mm, pmd, address, &ptl);
 ...>
 }

@shared@
identifier scan.fn, scan.vma, scan.pmd;
identifier mapped =~ "^folio_(likely|maybe)_mapped_shared$";
identifier folio;
statement S;
@@
 fn(...)
 {
 <...
-	if (mapped(folio))
+	if (mapped(folio) || shpte_others(vma, pmd))
 	S
 ...>
 }

// where a helper judges the entry; it has no pmd, and others call it for a table that is out of its pmd
@judged@
identifier scan.fn, scan.vma, scan.pmd;
identifier verdict, pteval, addr, ctx, result;
@@
 fn(...)
 {
 <...
 	verdict = collapse_check_pte(pteval, addr, &ctx);
 	...
 	if (verdict == PTE_CHECK_FAIL) {
 		result = ctx.result;
 		goto out_unmap;
 	}
 	if (verdict == PTE_CHECK_CONTINUE)
 		continue;
+	if (shpte_others(vma, pmd) && !folio_maybe_mapped_shared(ctx.folio))
+		ctx.shared++;
+	if (ctx.shared > ctx.max_ptes_shared) {
+		result = SCAN_EXCEED_SHARED_PTE;
+		goto out_unmap;
+	}
 ...>
 }
