// mm/memory: give a child the parent's pte pages
//
// fork() copies the entries of anonymous memory table by table, and the
// copies mostly are thrown away by exec or exit.  Where a vma covers all of
// a table, the child's pmd is pointed at the parent's, copy-on-write.
//
// In: mm
// Config: SHPTE_FORK
// Place: copy_pmd_range 1
// Left: 1 copy_pte_range(
// Callers: copy_pte_range copy_pmd_range
// Adds: shpte_fork
// Seen: 6.12 7.2 7.3
// Killed by: forkcow

@fork@
identifier fn = copy_pmd_range;
identifier dst_vma, src_vma, dst_pmd, src_pmd, addr, next;
@@
 fn(...)
 {
 <...
 	if (pmd_none_or_clear_bad(src_pmd)) continue;
+	if (shpte_fork(dst_vma, src_vma, dst_pmd, src_pmd, addr, next))
+		continue;
 	if (copy_pte_range(dst_vma, src_vma, dst_pmd, src_pmd, addr, next)) return -ENOMEM;
 ...>
 }
