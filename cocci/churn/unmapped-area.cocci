// mm: a free area is looked for in the caller's own mm
//
// When: include/linux/sched/mm.h mm_get_unmapped_area(struct file
// Files: mm/shpte/core.c
// Seen: 7.2 7.3

@@
expression mm, file, addr, len, pgoff, flags;
@@
-mm_get_unmapped_area(mm, file, addr, len, pgoff, flags)
+mm_get_unmapped_area(file, addr, len, pgoff, flags)
