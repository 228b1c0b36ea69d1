// mm: vma_adjust_trans_huge() gets the next vma, whose start becomes the end
//
// It got the distance by which the next vma's start moves.
//
// When: mm/huge_memory.c vma_adjust_trans_huge(struct vm_area_struct *vma, unsigned long start, unsigned long end, struct vm_area_struct *
// Files: include/linux/shpte.h mm/shpte/leave.c
// Seen: 7.2 7.3

@@
identifier vma, start, end, adjust_next;
@@
 void __shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
-long adjust_next
+struct vm_area_struct *next
 );

@@
identifier vma, start, end, adjust_next;
@@
 __shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
-long adjust_next
+struct vm_area_struct *next
 )
 {
-struct vm_area_struct *next;
 ...
-if (adjust_next > 0) { next = find_vma(vma->vm_mm, vma->vm_end); if (next) shpte_leave_boundary(next, next->vm_start + adjust_next); }
+if (next)
+	shpte_leave_boundary(next, end);
 }

@@
identifier vma, start, end, adjust_next;
@@
 shpte_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
-long adjust_next
+struct vm_area_struct *next
 )
 {
 <...
 __shpte_adjust(vma, start, end,
-adjust_next
+next
 )
 ...>
 }
