// mm/mmap: place shared mappings where their pte pages can be shared
//
// Two processes can share a table when address and file offset agree
// modulo the span of a pte page.  Where the kernel chooses the address, and
// randomises it, they hardly ever would.  Choose one where they do.
//
// In: mm
// Place: __get_unmapped_area 1 always
// Adds: shpte_align_area
// Seen: 6.12 7.2 7.3
// Killed by: attach

@hint@
identifier fn = __get_unmapped_area;
identifier file, addr, len, pgoff, flags, error;
@@
 fn(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff, unsigned long flags, ...)
 {
 ...
 unsigned long error = arch_mmap_check(addr, len, flags);
+	unsigned long hint = addr;
 ...
 }

@align@
identifier hint.fn, hint.file, hint.addr, hint.len, hint.pgoff, hint.flags, get_area;
statement S;
@@
 fn(...)
 {
 <...
 	if (get_area) {
 		addr = get_area(file, addr, len, pgoff, flags);
 	} else S
+	addr = shpte_align_area(file, hint, addr, len, pgoff, flags);
 ...>
 }
