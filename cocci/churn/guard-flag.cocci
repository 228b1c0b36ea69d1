// mm/madvise: a flag says which vmas may have guard regions
//
// A guard region is a marker in an entry, and a fork that leaves the
// entries alone would share it: where one side removes it the other would
// lose it as well, and MADV_DONTNEED of all of a table, which keeps
// markers, would leave it.
//
// When: include/linux/mm.h VM_MAYBE_GUARD
// Files: mm/shpte/fork.c
// Replace: 				 VM_SHADOW_STACK | __VM_UFFD_FLAGS;
// By: 				 VM_SHADOW_STACK | __VM_UFFD_FLAGS | VM_MAYBE_GUARD;
// Seen: 7.2 7.3
