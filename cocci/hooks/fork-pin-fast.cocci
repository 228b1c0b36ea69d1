// mm/gup: no fast pin through a pte page that a fork shared
//
// As for the slow way, to which this one falls back.  A fork that shares the
// table after this look makes write_protect_seq odd, which gup-fast looks at
// when it is done.  When it only takes a page, not pins it, it looks at the
// pmd again: where that level is folded, which is a copy, look at the table.
//
// In: mm/gup.c
// Config: SHPTE_FORK
// Everywhere: pte_offset_map
// Place: gup_fast_pte_range 1 after 0
// Left: 0 pmd*(pmd
// Left: 0 *(pmd,
// Left: 0 *(*pmdp
// Adds: shpte_unpinnable_fast
// Seen: 6.12 7.2 7.3
// Killed by: forkpin

@fast@
identifier fn = gup_fast_pte_range;
type T;
identifier pmd, pmdp, addr, end, flags, ptep, ptem;
@@
 fn(T pmd, T *pmdp, unsigned long addr, unsigned long end, unsigned int flags, ...)
 {
 <...
+	if (shpte_unpinnable_fast(pmd, flags & (FOLL_PIN | FOLL_WRITE)))
+		return 0;
 	ptem = ptep = pte_offset_map(&pmd, addr);
 ...>
 }

@again@
identifier fn = gup_fast_pte_range;
type T;
identifier pmd, pmdp;
expression now;
@@
 fn(T pmd, T *pmdp, ...)
 {
 <...
(
-	pmd_val(pmd) != pmd_val(now)
+	shpte_pmd_changed(pmd, pmdp)
|
-	!pmd_same(pmd, now)
+	shpte_pmd_changed(pmd, pmdp)
)
 ...>
 }
