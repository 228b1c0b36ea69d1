// uprobes: leave a shared pte page before a breakpoint goes into it
//
// uprobes put a page of their own, with the breakpoint in it, in the place
// of the file's.  They do so without a fault; the anon_vma has just been
// published.  The walk that comes next finds no entry, and the caller tries
// again with the table that the next access brings.
//
// In: kernel/events
// Config: UPROBES
// Place: uprobe_write_opcode 1 always
// Killed by: uprobes
// Unless: uprobe_write get_user_pages_remote
// Unless: uprobe_write_opcode get_user_pages_remote
// Adds: shpte_leave_range
// Seen: 6.12
// Not needed: 6.16 7.2 7.3

@uprobe@
identifier fn = uprobe_write_opcode;
identifier auprobe, mm, vma, vaddr, opcode, ret;
type T;
statement S;
@@
 fn(struct arch_uprobe *auprobe, struct mm_struct *mm, unsigned long vaddr, T opcode)
 {
 <...
 	ret = anon_vma_prepare(vma);
 	if (ret) S
+	shpte_leave_range(vma, vaddr & PAGE_MASK, (vaddr & PAGE_MASK) + PAGE_SIZE, SHPTE_COW);
 ...>
 }
