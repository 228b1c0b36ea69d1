// fs/proc: leave shared pte pages when soft-dirty bits begin to be tracked
//
// Clearing the soft-dirty bits takes the write right from a process's
// entries, to see which pages it writes to from then on.  In a shared table
// those are the entries of all.  A vma whose bits were cleared has lost
// VM_SOFTDIRTY, and shares no tables from then on; but one that has lost it
// may have been merged with one that shares.
//
// In: fs/proc
// Config: MEM_SOFT_DIRTY
// Place: clear_refs_write 1
// Callers: clear_refs_walk_ops clear_refs_write
// Killed by: softdirty
// Adds: shpte_untrack
// Seen: 6.12 7.2 7.3

@softdirty@
identifier fn = clear_refs_write;
identifier vma, count;
@@
 fn(..., size_t count, loff_t *ppos)
 {
 <...
+	if (shpte_untrack(vma)) {
+		count = -ENOMEM;
+		goto out_unlock;
+	}
 	if (\(!(vma->vm_flags & VM_SOFTDIRTY)\|!vma_test(vma, VMA_SOFTDIRTY_BIT)\)) continue;
 ...>
 }
