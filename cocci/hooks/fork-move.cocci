// mm/userfaultfd: unshare a pte page before UFFDIO_MOVE takes its pages
//
// A page that is marked exclusive is moved to another address of the same
// process.  In a table that a fork shared the others have it, too.
//
// In: mm
// Config: USERFAULTFD
// When: include/uapi/ UFFDIO_MOVE
// Place: move_pages_pte|move_pages_ptes 1 after 0
// Callers: move_present_pte*|move_swap_pte|move_zeropage_pte move_pages_pte move_pages_ptes
// Adds: shpte_leave_range
// Seen: 6.12 7.2 7.3
// Killed by: forkmove

@move@
identifier fn =~ "^move_pages_ptes?$";
identifier src_vma, src_addr, mm, range;
@@
 fn(..., struct vm_area_struct *src_vma, unsigned long dst_addr, unsigned long src_addr, ...)
 {
 ...
+	if (shpte_leave_range(src_vma, src_addr, src_addr + PAGE_SIZE, SHPTE_UFFD))
+		return -ENOMEM;
 	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, mm, src_addr, ...);
 ...
 }
