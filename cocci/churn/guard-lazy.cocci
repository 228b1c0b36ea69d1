// mm/madvise: nothing says which vmas have guard regions
//
// A fork has to look at the entries then, and refuses a table that has a
// marker.
//
// When: include/uapi/ MADV_GUARD_INSTALL
// When not: include/linux/mm.h VM_MAYBE_GUARD
// Files: mm/shpte/Kconfig
// Replace: 	def_bool SHPTE_FORK_PMD && !MM_ID
// By: 	bool
