// mm/swapfile: unshare pte pages before swapoff brings their pages back
//
// swapoff puts a page in the place of a swap entry, for one process at a
// time, with that process's count of pages and its write right.  In a table
// that a fork shared it would do that for all.  One that has nothing on that
// device stays shared.
//
// In: mm
// Config: SHPTE_FORK
// Place: unuse_pmd_range 1
// Left: 1 unuse_pte_range(
// Callers: unuse_pte_range unuse_pmd_range
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: forkswap

@unuse@
identifier fn = unuse_pmd_range;
identifier vma, pmd, addr, next, type, ret;
@@
 fn(...)
 {
 <...
+	if (shpte_none_in_swap(vma, pmd, addr, next, type))
+		continue;
+	ret = shpte_leave_range(vma, addr, next, SHPTE_SWAPOFF);
+	if (ret)
+		return ret;
 	ret = unuse_pte_range(vma, pmd, addr, next, type);
 ...>
 }
